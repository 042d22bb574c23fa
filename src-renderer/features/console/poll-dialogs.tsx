import { useMemo, useState } from 'react';
import { type Poll, pollPeopleMax } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useOfIncident, useSession } from '../../session.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog, useAct } from '../incidents/edit-dialogs.tsx';
import { usePeopleOptions } from '../incidents/people-options.tsx';

type Seconds = '60' | '120' | '300' | '600';
const times: { value: Seconds; label: string }[] = [
  { value: '60', label: t`1 min` },
  { value: '120', label: t`2 min` },
  { value: '300', label: t`5 min` },
  { value: '600', label: t`10 min` },
];

export function PollDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const me = useMe();
  const { uuid } = useSession();
  const can = useCan();
  const act = useAct(onClose);
  const tasks = useOfIncident('task', incident.id);
  const people = usePeopleOptions().filter((person) => person.value !== me.id);
  // Whoever works on it: those with a role and those with an open task.
  const working = useMemo(() => {
    const inRoles = incident.roles.map((slot) => slot.userId);
    const withTasks = tasks.filter((task) => task.doneAt === null).map((task) => task.ownerId);
    return new Set([...inRoles, ...withTasks].filter((id) => id !== null && id !== me.id));
  }, [incident, tasks, me.id]);
  const [question, setQuestion] = useState('');
  const [asked, setAsked] = useState<ReadonlySet<string | null>>(working);
  const [seconds, setSeconds] = useState<Seconds>('120');
  const chosen = people.map((person) => person.value).filter((id) => asked.has(id));
  const toggle = (id: string, on: boolean) => {
    const next = new Set(asked);
    if (on) next.add(id);
    else next.delete(id);
    setAsked(next);
  };
  return (
    <FormDialog
      title={t`Any objection?`}
      saveLabel={t`Open the poll`}
      onClose={onClose}
      valid={question.trim() !== '' && chosen.length <= pollPeopleMax}
      unavailable={can('poll.open', incident)}
      onSave={() =>
        act({
          kind: 'poll.open',
          incidentId: incident.id,
          pollId: uuid(),
          question: question.trim(),
          asked: chosen,
          seconds: Number(seconds),
        })
      }
    >
      <p className="muted">
        {t`It goes ahead unless somebody objects in time. Objections and silence stay on the timeline.`}
      </p>
      <TextField
        label={t`What do you want to do?`}
        value={question}
        onChange={setQuestion}
        autoFocus
        maxLength={300}
        placeholder={t`Fail over to us-1 at 15:10?`}
      />
      <div className="field">
        <span className="label">{t`Closes in`}</span>
        <div className="row">
          <Segmented label={t`Closes in`} options={times} value={seconds} onChange={setSeconds} />
        </div>
      </div>
      <fieldset className="field poll-people">
        <legend className="label">{t`Whose word is waited for (${chosen.length})`}</legend>
        {people.map((person) => (
          <Checkbox key={person.value} isSelected={asked.has(person.value)} onChange={(on) => toggle(person.value, on)}>
            {person.label}
          </Checkbox>
        ))}
      </fieldset>
    </FormDialog>
  );
}

export function ObjectDialog({ incident, poll, onClose }: { incident: Incident; poll: Poll; onClose: () => void }) {
  const me = useMe();
  const can = useCan();
  const act = useAct(onClose);
  const [reason, setReason] = useState(poll.votes.find((vote) => vote.userId === me.id)?.reason ?? '');
  return (
    <FormDialog
      title={t`Object`}
      saveLabel={t`Object`}
      onClose={onClose}
      valid={reason.trim() !== ''}
      unavailable={can('poll.answer')}
      onSave={() =>
        act({
          kind: 'poll.answer',
          incidentId: incident.id,
          pollId: poll.id,
          objects: true,
          reason: reason.trim(),
        })
      }
    >
      <p className="wrap-any">“{poll.question}”</p>
      <TextField
        label={t`Why not, and what instead`}
        value={reason}
        onChange={setReason}
        autoFocus
        rows={3}
        maxLength={1_000}
      />
    </FormDialog>
  );
}
