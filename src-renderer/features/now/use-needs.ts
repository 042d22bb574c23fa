import { useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { useMe, useTable } from '../../session.tsx';
import { type Need, needsMe } from './needs-me.ts';

/** What waits for this person at `atMs`, out of these incidents and everything that belongs to them. */
export function useNeeds({ rows: incidents }: { rows: ReadonlyMap<string, Incident> }, atMs: number): Need[] {
  const me = useMe();
  const tasks = useTable('task').rows;
  const asks = useTable('ask').rows;
  const polls = useTable('poll').rows;
  const updates = useTable('statusUpdate').rows;
  const pages = useTable('page').rows;
  const escalations = useTable('escalation').rows;
  return useMemo(
    () =>
      needsMe(
        { id: me.id, responds: roleAtLeast(me.role, 'responder') },
        incidents.values(),
        tasks.values(),
        atMs,
        { pages: pages.values(), escalations },
        { asks: asks.values(), polls: polls.values(), updates: updates.values() },
      ),
    [me, incidents, tasks, asks, polls, updates, pages, escalations, atMs],
  );
}
