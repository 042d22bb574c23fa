import { useCallback, useEffect, useRef, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { useDeviceNow } from '../../time.ts';

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

/** One picture at a time, 20 s each. Something new on a severe incident pins the timeline for 60 s; a person can hold. */
export function useRotation(ids: readonly string[], incidents: readonly Incident[]): Rotation {
  const now = useDeviceNow();
  const [place, setPlace] = useState({ index: 0, since: now });
  const [held, setHeld] = useState(false);
  const [pinnedUntil, setPinnedUntil] = useState(0);
  const news = incidents.map((incident) => `${incident.id} ${incident.status} ${incident.severity} ${incident.lastUpdate?.at ?? ''}`).join('|');
  const seen = useRef(news);

  useEffect(() => {
    if (seen.current === news) return;
    seen.current = news;
    setPinnedUntil(now + pinMs);
  }, [news, now]);

  const pinned = now < pinnedUntil && ids.includes('timeline');
  const count = ids.length;
  useEffect(() => {
    if (!held && !pinned && now - place.since >= turnMs && count > 1) setPlace({ index: place.index + 1, since: now });
  }, [held, pinned, now, place, count]);

  const step = useCallback(
    (by: number) => {
      setPinnedUntil(0);
      setPlace((old) => ({ index: old.index + by + count, since: now }));
    },
    [count, now],
  );
  const current = pinned ? 'timeline' : (ids[place.index % Math.max(1, count)] ?? null);
  return {
    current,
    held: held || pinned,
    progress: Math.min(1, (now - place.since) / turnMs),
    hold: useCallback(() => setHeld((old) => !old), []),
    step,
  };
}
