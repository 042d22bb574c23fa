import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t, term } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useEntity, useFreshness, useReplica, useSubmit } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Problem } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useListCursor } from '../../ui/list-keys.ts';
import { rowHeightOf, usePreferences } from '../../ui/preferences.ts';
import { Split } from '../../ui/split.tsx';
import { useSteady } from '../../ui/use-steady.ts';
import { FocusedIncident } from '../incidents/focused-incident.tsx';
import { MissingIncident } from '../incidents/missing-incident.tsx';
import { useCopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';
import { EventPane } from './event-pane.tsx';
import { isStarred, textOf } from './events.ts';
import { lanesLabel } from './lane-words.ts';
import { legend } from './picture-file.ts';
import { rowsOf } from './rows.ts';
import { createStage } from './stage.ts';
import { choicesOf, isFiltering, noFilter, type TimelineFilter } from './timeline-filter.ts';
import { TimelineHead } from './timeline-head.tsx';
import { useTimelineKeys } from './timeline-keys.ts';
import { type LanesHandle, TimelineLanes } from './timeline-lanes.tsx';
import { TimelineList } from './timeline-list.tsx';
import './timeline.css';
import { useExports } from './use-exports.ts';
import { useLanePicture } from './use-lane-picture.ts';
import { type Timeline, useTimeline } from './use-timeline.ts';
import { between, showing } from './viewport.ts';

export function TimelineScreen({ params, query }: ScreenProps) {
  const id = params['id'] ?? '';
  const incident = useEntity('incident', id);
  const ready = useReplica((state) => state.ready);
  if (incident === undefined) return ready ? <MissingIncident id={id} /> : null;
  return <OfIncident key={id} incident={incident} wanted={query.get('event')} />;
}

/** `c` copies the link to an event here. */
const ownKeys = ['message'];

function OfIncident({ incident, wanted }: { incident: Incident; wanted: string | null }) {
  const timeline = useTimeline(incident, { ask: true });
  const [filter, setFilter] = useState<TimelineFilter>(noFilter);
  const { view, picture, cadence, quiet, whole } = useLanePicture(incident, timeline, filter);
  const { state, dataAt } = useFreshness();
  const known = state === 'live' || state === 'lagging';
  const filtering = isFiltering(filter);
  const rows = useMemo(() => rowsOf(view.events, filtering ? [] : picture.gaps), [view, picture.gaps, filtering]);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const choices = useMemo(() => choicesOf(timeline.events.all()), [timeline.events]);
  const [stage] = useState(() => createStage(whole));
  const lanes = useRef<LanesHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const [markMs, setMarkMs] = useState<number | null>(null);
  const [focusedOnce, setFocusedOnce] = useState(false);
  const list = useListCursor(ids);
  const can = useCan();
  const submit = useSubmit();
  const copyLink = useCopyLink();
  const rowHeight = rowHeightOf(usePreferences((preferences) => preferences.density));
  useEffect(() => stage.setWhole(whole), [stage, whole]);

  // Before anybody moved, the keyboard is on the event of the address, or on the newest.
  const start = wanted === null ? -1 : ids.indexOf(wanted);
  const at = focusedOnce ? list.at : start >= 0 ? start : ids.length - 1;
  const row = rows[at];
  const cursor = row?.id ?? null;
  const show = (ms: number): void => stage.set(showing(stage.view(), ms, stage.whole()), 'list');
  const focus = (index: number): void => {
    const place = Math.max(0, Math.min(rows.length - 1, index));
    setFocusedOnce(true);
    list.focus(place);
    const target = rows[place];
    if (target !== undefined) show(target.ms);
  };
  const focusId = useSteady((id: string): void => focus(ids.indexOf(id)));

  const entry = row?.event?.entry ?? null;
  const noStar = can('incident.star') ?? (entry === null ? t`only an entry can have a star` : null);
  const star = (): void => {
    if (entry === null) return;
    const starred = row?.event === null || row?.event === undefined ? false : isStarred(row.event);
    void submit({ kind: 'incident.star', incidentId: incident.id, entryId: entry.id, starred: !starred });
  };
  const copy = (): void => {
    if (row?.event === null || row === undefined) return;
    copyLink(shortIdOf(row.event.entry === null ? 'change' : 'timeline', row.id));
  };
  const wordsOf = useCallback(
    (place: number): string => {
      const event = view.events[place];
      return event === undefined ? '' : textOf(event);
    },
    [view.events],
  );
  const exports = useExports(incident, picture, stage.view);

  useTimelineKeys({
    incident,
    count: rows.length,
    exports,
    noStar,
    marking: markMs !== null,
    filtering,
    move: (by) => focus(at + by),
    open: () => {
      const { alertId, kind } = entry ?? { alertId: null, kind: null };
      if (alertId !== null) navigate(paths.alert(alertId));
      else if (kind === 'page') navigate(paths.why({ incident: incident.id }));
      else navigate(paths.incident(incident.id));
    },
    star,
    mark: () => {
      if (row === undefined) return;
      if (markMs === null) setMarkMs(row.ms);
      else {
        stage.set(between(markMs, row.ms, stage.whole()), 'lanes');
        setMarkMs(null);
      }
    },
    zoom: (by) => lanes.current?.zoom(by),
    pan: (share) => lanes.current?.pan(share),
    fit: () => stage.set(stage.whole(), 'lanes'),
    toFirst: () => focus(0),
    toLast: () => focus(rows.length - 1),
    search: () => search.current?.focus(),
    clearFilter: () => setFilter(noFilter),
    copyLink: copy,
    back: () => {
      if (markMs !== null) setMarkMs(null);
      else if (filtering) setFilter(noFilter);
      else navigate(paths.incident(incident.id));
    },
  });

  return (
    <div className="timeline-screen">
      <FocusedIncident incident={incident} besides={ownKeys} />
      <TimelineHead
        incident={incident}
        shown={view.events.length}
        total={view.total}
        known={known}
        cadence={cadence}
        quiet={quiet}
        filter={filter}
        choices={choices}
        exports={exports}
        searchRef={search}
        onFilter={(change) => setFilter((before) => ({ ...before, ...change }))}
      />
      <Missing timeline={timeline} known={known} dataAt={dataAt} />
      <section className="timeline-lanes" aria-label={t`Lanes`}>
        <TimelineLanes
          stage={stage}
          picture={picture}
          cursorMs={row?.ms ?? null}
          markMs={markMs}
          label={lanesLabel(view)}
          onPick={(_lane, place) => {
            const event = view.events[place];
            if (event !== undefined) focusId(event.id);
          }}
          wordsOf={wordsOf}
          handle={lanes}
        />
        <div className="row wrap timeline-controls">
          <Button compact look="ghost" icon="minus" aria-label={t`Zoom out`} onPress={() => lanes.current?.zoom(2)} />
          <Button compact look="ghost" icon="plus" aria-label={t`Zoom in`} onPress={() => lanes.current?.zoom(0.5)} />
          <Button
            compact
            look="ghost"
            icon="full-screen"
            aria-label={t`Show everything`}
            onPress={() => stage.set(stage.whole(), 'lanes')}
          />
          <p className="small-text faint timeline-legend">{term(legend)}</p>
        </div>
      </section>
      <Split
        name="timeline"
        className="timeline-body"
        label={t`Width of the event`}
        sized="end"
        size={320}
        share={0.25}
        least={{ start: 400, end: 260 }}
        stackAt={1000}
        start={
          rows.length === 0 ? (
            <div className="screen-pad">
              <Nothing
                filtering={filtering}
                asking={timeline.asked?.asking === true}
                onClear={() => setFilter(noFilter)}
              />
            </div>
          ) : (
            <TimelineList rows={rows} cursor={cursor} at={at} rowHeight={rowHeight} stage={stage} onPress={focusId} />
          )
        }
        end={<EventPane incident={incident} row={row} noStar={noStar} onStar={star} onCopy={copy} />}
      />
    </div>
  );
}

/** What this timeline does not know, said before it is looked at. */
function Missing({ timeline, known, dataAt }: { timeline: Timeline; known: boolean; dataAt: number | null }) {
  const { asked, changesUnknown } = timeline;
  if (asked?.failure !== null && asked?.failure !== undefined) {
    return (
      <Problem
        what={t`The older part of this timeline could not be fetched`}
        why={asked.failure.message}
        traceId={asked.failure.traceId}
        onRetry={asked.again}
      />
    );
  }
  const words = [
    known || dataAt === null ? null : t`Nothing is known since ${clockTime(dataAt, true)} UTC.`,
    changesUnknown ? t`What changed back then is not kept on this machine, so the changes lane is not whole.` : null,
  ].filter((part) => part !== null);
  if (words.length === 0) return null;
  return (
    <div className="timeline-note hatch row small-text">
      <Icon name="gap" small />
      {words.join(' ')}
    </div>
  );
}

function Nothing({ filtering, asking, onClear }: { filtering: boolean; asking: boolean; onClear: () => void }) {
  if (filtering) {
    return (
      <Empty title={t`No event passes this filter`} actions={<Button onPress={onClear}>{t`Show every event`}</Button>}>
        {t`Search for another word, or choose another kind or person.`}
      </Empty>
    );
  }
  return (
    <Empty title={asking ? t`Fetching the timeline…` : t`No event of this incident is on this machine`}>
      {asking
        ? t`It is older than what is kept here.`
        : t`The 50 timelines closed last are kept here. This one comes when the server is back.`}
    </Empty>
  );
}
