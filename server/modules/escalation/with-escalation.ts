// Paging takes notice of every saved incident, in the transaction that saves it.
import type { Tx } from '#server/database/transaction.ts';
import type { EscalationStore } from '#server/modules/escalation/state.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { PageStore } from '#server/modules/notify/state.ts';

/** The same store; `noticed` is told that a commit with news for the worker is on its way. */
export function withEscalation<S extends IncidentStore<T>, T = Tx>(
  incidents: S,
  deps: {
    escalations: Pick<EscalationStore<T>, 'notice'>;
    pages: Pick<PageStore<T>, 'end'>;
    noticed(): void;
  },
): S {
  return {
    ...incidents,
    async save(tx: T, at: string, saved: IncidentState[]) {
      await incidents.save(tx, at, saved);
      await deps.escalations.notice(tx, at, saved);
      for (const status of ['mitigated', 'resolved'] as const) {
        const over = saved.filter((incident) => incident.status === status).map((incident) => incident.id);
        if (over.length > 0)
          await deps.pages.end(tx, at, over, { status: 'stopped', by: `it is ${status}`, userIds: null });
      }
      deps.noticed();
    },
  };
}

/**
 * When to wake the worker: a listener of commits does not know whose commit it is, so each one in the seconds after a
 * notice wakes it. Looking in vain costs one small query.
 */
export function createPagingHint(deps: { monotonic(): number; signal(): void }): {
  noticed(): void;
  committed(): void;
} {
  let until = 0;
  return {
    noticed() {
      until = deps.monotonic() + 2_000;
    },
    committed() {
      if (deps.monotonic() < until) deps.signal();
    },
  };
}
