import { useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useFreshness, useOfIncident } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import type { RoomDialog } from '../incidents/room-dialog.ts';
import { AskLine } from './ask-line.tsx';
import './console.css';
import { asksSummary, byAskUrgency, byPollUrgency } from './console-facts.ts';
import { PollCard } from './poll-card.tsx';

/** Of what ended, so many are shown before one asks for all. */
const endedShown = 2;

/** What is asked of people here, with whom it lies and how long they have; and what the room is asked to object to. */
export function RoomConsole({ incident, onDialog }: { incident: Incident; onDialog: (dialog: RoomDialog) => void }) {
  const asks = useOfIncident('ask', incident.id);
  const polls = useOfIncident('poll', incident.id);
  const can = useCan();
  const now = useServerNow();
  const { state } = useFreshness();
  const [all, setAll] = useState(false);
  const list = useMemo(() => [...asks].sort(byAskUrgency), [asks]);
  const questions = useMemo(() => [...polls].sort(byPollUrgency), [polls]);
  // With old data a countdown would look live.
  const known = state === 'live' || state === 'lagging';
  const { waiting, overdue } = asksSummary(asks, now);
  const ended = list.length - waiting;
  const open = questions.filter((poll) => poll.outcome === null);
  const shownAsks = all ? list : list.slice(0, waiting + endedShown);
  const shownPolls = all ? questions : questions.slice(0, Math.max(open.length, 1));
  const hidden = list.length - shownAsks.length + questions.length - shownPolls.length;
  return (
    <section className="separator" aria-label={t`Asks and polls`}>
      <div className="room-head">
        <h2>{t`Asks`}</h2>
        <span className="count">{countWords(waiting, known ? overdue : 0, ended)}</span>
        <span className="grow" />
        <Button
          look="ghost"
          compact
          kbd="⇧O"
          unavailable={can('poll.open', incident)}
          onPress={() => onDialog({ kind: 'poll' })}
        >
          {t`Poll`}
        </Button>
        <Button
          look="ghost"
          compact
          kbd="⇧A"
          unavailable={can('ask.add', incident)}
          onPress={() => onDialog({ kind: 'ask' })}
        >
          {t`Ask`}
        </Button>
      </div>
      {shownPolls.map((poll) => (
        <PollCard key={poll.id} poll={poll} incident={incident} now={now} known={known} onDialog={onDialog} />
      ))}
      {list.length === 0 && questions.length === 0 ? (
        <p className="room-none">{t`Nothing is asked of anybody. Each ask has one owner and a time to answer.`}</p>
      ) : null}
      <ul>
        {shownAsks.map((ask) => (
          <AskLine key={ask.id} ask={ask} incident={incident} now={now} known={known} onDialog={onDialog} />
        ))}
      </ul>
      {hidden > 0 || all ? (
        <div className="console-more">
          <Button look="ghost" compact onPress={() => setAll(!all)}>
            {all ? t`Show fewer` : t`${hidden} more that ended`}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function countWords(waiting: number, overdue: number, ended: number): string {
  if (waiting === 0) return ended === 0 ? '' : t`all answered`;
  return overdue === 0 ? t`${waiting} open` : t`${waiting} open, ${overdue} overdue`;
}
