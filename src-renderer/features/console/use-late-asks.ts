import { useMemo } from 'react';
import { useTable } from '../../session.tsx';
import { isOverdue } from './console-facts.ts';

/** Asks that nobody answered in time, by incident. `now` should seldom change: it is counted anew each time. */
export function useLateAsks(now: number): ReadonlyMap<string, number> {
  const asks = useTable('ask');
  return useMemo(() => {
    const late = new Map<string, number>();
    for (const ask of asks.rows.values())
      if (isOverdue(ask, now)) late.set(ask.incidentId, (late.get(ask.incidentId) ?? 0) + 1);
    return late;
  }, [asks, now]);
}
