import { useCallback, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { useDeviceNow, useServerNow } from '../../time.ts';

const turnMs = 20_000;
const pinMs = 60_000;

interface Rotation {
  current: string | null;
  held: boolean;
  /** Share of this picture's time that has passed. */
  progress: number;
  hold: () => void;
  step: (by: number) => void;
}

interface Place {
  index: number;
  /** Device clock at which this picture began. */
  since: number;
  held: boolean;
  /** Server clock of the last step by hand: what happened before it pins no more. */
  steppedAt: number;
}

/** One picture at a time, 20 s each. Something new on a severe incident pins the timeline for 60 s; a person can hold. */
export function useRotation(ids: readonly string[], incidents: readonly Incident[]): Rotation {
  const now = useDeviceNow();
  const serverNow = useServerNow();
  const [place, setPlace] = useState<Place>({ index: 0, since: now, held: false, steppedAt: 0 });
  const count = Math.max(1, ids.length);
  const turns = place.held ? 0 : Math.floor((now - place.since) / turnMs);
  const index = (place.index + turns) % count;
  const newest = newestEvent(incidents);
  const pinned = newest > place.steppedAt && serverNow - newest < pinMs && ids.includes('timeline');
  const hold = useCallback(() => setPlace((old) => ({ ...old, index, since: now, held: !old.held })), [index, now]);
  const step = useCallback(
    (by: number) =>
      setPlace((old) => ({ ...old, index: (index + by + count) % count, since: now, steppedAt: serverNow })),
    [index, count, now, serverNow],
  );
  return {
    current: pinned ? 'timeline' : (ids[index] ?? null),
    held: place.held || pinned,
    progress: Math.min(1, ((now - place.since) % turnMs) / turnMs),
    hold,
    step,
  };
}

/** When something last happened to one of these incidents. */
export function newestEvent(incidents: readonly Incident[]): number {
  const instants = incidents.flatMap((incident) => [
    incident.startedAt,
    incident.acknowledgedAt,
    incident.mitigatedAt,
    incident.lastUpdate?.at ?? null,
    ...incident.roles.map((slot) => slot.since),
  ]);
  return instants.reduce((newest, at) => (at === null ? newest : Math.max(newest, Date.parse(at))), 0);
}
