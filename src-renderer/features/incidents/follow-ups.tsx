import type { FollowUp } from '#server/contract/postmortem.ts';
import { t } from '../../language/words.ts';
import { serverNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { isOverdue } from '../reviews/review-facts.ts';
import { usePeopleOptions } from './people-options.tsx';

const nobody = 'nobody';
const dayMs = 86_400_000;
const dues = [
  { value: 'none', label: t`No date` },
  { value: '7', label: t`In a week` },
  { value: '14', label: t`In two weeks` },
  { value: '30', label: t`In a month` },
] as const;

interface FollowUpsProps {
  list: readonly FollowUp[];
  onChange: (list: FollowUp[]) => void;
  newId: () => string;
}

/** What is to be done so that it does not happen again: an owner each, and a day. */
export function FollowUps({ list, onChange, newId }: FollowUpsProps) {
  const people = usePeopleOptions();
  const owners = [...people, { value: nobody, label: t`Nobody yet` }];
  const change = (id: string, part: Partial<FollowUp>) =>
    onChange(list.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const add = () => onChange([...list, { id: newId(), title: '', ownerId: null, dueAt: null, doneAt: null }]);
  return (
    <section>
      <div className="section-head">
        <h2>{t`Follow-ups`}</h2>
        <span className="count">
          {list.length === 0 ? '' : t`${list.filter((each) => each.doneAt !== null).length} of ${list.length} done`}
        </span>
        <span className="grow" />
        <Button compact icon="plus" onPress={add}>
          {t`Add`}
        </Button>
      </div>
      {list.length === 0 ? (
        <p className="muted small-text">{t`None yet. Open tasks of the incident become follow-ups when it closes.`}</p>
      ) : null}
      {list.map((each) => (
        <div key={each.id} className="follow-up">
          <Checkbox
            aria-label={t`Done: ${each.title}`}
            isSelected={each.doneAt !== null}
            onChange={(on) => change(each.id, { doneAt: on ? new Date(serverNow()).toISOString() : null })}
          />
          <TextField
            label={t`Follow-up`}
            hideLabel
            placeholder={t`What is to be done`}
            value={each.title}
            onChange={(title) => change(each.id, { title })}
            maxLength={300}
          />
          <Select
            label={t`Owner`}
            hideLabel
            options={owners}
            value={each.ownerId ?? nobody}
            onChange={(owner) => change(each.id, { ownerId: owner === nobody ? null : owner })}
          />
          <Select
            label={t`Due`}
            hideLabel
            options={each.dueAt === null ? dues : [{ value: 'keep', label: dueWords(each) }, ...dues]}
            value={each.dueAt === null ? 'none' : 'keep'}
            onChange={(due) => {
              if (due !== 'keep')
                change(each.id, {
                  dueAt: due === 'none' ? null : new Date(serverNow() + Number(due) * dayMs).toISOString(),
                });
            }}
          />
          <Button
            look="ghost"
            icon="trash"
            aria-label={t`Remove ${each.title}`}
            onPress={() => onChange(list.filter((other) => other.id !== each.id))}
          />
        </div>
      ))}
    </section>
  );
}

function dueWords(followUp: FollowUp): string {
  const day = followUp.dueAt?.slice(0, 10) ?? '';
  return isOverdue(followUp, serverNow()) ? t`late, ${day}` : day;
}
