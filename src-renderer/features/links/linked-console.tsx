// What the commander's console holds, by its short id.
import { t } from '../../language/words.ts';
import { useEntity, useNameOf } from '../../session.tsx';
import { Time } from '../../ui/time.tsx';
import { pollOutcomeWords } from '../console/console-facts.ts';
import { CopyLink } from './copy-link.tsx';
import { Card, useRoom } from './linked-card.tsx';
import { shortIdOf } from './short-id.ts';

export function LinkedAsk({ id }: { id: string }) {
  const ask = useEntity('ask', id);
  const nameOf = useNameOf();
  const room = useRoom(ask?.incidentId);
  if (ask === undefined) return null;
  return (
    <Card
      kind={t`Ask`}
      title={ask.text}
      shortId={shortIdOf('ask', id)}
      link={<CopyLink entity="ask" id={id} />}
      place={room.place}
      entries={[
        [t`Incident`, room.words],
        [t`Asked by`, nameOf(ask.askedBy)],
        [t`Of`, nameOf(ask.ownerId)],
        [t`Due`, <Time key="due" at={ask.dueAt} zone />],
        [
          t`Answer`,
          ask.answer?.text || (ask.answer !== null ? t`given` : ask.cancelledAt === null ? t`not yet` : t`taken back`),
        ],
      ]}
    />
  );
}

export function LinkedPoll({ id }: { id: string }) {
  const poll = useEntity('poll', id);
  const nameOf = useNameOf();
  const room = useRoom(poll?.incidentId);
  if (poll === undefined) return null;
  const objections = poll.votes.filter(({ objects }) => objects).map(({ userId }) => nameOf(userId));
  return (
    <Card
      kind={t`Poll`}
      title={poll.question}
      shortId={shortIdOf('poll', id)}
      link={<CopyLink entity="poll" id={id} />}
      place={room.place}
      entries={[
        [t`Incident`, room.words],
        [t`Asked by`, nameOf(poll.openedBy)],
        [t`Closes`, <Time key="closes" at={poll.closedAt ?? poll.closesAt} zone />],
        [t`Objections`, objections.length === 0 ? t`none` : objections.join(', ')],
        [t`Outcome`, poll.outcome === null ? t`open` : pollOutcomeWords[poll.outcome]],
      ]}
    />
  );
}
