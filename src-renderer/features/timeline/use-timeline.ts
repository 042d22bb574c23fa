import { startTransition, useEffect, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { changesBeforeMs, type TimelineFile } from '#server/contract/timeline.ts';
import { type Asked, useAsked } from '../../api/asked.tsx';
import { useReachable, useSession } from '../../session.tsx';
import { after, deviceNow, serverNow } from '../../time.ts';
import { followTimeline } from './following-timeline.ts';
import { createTimelineIndex, type TimelineIndex } from './timeline-index.ts';

/** Under a storm what arrived is taken in this often. */
const redrawMs = 250;
const hourMs = 3_600_000;

export interface Timeline {
  /** Another object whenever it holds something else. */
  events: Pick<TimelineIndex, 'all' | 'query'>;
  /** Until then that it holds nothing means nothing. */
  read: boolean;
  /** What was asked of the center where this machine keeps only a part. */
  asked: Asked<TimelineFile> | null;
  /** The changes lane says nothing, because what changed back then is not kept here. */
  changesUnknown: boolean;
}

/** The timeline of an incident, kept up by reading only what changed. */
export function useTimeline(incident: Incident, options: { ask: boolean }): Timeline {
  const { view, store } = useSession().replica;
  const reachable = useReachable();
  const [held] = useState(() => ({ index: createTimelineIndex() }));
  const [revision, setRevision] = useState(0);
  const { id, startedAt, resolvedAt } = incident;
  const services = incident.services.join('\n');
  const scope = useMemo(
    () => ({ id, startedAt, resolvedAt, services: services === '' ? [] : services.split('\n') }),
    [id, startedAt, resolvedAt, services],
  );
  const [oldAt] = useState(() => serverNow() - replicaLimits.changeHours * hourMs);
  // Only the newest closed timelines and a day of changes are kept on this machine.
  const noEntries = revision > 0 && view.idsOfIncident('timeline', id).size === 0 && incident.version > 0;
  const tooOld = Date.parse(startedAt) - changesBeforeMs < oldAt;
  const wanted = options.ask && (noEntries || tooOld);
  const asked = useAsked(['timeline', id, noEntries], (api) => api.timeline.json.query({ id }), {
    enabled: wanted && reachable,
    goodForMs: 60_000,
  });
  const file = wanted ? asked.data : undefined;

  useEffect(() => {
    const following = followTimeline(held.index, view, scope, file);
    let cancel: (() => void) | null = null;
    let readAt = 0;
    const read = (): void => {
      cancel = null;
      readAt = deviceNow();
      const next = (): void => setRevision((before) => before + 1);
      const isFirst = held.index.all().length === 0;
      if (!following.catchUp()) return;
      // The first ones at once: until they are drawn, the screen says that there are none.
      if (isFirst) next();
      else startTransition(next);
    };
    read();
    // Once, so that an empty timeline is known to be empty.
    startTransition(() => setRevision((before) => Math.max(before, 1)));
    const unsubscribe = store.subscribe(() => {
      // What comes alone, such as a note one just wrote, does not wait.
      if (cancel === null && following.waiting()) cancel = after(Math.max(0, readAt + redrawMs - deviceNow()), read);
    });
    return () => {
      cancel?.();
      unsubscribe();
      following.stop();
    };
  }, [held, view, store, scope, file]);

  const events = useMemo(() => ({ revision, all: held.index.all, query: held.index.query }), [held, revision]);
  return {
    events,
    read: revision > 0,
    asked: wanted ? asked : null,
    changesUnknown: tooOld && file === undefined,
  };
}
