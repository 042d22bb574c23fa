import type { PagingSettings, VersionedPagingSettings } from '#server/contract/paging-settings.ts';
import type { WatchdogStatus } from '#server/contract/watchdog.ts';
import { useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCanRole, useTable } from '../../session.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { draftOf, formNames, noChannel, readDraft } from './paging-draft.ts';
import { SettingsSave } from './settings-save.tsx';
import { changeOf, useSettingsForm } from './use-settings-form.ts';

/** What an administrator changes is held against what the others changed meanwhile, field by field. */
export function PagingForm({
  latest,
  look,
  onSaved,
}: {
  latest: VersionedPagingSettings;
  look: WatchdogStatus['look'];
  /** Also when it was not: there is something newer to be asked for. */
  onSaved: () => void;
}) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const channels = useTable('channel');
  const { base, draft, setDraft, begin, saved, byOthers } = useSettingsForm(latest, formNames, draftOf);
  const nowWords = useNowWords(latest);
  const call = useCall((api, change: Partial<PagingSettings> & { baseVersion: number }) =>
    api.watchdog.set.mutate(change),
  );
  const parsed = readDraft(draft);
  const wrong = (path: string): boolean =>
    !parsed.success && parsed.error.issues.some((issue) => issue.path.join('.').startsWith(path));
  const save = async (baseVersion: number): Promise<void> => {
    if (!parsed.success) return;
    const settings = await call.run({ ...changeOf(formNames, base, parsed.data), baseVersion });
    if (settings !== null) {
      saved(draft, settings);
      show({ text: t`The settings of paging are saved.` });
    }
    onSaved();
  };
  return (
    <form
      className="stack center-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(base.version);
      }}
    >
      <h3>{t`Dead-man address`}</h3>
      <div className="form-grid">
        <TextField
          label={t`Address called while all is well`}
          value={draft.url}
          onChange={(url) => setDraft({ ...draft, url })}
          error={wrong('deadMan.url') ? t`An address that starts with https:// or http://.` : null}
          help={t`Of a service outside that pages when the calls stop. Empty is none.`}
          isDisabled={cannot !== null}
          spellCheck="false"
        />
        <TextField
          label={t`Every so many seconds`}
          value={draft.interval}
          onChange={(interval) => setDraft({ ...draft, interval })}
          error={wrong('deadMan.intervalSeconds') ? t`From 10 to 3,600.` : null}
          isDisabled={cannot !== null || draft.url.trim() === ''}
          inputMode="numeric"
        />
      </div>
      {base.deadMan === null ? null : <DeadManState look={look} />}
      <h3>{t`When paging itself is stuck`}</h3>
      <div className="center-select">
        <Select
          label={t`Fallback channel`}
          options={[
            { value: noChannel, label: t`None: a stall is only written to the log` },
            ...[...channels.rows.values()]
              .filter(({ enabled, kind }) => enabled && kind !== 'twilio')
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={draft.fallback}
          onChange={(fallback) => setDraft({ ...draft, fallback })}
          disabled={cannot !== null}
        />
      </div>
      <h3>{t`Private addresses that channels may call`}</h3>
      <TokenField
        label={t`Hosts, addresses and ranges`}
        tokens={[...draft.hosts]}
        onChange={(hosts) => setDraft({ ...draft, hosts })}
        suggestions={[]}
        placeholder={t`mail.internal, 10.0.0.0/8`}
        help={t`Nothing private is called unless it stands here: a channel could else be pointed at what only this server can reach.`}
        disabled={cannot !== null}
      />
      <SettingsSave
        call={call}
        idle={!parsed.success}
        byOthers={byOthers.map(({ name, by, at }) => ({ key: name, by, at, now: nowWords[name] }))}
        onDrop={() => begin(latest)}
        onAllTheSame={() => void save(latest.version)}
        look="primary"
      />
    </form>
  );
}

/** As it stands now, in words. */
function useNowWords({ deadMan, fallbackChannelId, allowedPrivateHosts }: VersionedPagingSettings) {
  const channels = useTable('channel');
  return {
    deadMan:
      deadMan === null
        ? t`No dead-man address`
        : t`Dead-man address: ${deadMan.url}, every ${deadMan.intervalSeconds} s`,
    fallbackChannelId:
      fallbackChannelId === null
        ? t`No fallback channel`
        : t`Fallback channel: ${channels.rows.get(fallbackChannelId)?.name ?? t`one that is gone`}`,
    allowedPrivateHosts:
      allowedPrivateHosts.length === 0
        ? t`No private addresses`
        : t`Private addresses: ${allowedPrivateHosts.join(', ')}`,
  };
}

/** How the last heartbeat went: what happened, why, and what to do about it. */
function DeadManState({ look }: { look: WatchdogStatus['look'] }) {
  if (look === null) return null;
  const at = look.deadManAt === null ? null : <Time at={look.deadManAt} seconds zone />;
  const answered =
    at === null ? null : look.deadManError === null ? rich`It answered at ${at}.` : rich`It last answered at ${at}.`;
  if (look.deadManError === null)
    return <p className="small-text muted">{answered ?? t`It has not been called yet.`}</p>;
  return (
    <div role="group" aria-label={t`The last heartbeat`} className="settings-outcome">
      <Icon name="incidents" />
      <span>
        {rich`${<span className="medium">{t`The last heartbeat did not arrive: ${look.deadManError}.`}</span>} Whoever watches from outside hears nothing from this center and may page. Check that the address is still the one that the service gave you, that this server reaches it, and, if it is private, that it is allowed below. It is tried again at the next interval. ${answered}`}
      </span>
    </div>
  );
}
