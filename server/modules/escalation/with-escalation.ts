// Paging takes notice of every saved incident, in the transaction that saves it.
import type { Tx } from '#server/database/transaction.ts';
import type { EscalationStore } from '#server/modules/escalation/state.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { PageStore } from '#server/modules/notify/state.ts';

export function withEscalation<S extends IncidentStore<T>, T = Tx>(
  incidents: S,
  deps: {
    escalations: Pick<EscalationStore<T>, 'notice'>;
    pages: Pick<PageStore<T>, 'end'>;
  },
): S {
  return {
    ...incidents,
    async save(tx: T, at: string, saved: IncidentState[]) {
      await Promise.all([incidents.save(tx, at, saved), deps.escalations.notice(tx, at, saved)]);
      for (const status of ['mitigated', 'resolved'] as const) {
        const over = saved.filter((incident) => incident.status === status).map((incident) => incident.id);
        if (over.length > 0)
          await deps.pages.end(tx, at, over, { status: 'stopped', by: `it is ${status}`, userIds: null });
      }
    },
  };
}
