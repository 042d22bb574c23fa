import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import { useCan, useFreshness, useOfIncident, useQueued, useSubmit } from '../../session.tsx';
import { paths } from '../../paths.ts';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Time } from '../../ui/time.tsx';
import { usePaced } from '../../ui/use-paced.ts';
import { entryDetail } from './timeline-words.ts';

const pageSize = 120;
/** Under a storm the entries are put in order this often. */
const redrawMs = 250;

const icons: Record<TimelineEntry['kind'], IconName> = {
  declared: 'incidents',
  alert: 'alerts',
  status: 'person',
  severity: 'incidents',
  edit: 'edit',
  role: 'person',
  task: 'task-done',
  ask: 'timer',
  poll: 'group',
  responder: 'person',
  note: 'log',
  update: 'update',
  link: 'external',
  membership: 'group',
  merge: 'group',
  restriction: 'refused',
  conflict: 'refused',
  page: 'phone-call',
};

const filters = {
  all: () => true,
  people: (entry: TimelineEntry) => entry.source === 'person',
  system: (entry: TimelineEntry) => entry.source !== 'person',
  starred: (entry: TimelineEntry) => entry.starred,
} as const;
type Filter = keyof typeof filters;

/** Down is now. A long timeline shows its end; older entries are unfolded on demand. */
export function RoomTimeline({ incident }: { incident: Incident }) {
  const entries = usePaced(useOfIncident('timeline', incident.id), incident.id, redrawMs);
  const { state, dataAt } = useFreshness();
  const [filter, setFilter] = useState<Filter>('all');
  const [shown, setShown] = useState(pageSize);
  const list = useMemo(() => entries.filter(filters[filter]).sort(inOrder), [entries, filter]);
  const visible = list.slice(Math.max(0, list.length - shown));
  const older = list.length - visible.length;
  const scroller = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (element !== null && pinned.current) element.scrollTop = element.scrollHeight;
  }, [visible.length]);
  const known = state === 'live' || state === 'lagging';
  // Version 0 is a row that so far only exists here.
  const firstQueued = visible.findIndex((entry) => entry.version === 0);
  return (
    <>
      <div className="room-head">
        <h2>Timeline</h2>
        <span className="count">
          {entries.length} {known ? (entries.length === 1 ? 'entry' : 'entries') : 'kept here'}
        </span>
        <span className="grow" />
        <Segmented
          label="Which entries"
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: 'All' },
            { value: 'people', label: 'People' },
            { value: 'system', label: 'System' },
            { value: 'starred', label: 'Starred' },
          ]}
        />
      </div>
      <div
        className="timeline"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="Timeline entries"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          pinned.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {older > 0 ? (
          <Button look="ghost" compact onPress={() => setShown(shown + pageSize)}>
            {older} older
          </Button>
        ) : null}
        {visible.map((entry, index) => (
          <div key={entry.id}>
            {!known && dataAt !== null && index === firstQueued ? <Gap dataAt={dataAt} /> : null}
            <Entry entry={entry} />
          </div>
        ))}
        {!known && dataAt !== null && firstQueued < 0 ? <Gap dataAt={dataAt} /> : null}
        {visible.length === 0 ? <p className="muted small-text">Nothing here yet under this filter.</p> : null}
      </div>
    </>
  );
}

function inOrder(a: TimelineEntry, b: TimelineEntry): number {
  return compare(a.at, b.at) || compare(a.recordedAt, b.recordedAt) || compare(a.id, b.id);
}

/** Instants and ids compare as they are; a collator would cost a hundred times as much. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function Gap({ dataAt }: { dataAt: number }) {
  return (
    <div className="timeline-gap hatch">
      <Icon name="gap" small />
      <span>Nothing known since {clockTime(dataAt, true)}. What others did will appear here, counted.</span>
    </div>
  );
}

const Entry = memo(function Entry({ entry }: { entry: TimelineEntry }) {
  const queued = useQueued('timeline', entry.id);
  const can = useCan();
  const submit = useSubmit();
  const detail = entryDetail(entry);
  const starLabel = entry.starred ? 'Take the star away' : 'Star this entry';
  return (
    <article className={entry.starred ? 'entry key' : 'entry'}>
      <span className="entry-time">
        <Time at={entry.at} />
      </span>
      <span className="muted entry-icon">
        <Icon name={entry.starred ? 'star' : icons[entry.kind]} />
      </span>
      <div className="entry-text">
        <div className={entry.starred || entry.kind === 'update' ? 'wrap-any medium' : 'wrap-any'}>{entry.text}</div>
        {detail === '' ? null : <div className="small-text faint wrap-any">{detail}</div>}
        {entry.kind === 'page' ? (
          <a className="small-text" href={paths.why({ incident: entry.incidentId })}>
            Why?
          </a>
        ) : null}
      </div>
      {queued ? (
        <Queued />
      ) : (
        <span className="entry-star">
          <Button
            look="ghost"
            compact
            icon="star"
            aria-label={starLabel}
            unavailable={can('incident.star')}
            onPress={() =>
              void submit({
                kind: 'incident.star',
                incidentId: entry.incidentId,
                entryId: entry.id,
                starred: !entry.starred,
              })
            }
          />
        </span>
      )}
    </article>
  );
});
