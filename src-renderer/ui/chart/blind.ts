// The part of a picture about which nothing is known: drawn hatched, never as a calm stretch.
import { useMemo } from 'react';
import { arrivalSpanMs, arrivalSpans } from '#server/contract/arrivals.ts';
import type { Freshness } from '../../replica/feed/freshness.ts';
import { useFreshness } from '../../session.tsx';

/** A stretch of the time axis, in shares of its length. */
export interface Blind {
  from: number;
  to: number;
}

/** Old data ends where the server was last heard; Live and Lagging reach to the end of the axis. */
export function blindOf({ state, dataAt }: Freshness, fromMs: number, toMs: number): Blind[] {
  if (state === 'live' || state === 'lagging' || toMs <= fromMs) return [];
  if (dataAt === null) return [{ from: 0, to: 1 }];
  const from = Math.max(0, (dataAt - fromMs) / (toMs - fromMs));
  return from >= 1 ? [] : [{ from, to: 1 }];
}

export function useBlind(fromMs: number, toMs: number): Blind[] {
  const freshness = useFreshness();
  const { state } = freshness;
  // The age grows every second, what is blind only where it starts.
  const dataAt = state === 'live' || state === 'lagging' ? null : freshness.dataAt;
  return useMemo(() => blindOf({ state, dataAt, ageMs: null }, fromMs, toMs), [state, dataAt, fromMs, toMs]);
}

/** For the lines of a list, in per cent of their hour: as `--blind` on the list it hatches the end of all of them. */
export function useSparkBlind(endSpan: number): string {
  const [blind] = useBlind((endSpan - arrivalSpans + 1) * arrivalSpanMs, (endSpan + 1) * arrivalSpanMs);
  return blind === undefined ? '0%' : `${Math.round((1 - blind.from) * 100)}%`;
}
