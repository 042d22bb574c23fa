import { type RefObject, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import { useCan, useFreshness, useOfIncident, useSession, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Flag } from '../../ui/chip.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { useDraft } from './draft.ts';
import { isOpen, updateDue } from './incident-facts.ts';

type Next = '15' | '30' | '60' | 'other';

/** One composer posts a status update to the timeline and says when the next one is due. */
export function UpdateComposer({
  incident,
  inputRef,
}: {
  incident: Incident;
  inputRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const { uuid } = useSession();
  const can = useCan();
  const submit = useSubmit();
  const entries = useOfIncident('timeline', incident.id);
  const [text, setText] = useDraft(`update ${incident.id}`);
  const usual = incident.updateCadenceMinutes ?? updateCadenceMinutes[incident.severity];
  const [next, setNext] = useState<Next | null>(null);
  const [custom, setCustom] = useState('45');
  if (!isOpen(incident)) return null;
  const chosen: Next = next ?? asNext(usual);
  const minutes = chosen === 'other' ? Number(custom) : Number(chosen);
  const valid = Number.isInteger(minutes) && minutes >= 1 && minutes <= 10_080;
  const number = entries.filter((entry) => entry.kind === 'update').length + 1;
  const send = async () => {
    if (text.trim() === '' || !valid) return;
    const submitted = await submit({
      kind: 'incident.post-update',
      incidentId: incident.id,
      entryId: uuid(),
      text: text.trim(),
      nextInMinutes: minutes,
    });
    if (submitted.ok) setText('');
  };
  return (
    <form
      className="panel update-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      }}
    >
      <div className="panel-head">
        <h2>Update {number}</h2>
        <DueWords incident={incident} />
      </div>
      <div className="update-text">
        <TextField
          label={`Text of update ${number}`}
          hideLabel
          rows={3}
          placeholder="What is known, what is being done, who is affected"
          value={text}
          onChange={setText}
          areaRef={inputRef}
        />
      </div>
      <div className="update-foot">
        <span className="small-text muted nowrap">Next in</span>
        <Segmented
          label="Minutes until the next update"
          value={chosen}
          onChange={setNext}
          options={[
            { value: '15', label: '15' },
            { value: '30', label: '30' },
            { value: '60', label: '60' },
            { value: 'other', label: 'other' },
          ]}
        />
        {chosen === 'other' ? (
          <div className="update-minutes">
            <TextField
              label="Minutes"
              hideLabel
              value={custom}
              onChange={setCustom}
              inputMode="numeric"
              error={valid ? null : 'Minutes, 1 to 10,080'}
            />
          </div>
        ) : null}
        <span className="grow" />
        <Button
          type="submit"
          look="primary"
          command="update"
          unavailable={can('incident.post-update', incident)}
          isDisabled={text.trim() === '' || !valid}
        >
          Send
        </Button>
      </div>
    </form>
  );
}

function asNext(minutes: number | null): Next {
  if (minutes === 15 || minutes === 60) return minutes === 15 ? '15' : '60';
  return '30';
}

function DueWords({ incident }: { incident: Incident }) {
  const now = useServerNow();
  const { state } = useFreshness();
  const due = updateDue(incident, now);
  if ((state === 'stale' || state === 'offline') && incident.nextUpdateDueAt !== null) {
    return (
      <span className="count">
        due <Time at={incident.nextUpdateDueAt} zone />, as last heard
      </span>
    );
  }
  if (due.kind === 'overdue') return <Flag severity={incident.severity}>Overdue {duration(due.byMs)}</Flag>;
  if (due.kind === 'none' || incident.nextUpdateDueAt === null) return <span className="count">no time set</span>;
  return (
    <span className="count">
      due in {duration(due.leftMs)}, <Time at={incident.nextUpdateDueAt} zone />
    </span>
  );
}
