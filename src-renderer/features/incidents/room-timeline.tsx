import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { useCan, useFreshness, useQueued, useSubmit } from '../../session.tsx';
import { paths } from '../../paths.ts';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Time } from '../../ui/time.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import { entryIcons, eventIcon } from '../timeline/entry-icons.ts';
import { isStarred, type TimelineEvent, textOf } from '../timeline/events.ts';
import { RoomLanes } from '../timeline/room-lanes.tsx';
import { useTimeline } from '../timeline/use-timeline.ts';
import { entryDetail } from './timeline-words.ts';

const pageSize = 120;
const filters = {
  all: () => true,
  people: ({ entry }: TimelineEvent) => entry?.source === 'person',
  system: ({ entry }: TimelineEvent) => entry?.source !== 'person',
  starred: isStarred,
} as const;
type Filter = keyof typeof filters;

/** Down is now. A long timeline shows its end; older entries are unfolded on demand. */
export function RoomTimeline({ incident }: { incident: Incident }) {
  const timeline = useTimeline(incident, { ask: false });
  const { state, dataAt } = useFreshness();
  const [filter, setFilter] = useState<Filter>('all');
  const [shown, setShown] = useState(pageSize);
  const list = useMemo(() => timeline.events.all().filter(filters[filter]), [timeline.events, filter]);
  const visible = list.slice(Math.max(0, list.length - shown));
  const older = list.length - visible.length;
  const scroller = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (element !== null && pinned.current) element.scrollTop = element.scrollHeight;
  }, [visible.length]);
  const total = timeline.events.all().length;
  const known = state === 'live' || state === 'lagging';
  // Version 0 is a row that so far only exists here.
  const firstQueued = visible.findIndex(({ entry }) => entry?.version === 0);
  return (
    <>
      <div className="room-head">
        <h2>{t`Timeline`}</h2>
        <span className="count">
          {!timeline.read
            ? null
            : known
              ? t`${plural(total, { one: '1 event', other: '# events' })}`
              : t`${numberText(total)} kept here`}
        </span>
        <span className="grow" />
        <Segmented
          label={t`Which entries`}
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: t`All` },
            { value: 'people', label: t`People` },
            { value: 'system', label: t`System` },
            { value: 'starred', label: t`Starred` },
          ]}
        />
      </div>
      <RoomLanes incident={incident} timeline={timeline} />
      <div
        className="timeline"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label={t`Timeline entries`}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          pinned.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {older > 0 ? (
          <Button look="ghost" compact onPress={() => setShown(shown + pageSize)}>
            {t`${older} older`}
          </Button>
        ) : null}
        {visible.map((event, index) => (
          <div key={event.id}>
            {!known && dataAt !== null && index === firstQueued ? <Gap dataAt={dataAt} /> : null}
            {event.entry === null ? <Changed event={event} /> : <Entry entry={event.entry} />}
          </div>
        ))}
        {!known && dataAt !== null && firstQueued < 0 ? <Gap dataAt={dataAt} /> : null}
        {timeline.read && visible.length === 0 ? (
          <p className="muted small-text">{t`Nothing here yet under this filter.`}</p>
        ) : null}
      </div>
    </>
  );
}

function Gap({ dataAt }: { dataAt: number }) {
  return (
    <div className="timeline-gap hatch">
      <Icon name="gap" small />
      <span>{t`Nothing known since ${clockTime(dataAt, true)}. What others did will appear here, counted.`}</span>
    </div>
  );
}

const Changed = memo(function Changed({ event }: { event: TimelineEvent }) {
  const { change } = event;
  const detail = [change?.service, change?.source].filter((part) => typeof part === 'string').join(', ');
  return (
    <article className="entry">
      <span className="entry-time">
        <Time at={event.at} />
      </span>
      <span className="muted entry-icon">
        <Icon name={eventIcon(event)} />
      </span>
      <div className="entry-text">
        <div className="wrap-any">{textOf(event)}</div>
        <div className="small-text faint wrap-any">{detail}</div>
      </div>
    </article>
  );
});

const Entry = memo(function Entry({ entry }: { entry: TimelineEntry }) {
  const queued = useQueued('timeline', entry.id);
  const can = useCan();
  const submit = useSubmit();
  const detail = entryDetail(entry);
  const severity = entry.data?.severity?.to;
  const starLabel = entry.starred ? t`Take the star away` : t`Star this entry`;
  return (
    <article className={entry.starred ? 'entry key' : 'entry'}>
      <span className="entry-time">
        <Time at={entry.at} />
      </span>
      <span className="muted entry-icon">
        {severity === undefined || entry.starred ? (
          <Icon name={entry.starred ? 'star' : entryIcons[entry.kind]} />
        ) : (
          <Mark kind={severity} />
        )}
      </span>
      <div className="entry-text">
        <div className={entry.starred || entry.kind === 'update' ? 'wrap-any medium' : 'wrap-any'}>{entry.text}</div>
        {detail === '' ? null : <div className="small-text faint wrap-any">{detail}</div>}
        {entry.kind === 'page' ? (
          <a className="small-text" href={paths.why({ incident: entry.incidentId })}>
            {t`Why?`}
          </a>
        ) : null}
      </div>
      {queued ? (
        <Queued />
      ) : (
        <span className="entry-star row">
          <CopyLink entity="timeline" id={entry.id} />
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
