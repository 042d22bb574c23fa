import type { Incident } from '#server/contract/incident.ts';
import { laneNames } from '#server/contract/timeline.ts';
import { t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useQueued } from '../../session.tsx';
import { localTitle } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { SafeLink } from '../../ui/safe-link.tsx';
import { actorOf, isDecision, isStarred, textOf } from './events.ts';
import { gapWords } from './lane-words.ts';
import type { TimelineRow } from './rows.ts';

interface PaneProps {
  incident: Incident;
  row: TimelineRow | undefined;
  noStar: string | null;
  onStar: () => void;
  onCopy: () => void;
}

/** The event under the keyboard, whole. */
export function EventPane({ incident, row, noStar, onStar, onCopy }: PaneProps) {
  return (
    <aside className="event-pane" aria-label={t`The event in full`}>
      {row === undefined ? (
        <p className="muted">{t`No event is here.`}</p>
      ) : row.event === null ? (
        <>
          <p className="micro faint">{localTitle(new Date(row.ms).toISOString())}</p>
          <p className="strong">{gapWords(row.gap)}</p>
          <p className="muted">
            {row.gap.kind === 'quiet'
              ? t`Longer than the time between updates passed without anything from a person.`
              : t`The update before it, or the severity, asked for one by this time.`}
          </p>
        </>
      ) : (
        <EventFacts incident={incident} row={row} noStar={noStar} onStar={onStar} onCopy={onCopy} />
      )}
    </aside>
  );
}

function EventFacts({
  incident,
  row,
  noStar,
  onStar,
  onCopy,
}: Omit<PaneProps, 'row'> & { row: Extract<TimelineRow, { gap: null }> }) {
  const { event } = row;
  const { entry, change } = event;
  const queued = useQueued('timeline', event.id);
  const starred = isStarred(event);
  return (
    <>
      <p className="micro faint">{localTitle(event.at)}</p>
      <p className="strong wrap-any">{isDecision(event) ? t`Decision. ${textOf(event)}` : textOf(event)}</p>
      <p className="muted small-text">
        {term(laneNames[event.lane])}, {actorOf(event)} {queued ? <Queued /> : null}
      </p>
      {entry?.detail === null || entry?.detail === undefined || entry.detail === '' ? null : (
        <p className="event-detail wrap-any">{entry.detail}</p>
      )}
      {change === null ? null : (
        <ul className="event-links">
          {change.service === null ? null : <li className="mono">{change.service}</li>}
          {change.links.map(({ href, text }) => (
            <li key={href}>
              <SafeLink url={href}>{text ?? href}</SafeLink>
            </li>
          ))}
        </ul>
      )}
      <div className="row wrap">
        {entry === null ? null : (
          <Button compact icon="star" command="timeline.star" unavailable={noStar} onPress={onStar}>
            {starred ? t`Take the star away` : t`Star`}
          </Button>
        )}
        <Button compact icon="copy" command="link.copy" onPress={onCopy}>
          {t`Link`}
        </Button>
        {entry?.alertId === null || entry?.alertId === undefined ? null : (
          <a className="button compact" href={paths.alert(entry.alertId)}>
            {t`The alert`}
          </a>
        )}
        {entry?.kind === 'page' ? (
          <a className="button compact" href={paths.why({ incident: incident.id })}>
            {t`Why?`}
          </a>
        ) : null}
      </div>
    </>
  );
}
