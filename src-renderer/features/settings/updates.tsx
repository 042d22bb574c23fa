import { useState } from 'react';
import type { Settings } from '#server/contract/settings.ts';
import { type Severity, severities } from '#server/contract/severity.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Mark, severityName } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** How often updates are due, and from when on somebody else has to approve what leaves the center. */
export function UpdateSettings() {
  const asked = useAsked(['settings'], (api) => api.settings.get.query());
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">
          How often each incident owes its readers an update, and who looks at one before it leaves.
        </p>
        <AskedAge asked={asked} />
      </div>
      <AskedBody asked={asked} what="The settings could not be had">
        {(settings) => <Form key={JSON.stringify(settings)} before={settings} onSaved={asked.again} />}
      </AskedBody>
    </>
  );
}

type Typed = Record<Severity, string>;

function Form({ before, onSaved }: { before: Settings; onSaved: () => void }) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const [from, setFrom] = useState<Severity | 'never'>(before.approverFrom ?? 'never');
  const [typed, setTyped] = useState<Typed>(() => asTyped(before.cadenceMinutes));
  const call = useCall((api, change: Pick<Settings, 'approverFrom' | 'cadenceMinutes'>) =>
    api.settings.set.mutate(change),
  );
  const cadence = readTyped(typed);
  const wanted = cadence === null ? null : { approverFrom: from === 'never' ? null : from, cadenceMinutes: cadence };
  const same =
    wanted !== null &&
    JSON.stringify(wanted) ===
      JSON.stringify({ approverFrom: before.approverFrom, cadenceMinutes: readTyped(asTyped(before.cadenceMinutes)) });
  const save = async (): Promise<void> => {
    if (wanted === null || (await call.run(wanted)) === null) return;
    show({ text: 'Saved. It holds for incidents that open, or change their severity, from now on.' });
    onSaved();
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset className="cadence-fields">
        <legend className="label">Minutes between updates</legend>
        {severities.map((severity) => (
          <div key={severity} className="row">
            <Mark kind={severity} />
            <TextField
              label={`Minutes at ${severityName(severity)}`}
              hideLabel
              value={typed[severity]}
              onChange={(value) => setTyped({ ...typed, [severity]: value })}
              inputMode="numeric"
              placeholder="none"
              isDisabled={cannot !== null}
              error={minutesOf(typed[severity]) === undefined ? '1 to 10,080, or empty for none' : null}
            />
          </div>
        ))}
      </fieldset>
      <Select
        label="What leaves the center is approved by somebody else"
        options={[
          { value: 'never', label: 'when its writer asks for it' },
          ...severities.map((severity) => ({
            value: severity,
            label: severity === 'info' ? 'always' : `from ${severityName(severity)} on`,
            mark: <Mark kind={severity} />,
          })),
        ]}
        value={from}
        onChange={setFrom}
        disabled={cannot !== null}
      />
      <Button type="submit" unavailable={cannot} isDisabled={call.busy || wanted === null || same}>
        Save
      </Button>
      {call.failure === null ? null : <Failure what="The settings were not saved" failure={call.failure} />}
    </form>
  );
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
