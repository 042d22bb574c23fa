import { useCallback, useMemo } from 'react';
import type { Service, ServiceDraft } from '#server/contract/service.ts';
import { useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import type { OutboxItem } from '../../replica/outbox/outbox.ts';
import { useReplica, useTable } from '../../session.tsx';
import { useSaving } from '../config/use-document.ts';
import { broughtBack } from './service-draft.ts';
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
    ({ teamId, ownerText }) =>
      teamId === null ? ownerText : (teams.rows.get(teamId)?.name ?? t`a team deleted since`),
    [teams],
  );
}

export function useServiceActions() {
  const { run, busy } = useSaving();
  // With its runbook, without which it would come back as less than it was.
  const whole = useCall((api, id: string) => api.services.get.query({ name: id }));
  return {
    busy: busy || whole.busy,
    save: (draft: ServiceDraft, { id, version }: { id: string; version: number | null }) =>
      run({ kind: 'service.save', serviceId: id, draft }, id, version, 'service'),
    async remove(serviceId: string) {
      const was = await whole.run(serviceId);
      const back = was === null ? null : broughtBack(was);
      return run({ kind: 'service.delete', serviceId }, serviceId, null, null, back);
    },
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
