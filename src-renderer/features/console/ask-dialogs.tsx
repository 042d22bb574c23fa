import { useState } from 'react';
import type { Ask, AskOutcome } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t, term } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useSession } from '../../session.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog, useAct } from '../incidents/edit-dialogs.tsx';
import { usePeopleOptions } from '../incidents/people-options.tsx';

type Minutes = '5' | '10' | '15' | '30' | 'other';
const minuteOptions = (['5', '10', '15', '30', 'other'] as const).map((value) => ({ value, label: term(value) }));

export function AskDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const { uuid } = useSession();
  const can = useCan();
  const act = useAct(onClose);
  const people = usePeopleOptions();
  const [text, setText] = useState('');
  const [ownerId, setOwner] = useState<string | null>(null);
  const time = useMinutes('10');
  return (
    <FormDialog
      title={t`Ask somebody, with a time`}
      saveLabel={t`Ask`}
      onClose={onClose}
      valid={text.trim() !== '' && ownerId !== null && time.minutes !== null}
      unavailable={can('ask.add', incident)}
      onSave={() => {
        const { minutes } = time;
        if (ownerId === null || minutes === null) return;
        act({ kind: 'ask.add', incidentId: incident.id, askId: uuid(), ownerId, text: text.trim(), minutes });
      }}
    >
      <TextField
        label={t`What do you need to know, or to be done?`}
        value={text}
        onChange={setText}
        autoFocus
        maxLength={300}
        placeholder={t`Is the connection pool full?`}
      />
      <Select
        label={t`Of whom`}
        options={people}
        value={ownerId}
        onChange={setOwner}
        placeholder={t`Pick one person`}
      />
      <MinutesField label={t`Minutes they have`} {...time} />
    </FormDialog>
  );
}

const outcomes: { value: AskOutcome; label: string }[] = [
  { value: 'answered', label: t`Here is the answer` },
  { value: 'done', label: t`Done` },
  { value: 'cannot', label: t`I cannot` },
];

export function AnswerDialog({ incident, ask, onClose }: { incident: Incident; ask: Ask; onClose: () => void }) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const act = useAct(onClose);
  const [outcome, setOutcome] = useState<AskOutcome>('answered');
  const [text, setText] = useState('');
  const mine = ask.ownerId === me.id;
  // An answer without words says nothing; "done" says it all.
  const valid = outcome === 'done' || text.trim() !== '';
  return (
    <FormDialog
      title={mine ? t`Answer` : t`Answer for ${nameOf(ask.ownerId)}`}
      saveLabel={t`Answer`}
      onClose={onClose}
      valid={valid}
      unavailable={can('ask.answer')}
      onSave={() => {
        const words = text.trim() === '' ? null : text.trim();
        act({ kind: 'ask.answer', incidentId: incident.id, askId: ask.id, outcome, text: words });
      }}
    >
      <p className="wrap-any">{t`${nameOf(ask.askedBy)} asked: “${ask.text}”`}</p>
      <div className="row">
        <Segmented label={t`Outcome`} options={outcomes} value={outcome} onChange={setOutcome} />
      </div>
      <TextField
        label={
          outcome === 'cannot' ? t`Why not, and who could` : outcome === 'done' ? t`Anything to add` : t`The answer`
        }
        value={text}
        onChange={setText}
        autoFocus
        rows={3}
        maxLength={1_000}
      />
    </FormDialog>
  );
}

export function ReassignDialog({ incident, ask, onClose }: { incident: Incident; ask: Ask; onClose: () => void }) {
  const can = useCan();
  const act = useAct(onClose);
  const people = usePeopleOptions();
  const [ownerId, setOwner] = useState(ask.ownerId);
  const time = useMinutes('5');
  return (
    <FormDialog
      title={t`Ask somebody else, or give more time`}
      saveLabel={ownerId === ask.ownerId ? t`Give more time` : t`Ask`}
      onClose={onClose}
      valid={time.minutes !== null}
      unavailable={can('ask.reassign', incident)}
      onSave={() => {
        if (time.minutes === null) return;
        act({ kind: 'ask.reassign', incidentId: incident.id, askId: ask.id, ownerId, minutes: time.minutes });
      }}
    >
      <p className="wrap-any">“{ask.text}”</p>
      <Select label={t`Of whom`} options={people} value={ownerId} onChange={setOwner} />
      <MinutesField label={t`Minutes from now`} {...time} />
    </FormDialog>
  );
}

interface MinutesState {
  chosen: Minutes;
  choose: (value: Minutes) => void;
  custom: string;
  setCustom: (text: string) => void;
  /** Null while what is written is no number of minutes. */
  minutes: number | null;
}

function useMinutes(usual: Minutes): MinutesState {
  const [chosen, choose] = useState<Minutes>(usual);
  const [custom, setCustom] = useState('20');
  const number = Number(chosen === 'other' ? custom : chosen);
  const minutes = Number.isInteger(number) && number >= 1 && number <= 240 ? number : null;
  return { chosen, choose, custom, setCustom, minutes };
}

function MinutesField({ label, chosen, choose, custom, setCustom, minutes }: MinutesState & { label: string }) {
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="row">
        <Segmented label={label} value={chosen} onChange={choose} options={minuteOptions} />
        {chosen === 'other' ? (
          <div className="ask-minutes">
            <TextField
              label={t`Minutes`}
              hideLabel
              value={custom}
              onChange={setCustom}
              inputMode="numeric"
              error={minutes === null ? t`Minutes, 1 to 240` : null}
            />
          </div>
        ) : null}
      </div>
    </div>
  );
}
