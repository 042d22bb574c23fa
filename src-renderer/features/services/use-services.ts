import { useCallback, useMemo, useState } from 'react';
import type { Service, ServiceDraft } from '#server/contract/service.ts';
import type { OutboxItem } from '../../replica/outbox.ts';
import { useReplica, useSession, useSubmit, useTable } from '../../session.tsx';
import type { Saved } from '../config/use-document.ts';
import { type Firing, firingByService, serviceGraph, type ServiceGraph } from './service-graph.ts';

export function useServiceGraph(): ServiceGraph {
  const table = useTable('service');
  return useMemo(() => serviceGraph(table.rows.values()), [table]);
}

export function useFiringByService(graph: ServiceGraph): ReadonlyMap<string, Firing> {
  const alerts = useTable('alert');
  return useMemo(() => firingByService(alerts.rows.values(), graph), [alerts, graph]);
}

/** Name of the team, or of the owner where no team has that name; empty where nobody owns it. */
export function useOwnerOf(): (service: Pick<Service, 'teamId' | 'ownerText'>) => string {
  const teams = useTable('team');
  return useCallback(
    ({ teamId, ownerText }) => (teamId === null ? ownerText : (teams.rows.get(teamId)?.name ?? 'a team deleted since')),
    [teams],
  );
}

export function useServiceActions() {
  const { replica, uuid } = useSession();
  const submit = useSubmit();
  const [busy, setBusy] = useState(false);

  async function run(action: Parameters<typeof submit>[0], id: string, version: number | null): Promise<Saved> {
    setBusy(true);
    try {
      const submitted = await submit(action, version === null ? {} : { baseVersion: version });
      if (!submitted.ok) return { outcome: 'refused', reason: submitted.reason };
      const result = await submitted.settled;
      if (result?.outcome === 'rejected') {
        // The editor shows the reason and keeps what was typed, so nothing is left for the outbox to hold.
        await replica.outbox.discard(submitted.id);
        return { outcome: 'refused', reason: result.reason };
      }
      if (result?.outcome === 'conflict') return { outcome: 'conflict', id };
      return { outcome: 'saved', id, version: result?.outcome === 'applied' ? result.version : null };
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    save(draft: ServiceDraft, basis: { id: string; version: number } | null) {
      const serviceId = basis?.id ?? uuid();
      return run({ kind: 'service.save', serviceId, draft }, serviceId, basis?.version ?? null);
    },
    remove: (serviceId: string) => run({ kind: 'service.delete', serviceId }, serviceId, null),
  };
}

/** Saves of this service that somebody else's save met on the way. */
export function useServiceConflicts(id: string | null): OutboxItem[] {
  const outbox = useReplica((state) => state.outbox);
  return outbox.filter(
    ({ state, intent: { action } }) =>
      state === 'conflict' && action.kind === 'service.save' && action.serviceId === id,
  );
}
