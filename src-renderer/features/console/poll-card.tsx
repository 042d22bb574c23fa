import type { Poll } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useQueued, useSubmit } from '../../session.tsx';
import { duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { commanderOf } from '../incidents/incident-facts.ts';
import type { RoomDialog } from '../incidents/room-dialog.ts';
import { useCopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';
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
          <span className="muted">{t`Any objection?`}</span> <b>{poll.question}</b> {queued ? <Queued /> : null}
        </span>
        <span className="small-text nowrap tabular">
          <PollTime poll={poll} now={now} known={known} />
        </span>
        <PollMenu poll={poll} incident={incident} />
      </div>
      {objections.map((vote) => (
        <p key={vote.userId} className="poll-objection wrap-any">
          <b>{t`${nameOf(vote.userId)} objects:`}</b> {vote.reason}
        </p>
      ))}
      <div className="row">
        <span className="small-text muted grow wrap-any">
          {silent.length === 0
            ? t`${agreed} without objection`
            : t`${agreed} without objection; no word from ${silent.map(nameOf).join(', ')}`}
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
    return <span className="muted">{rich`closes ${<Time at={poll.closesAt} />}`}</span>;
  }
  return <b>{leftMs > 0 ? duration(leftMs) : t`closing`}</b>;
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
        {mine?.objects === true ? t`Change` : t`Object…`}
      </Button>
      {mine?.objects === false ? null : (
        <Button
          compact
          unavailable={can('poll.answer')}
          onPress={() => void submit({ ...act, objects: false, reason: null })}
        >
          {mine === undefined ? t`No objection` : t`Withdraw objection`}
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
  const copyLink = useCopyLink();
  const ref = shortIdOf('poll', poll.id);
  const link = { id: 'link', label: t`Copy the link of ${ref}`, icon: 'copy', run: () => copyLink(ref) } as const;
  const may =
    poll.openedBy === me.id || commanderOf(incident)?.userId === me.id || roleAtLeast(me.role, 'manager')
      ? null
      : t`${nameOf(poll.openedBy)} opened it: only they or the commander can.`;
  const act = { kind: 'poll.close', incidentId: incident.id, pollId: poll.id } as const;
  return (
    <Menu
      label={t`Poll: ${poll.question}`}
      trigger={<Button look="ghost" compact icon="dots" aria-label={t`Poll “${poll.question}”: more`} />}
      actions={
        poll.outcome !== null
          ? [link]
          : [
              {
                id: 'close',
                label: t`Close it now and count`,
                unavailable: can('poll.close', incident) ?? may,
                run: () => void submit({ ...act, withdraw: false }),
              },
              {
                id: 'withdraw',
                label: t`Withdraw the question`,
                unavailable: can('poll.close', incident) ?? may,
                run: () => void submit({ ...act, withdraw: true }),
              },
              link,
            ]
      }
    />
  );
}
