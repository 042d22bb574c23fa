import type { Poll } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { useCan, useMe, useNameOf, useQueued, useSubmit } from '../../session.tsx';
import { duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { commanderOf } from '../incidents/incident-facts.ts';
import type { RoomDialog } from '../incidents/room-dialogs.tsx';
import { pollCounts, pollOutcomeWords } from './console-facts.ts';

interface PollCardProps {
  poll: Poll;
  incident: Incident;
  now: number;
  /** False with old data. */
  known: boolean;
  onDialog: (dialog: RoomDialog) => void;
}

/** The question, who objects and why, who has not spoken. Objections stay in sight also when the plan went ahead. */
export function PollCard({ poll, incident, now, known, onDialog }: PollCardProps) {
  const nameOf = useNameOf();
  const queued = useQueued('poll', poll.id);
  const { agreed, silent } = pollCounts(poll);
  const objections = poll.votes.filter((vote) => vote.objects);
  return (
    <div className={poll.outcome === null ? 'poll-card' : 'poll-card ended'}>
      <div className="row">
        <span className="grow wrap-any">
          <span className="muted">Any objection?</span> <b>{poll.question}</b> {queued ? <Queued /> : null}
        </span>
        <span className="small-text nowrap tabular">
          <PollTime poll={poll} now={now} known={known} />
        </span>
        <PollMenu poll={poll} incident={incident} />
      </div>
      {objections.map((vote) => (
        <p key={vote.userId} className="poll-objection wrap-any">
          <b>{nameOf(vote.userId)} objects:</b> {vote.reason}
        </p>
      ))}
      <div className="row">
        <span className="small-text muted grow wrap-any">
          {agreed} without objection
          {silent.length === 0 ? '' : `; no word from ${silent.map(nameOf).join(', ')}`}
        </span>
        {poll.outcome === null ? <MyWord poll={poll} incident={incident} onDialog={onDialog} /> : null}
      </div>
    </div>
  );
}

function PollTime({ poll, now, known }: Pick<PollCardProps, 'poll' | 'now' | 'known'>) {
  if (poll.outcome !== null) {
    return (
      <span className="muted">
        {pollOutcomeWords[poll.outcome]} <Time at={poll.closedAt ?? poll.closesAt} />
      </span>
    );
  }
  const leftMs = Date.parse(poll.closesAt) - now;
  if (!known) {
    return (
      <span className="muted">
        closes <Time at={poll.closesAt} />
      </span>
    );
  }
  return <b>{leftMs > 0 ? duration(leftMs) : 'closing'}</b>;
}

function MyWord({ poll, incident, onDialog }: Pick<PollCardProps, 'poll' | 'incident' | 'onDialog'>) {
  const me = useMe();
  const can = useCan();
  const submit = useSubmit();
  const mine = poll.votes.find((vote) => vote.userId === me.id);
  const act = { kind: 'poll.answer', incidentId: incident.id, pollId: poll.id } as const;
  return (
    <span className="row">
      <Button compact unavailable={can('poll.answer')} onPress={() => onDialog({ kind: 'object', poll })}>
        {mine?.objects === true ? 'Change' : 'Object…'}
      </Button>
      {mine?.objects === false ? null : (
        <Button
          compact
          unavailable={can('poll.answer')}
          onPress={() => void submit({ ...act, objects: false, reason: null })}
        >
          {mine === undefined ? 'No objection' : 'Withdraw objection'}
        </Button>
      )}
    </span>
  );
}

function PollMenu({ poll, incident }: Pick<PollCardProps, 'poll' | 'incident'>) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  if (poll.outcome !== null) return null;
  const may =
    poll.openedBy === me.id || commanderOf(incident)?.userId === me.id || roleAtLeast(me.role, 'manager')
      ? null
      : `${nameOf(poll.openedBy)} opened it: only they or the commander can.`;
  const act = { kind: 'poll.close', incidentId: incident.id, pollId: poll.id } as const;
  return (
    <Menu
      label={`Poll: ${poll.question}`}
      trigger={<Button look="ghost" compact icon="dots" aria-label={`Poll “${poll.question}”: more`} />}
      actions={[
        {
          id: 'close',
          label: 'Close it now and count',
          unavailable: can('poll.close', incident) ?? may,
          run: () => void submit({ ...act, withdraw: false }),
        },
        {
          id: 'withdraw',
          label: 'Withdraw the question',
          unavailable: can('poll.close', incident) ?? may,
          run: () => void submit({ ...act, withdraw: true }),
        },
      ]}
    />
  );
}
