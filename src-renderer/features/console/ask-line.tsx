import { type Ask, isWaiting } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useQueued, useSubmit } from '../../session.tsx';
import { duration, durationWords } from '../../time-format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Flag, Queued } from '../../ui/chip.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { commanderOf } from '../incidents/incident-facts.ts';
import type { RoomDialog } from '../incidents/room-dialog.ts';
import { useCopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';

interface AskLineProps {
  ask: Ask;
  incident: Incident;
  now: number;
  /** False with old data. */
  known: boolean;
  onDialog: (dialog: RoomDialog) => void;
}

/** With whom it lies, what it is, how long they have. `now` comes from the list: one clock for all lines. */
export function AskLine({ ask, incident, now, known, onDialog }: AskLineProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const queued = useQueued('ask', ask.id);
  const waiting = isWaiting(ask);
  const owner = nameOf(ask.ownerId);
  const mine = ask.ownerId === me.id;
  return (
    <li className={waiting ? 'ask-line' : 'ask-line ended'}>
      <Avatar name={owner} me={mine} />
      <span className="ask-text wrap-any">
        {ask.text} {queued ? <Queued /> : null}
      </span>
      <span className="ask-second small-text muted wrap-any">
        <AskSecond ask={ask} owner={mine ? t`you` : owner} nameOf={nameOf} />
      </span>
      {waiting ? (
        <>
          <span className="end small-text nowrap tabular">
            <Due ask={ask} incident={incident} now={now} known={known} />
          </span>
          <AskActions ask={ask} incident={incident} mine={mine} onDialog={onDialog} />
        </>
      ) : null}
    </li>
  );
}

function AskSecond({ ask, owner, nameOf }: { ask: Ask; owner: string; nameOf: (id: string | null) => string }) {
  const { answer } = ask;
  if (answer !== null) {
    const word = { done: t`Done`, answered: t`Answered`, cannot: t`Cannot` }[answer.outcome];
    const by = answer.by === ask.ownerId ? owner : t`${nameOf(answer.by)} for ${owner}`;
    return (
      <>
        {rich`${word} by ${by}, ${<Time at={answer.at} />}`}
        {answer.text === '' ? null : <>: {answer.text}</>}
      </>
    );
  }
  if (ask.cancelledAt !== null) return t`Taken back, was with ${owner}`;
  return rich`With ${owner}, asked by ${nameOf(ask.askedBy)} ${<Time at={ask.askedAt} />}`;
}

function Due({ ask, incident, now, known }: Omit<AskLineProps, 'onDialog'>) {
  if (!known) {
    return <span className="muted">{rich`due ${<Time at={ask.dueAt} />}`}</span>;
  }
  const leftMs = Date.parse(ask.dueAt) - now;
  if (leftMs < 0) return <Flag severity={incident.severity}>{t`Overdue ${lateWords(-leftMs)}`}</Flag>;
  return <b>{duration(leftMs)}</b>;
}

/** Beyond a minute the seconds only flicker. */
function lateWords(ms: number): string {
  return durationWords(ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000);
}

function AskActions({
  ask,
  incident,
  mine,
  onDialog,
}: Pick<AskLineProps, 'ask' | 'incident' | 'onDialog'> & { mine: boolean }) {
  const me = useMe();
  const can = useCan();
  const submit = useSubmit();
  const nameOf = useNameOf();
  const commands = commanderOf(incident)?.userId === me.id || roleAtLeast(me.role, 'manager');
  const notMine =
    ask.askedBy === me.id || commands ? null : t`${nameOf(ask.askedBy)} asked this: only they or the commander can.`;
  const act = { incidentId: incident.id, askId: ask.id };
  const copyLink = useCopyLink();
  const ref = shortIdOf('ask', ask.id);
  return (
    <span className="row ask-actions">
      {mine ? (
        <Button compact unavailable={can('ask.answer')} onPress={() => onDialog({ kind: 'answer-ask', ask })}>
          {t`Answer`}
        </Button>
      ) : null}
      <Menu
        label={t`Ask: ${ask.text}`}
        trigger={<Button look="ghost" compact icon="dots" aria-label={t`Ask “${ask.text}”: more`} />}
        actions={[
          {
            id: 'answer',
            label: mine ? t`Answer…` : t`Write down the answer of ${nameOf(ask.ownerId)}…`,
            unavailable: can('ask.answer'),
            run: () => onDialog({ kind: 'answer-ask', ask }),
          },
          {
            id: 'reassign',
            label: t`Ask somebody else, or give more time…`,
            unavailable: can('ask.reassign', incident),
            run: () => onDialog({ kind: 'reassign-ask', ask }),
          },
          {
            id: 'cancel',
            label: t`Take it back`,
            unavailable: can('ask.cancel', incident) ?? notMine,
            run: () => void submit({ kind: 'ask.cancel', ...act }),
          },
          { id: 'link', label: t`Copy the link of ${ref}`, icon: 'copy', run: () => copyLink(ref) },
        ]}
      />
    </span>
  );
}
