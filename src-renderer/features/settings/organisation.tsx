import type { VersionedSettings } from '#server/contract/settings.ts';
import { AskedAge, AskedBody, useAsked, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { askSettings } from './ask-settings.ts';
import { SettingsSave } from './settings-save.tsx';
import { useSettingsForm } from './use-settings-form.ts';

const formNames = ['organisationName'] as const;
const nameIn = (settings: VersionedSettings): string => settings.organisationName;

export function Organisation() {
  const asked = useAsked(['settings'], askSettings);
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">{t`One organisation per server. Its name stands in the top bar.`}</p>
        <AskedAge asked={asked} />
      </div>
      <AskedBody asked={asked} what={t`The settings could not be had`}>
        {(settings) => <NameForm latest={settings} onSaved={asked.again} />}
      </AskedBody>
    </>
  );
}

/** `onSaved`: also when it was not, for there is something newer to be asked for. */
function NameForm({ latest, onSaved }: { latest: VersionedSettings; onSaved: () => void }) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const { base, draft: name, setDraft: setName, begin, saved, byOthers } = useSettingsForm(latest, formNames, nameIn);
  const call = useCall((api, change: { organisationName: string; baseVersion: number }) =>
    api.settings.set.mutate(change),
  );
  const save = async (baseVersion: number): Promise<void> => {
    const settings = await call.run({ organisationName: name.trim(), baseVersion });
    if (settings !== null) {
      saved(name, settings);
      show({ text: t`Saved. Everyone sees the new name when the client starts next.` });
    }
    onSaved();
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(base.version);
      }}
    >
      <TextField
        label={t`Name`}
        value={name}
        onChange={setName}
        maxLength={100}
        isDisabled={cannot !== null}
        placeholder={t`the server's address`}
        help={cannot ?? t`Empty shows the address instead.`}
      />
      <SettingsSave
        call={call}
        idle={name.trim() === base.organisationName}
        byOthers={byOthers.map(({ by, at }) => ({ key: 'name', by, at, now: latest.organisationName || t`no name` }))}
        onDrop={() => begin(latest)}
        onAllTheSame={() => void save(latest.version)}
      />
    </form>
  );
}
