import type { Settings, VersionedSettings } from '#server/contract/settings.ts';
import { type Severity, severities } from '#server/contract/severity.ts';
import { AskedAge, AskedBody, useAsked, useCall } from '../../api/asked.tsx';
import { capital, t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Mark, severityName } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { askSettings } from './ask-settings.ts';
import { SettingsSave } from './settings-save.tsx';
import { changeOf, useSettingsForm } from './use-settings-form.ts';

const formNames = ['approverFrom', 'cadenceMinutes'] as const;
type Wanted = Pick<Settings, (typeof formNames)[number]>;

/** How often updates are due, and from when on somebody else has to approve what leaves the center. */
export function UpdateSettings() {
  const asked = useAsked(['settings'], askSettings);
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">
          {t`How often each incident owes its readers an update, and who looks at one before it leaves.`}
        </p>
        <AskedAge asked={asked} />
      </div>
      <AskedBody asked={asked} what={t`The settings could not be had`}>
        {(settings) => <Form latest={settings} onSaved={asked.again} />}
      </AskedBody>
    </>
  );
}

type Typed = Record<Severity, string>;

/** `onSaved`: also when it was not, for there is something newer to be asked for. */
function Form({ latest, onSaved }: { latest: VersionedSettings; onSaved: () => void }) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const { base, draft, setDraft, begin, saved, byOthers } = useSettingsForm(latest, formNames, draftOf);
  const { from, typed } = draft;
  const call = useCall((api, change: Partial<Wanted> & { baseVersion: number }) => api.settings.set.mutate(change));
  const cadence = readTyped(typed);
  const wanted = cadence === null ? null : { approverFrom: from === 'never' ? null : from, cadenceMinutes: cadence };
  const change = wanted === null ? {} : changeOf(formNames, base, wanted);
  const save = async (baseVersion: number): Promise<void> => {
    const settings = await call.run({ ...change, baseVersion });
    if (settings !== null) {
      saved(draft, settings);
      show({ text: t`Saved. It holds for incidents that open, or change their severity, from now on.` });
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
      <fieldset className="cadence-fields">
        <legend className="label">{t`Minutes between updates`}</legend>
        {severities.map((severity) => (
          <div key={severity} className="row">
            <Mark kind={severity} />
            <TextField
              label={t`Minutes at ${severityName(severity)}`}
              hideLabel
              value={typed[severity]}
              onChange={(value) => setDraft({ ...draft, typed: { ...typed, [severity]: value } })}
              inputMode="numeric"
              placeholder={t`none`}
              isDisabled={cannot !== null}
              error={minutesOf(typed[severity]) === undefined ? t`1 to 10,080, or empty for none` : null}
            />
          </div>
        ))}
      </fieldset>
      <Select
        label={t`What leaves the center is approved by somebody else`}
        options={[
          { value: 'never' as const, label: capital(approvalWords('never')) },
          ...severities.map((severity) => ({
            value: severity,
            label: capital(approvalWords(severity)),
            mark: <Mark kind={severity} />,
          })),
        ]}
        value={from}
        onChange={(next) => setDraft({ ...draft, from: next })}
        disabled={cannot !== null}
      />
      <SettingsSave
        call={call}
        idle={Object.keys(change).length === 0}
        byOthers={byOthers.map(({ name, by, at }) => ({ key: name, by, at, now: nowWords(latest)[name] }))}
        onDrop={() => begin(latest)}
        onAllTheSame={() => void save(latest.version)}
      />
    </form>
  );
}

function draftOf({ approverFrom, cadenceMinutes }: Wanted): { from: Severity | 'never'; typed: Typed } {
  return { from: approverFrom ?? 'never', typed: asTyped(cadenceMinutes) };
}

function approvalWords(from: Severity | 'never'): string {
  if (from === 'never') return t`when its writer asks for it`;
  return from === 'info' ? t`always` : t`from ${severityName(from)} on`;
}

function nowWords({ approverFrom, cadenceMinutes }: Wanted) {
  const each = severities.map((severity) => {
    const minutes = cadenceMinutes[severity];
    return minutes === null ? t`none at ${severityName(severity)}` : t`${minutes} min at ${severityName(severity)}`;
  });
  return {
    approverFrom: t`Approved by somebody else ${approvalWords(approverFrom ?? 'never')}`,
    cadenceMinutes: t`Between updates: ${each.join(', ')}`,
  };
}

function asTyped(cadence: Settings['cadenceMinutes']): Typed {
  const words = (severity: Severity): string => String(cadence[severity] ?? '');
  return { sev1: words('sev1'), sev2: words('sev2'), sev3: words('sev3'), info: words('info') };
}

/** Null is none; undefined is no number of minutes. */
function minutesOf(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const minutes = Number(text);
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= 10_080 ? minutes : undefined;
}

function readTyped(typed: Typed): Settings['cadenceMinutes'] | null {
  const [sev1, sev2, sev3, info] = severities.map((severity) => minutesOf(typed[severity]));
  if (sev1 === undefined || sev2 === undefined || sev3 === undefined || info === undefined) return null;
  return { sev1, sev2, sev3, info };
}
