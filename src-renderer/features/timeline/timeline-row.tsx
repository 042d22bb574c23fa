import { memo } from 'react';
import { laneNames } from '#server/contract/timeline.ts';
import { t, term } from '../../language/words.ts';
import { useQueued } from '../../session.tsx';
import { Queued } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { localTitle } from '../../time-format.ts';
import type { ClockText } from '../../ui/use-clock.ts';
import { eventIcon } from './entry-icons.ts';
import { actorOf, isDecision, isStarred, type TimelineEvent, textOf } from './events.ts';
import { gapWords } from './lane-words.ts';
import type { TimelineRow } from './rows.ts';

interface RowProps {
  row: TimelineRow;
  /** From 1. */
  rowIndex: number;
  top: number;
  height: number;
  focused: boolean;
  clock: ClockText;
  onPress: (id: string) => void;
}

export function rowElementId(id: string): string {
  return `timeline-row-${id}`;
}

/** One line of the list: the same event as its mark in the lanes, in words. */
export const TimelineRowLine = memo(function TimelineRowLine({
  row,
  rowIndex,
  top,
  height,
  focused,
  clock,
  onPress,
}: RowProps) {
  const classes = ['timeline-row'];
  if (focused) classes.push('focused');
  if (row.gap !== null) classes.push('missing');
  if (row.event !== null && isStarred(row.event)) classes.push('starred');
  return (
    <div
      id={rowElementId(row.id)}
      className={classes.join(' ')}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={focused}
      style={{ top, height }}
      onClick={() => onPress(row.id)}
    >
      <span role="gridcell" className="cell-time mono">
        <RowTime ms={row.ms} clock={clock} />
      </span>
      {row.event === null ? (
        <>
          <span role="gridcell" className="cell-icon muted">
            <Icon name="gap" />
          </span>
          <span role="gridcell" className="cell-text muted clip">
            {gapWords(row.gap)}
          </span>
          <span role="gridcell" className="cell-lane">
            {term(row.gap.kind === 'quiet' ? laneNames.people : laneNames.comms)}
          </span>
        </>
      ) : (
        <EventCells event={row.event} />
      )}
    </div>
  );
});

function EventCells({ event }: { event: TimelineEvent }) {
  const queued = useQueued('timeline', event.id);
  const severity = event.entry?.data?.severity?.to;
  const text = textOf(event);
  const actor = actorOf(event);
  const detail = [text.startsWith(actor) ? null : actor, event.entry?.detail ?? event.change?.service]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(', ');
  return (
    <>
      <span role="gridcell" className="cell-icon muted">
        {severity === undefined ? <Icon name={eventIcon(event)} /> : <Mark kind={severity} />}
      </span>
      <span role="gridcell" className="cell-text clip">
        {isDecision(event) ? <b>{t`Decision.`} </b> : null}
        <span className="cell-said">{text}</span>
        {detail === '' ? null : <span className="small-text faint"> {detail}</span>}
        {queued ? <Queued /> : null}
      </span>
      <span role="gridcell" className="cell-lane">
        {term(laneNames[event.lane])}
      </span>
    </>
  );
}

/** Its title is made when somebody points at it: while the lanes are panned there is no time for it. */
function RowTime({ ms, clock }: { ms: number; clock: ClockText }) {
  const at = new Date(ms).toISOString();
  return (
    <time dateTime={at} onMouseEnter={(event) => event.currentTarget.setAttribute('title', localTitle(at))}>
      {clock.time(ms, true)}
    </time>
  );
}
