// Paging's stores over the memory model. Each method is one statement: others may run before it.
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ClockStore } from '#server/modules/escalation/clock-guard.ts';
import type { PagedIncident, PagingFactsReader } from '#server/modules/escalation/facts.ts';
import { isRunning, noticed } from '#server/modules/escalation/notice.ts';
import type { EscalationState, EscalationStore, FiredStep, Turn } from '#server/modules/escalation/state.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { EntryDraft } from '#server/modules/ledger/trace.ts';
import type { NotificationState, PageState, PageStore } from '#server/modules/notify/state.ts';
import { isActive } from '#server/modules/silences/rules.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import { people, teams } from '#server/testkit/paging-sim/paging-config.ts';
import { CommitConflict, type MemoryDatabase, type Row, type Table } from '#server/testkit/sim/memory-database.ts';
import { severityRank, type Severity } from '#server/contract/severity.ts';

/** Guards that a test takes away, to see that the simulation notices. */
export interface PagingBugs {
  noStepKey?: boolean;
  noRowLock?: boolean;
  /** An acknowledgement stops the escalation but cancels nothing. */
  pagesLive?: boolean;
  /** Acknowledging an incident has nothing to do with its pages. */
  ackIgnored?: boolean;
  holdIgnored?: boolean;
  noFencing?: boolean;
  noIntentRow?: boolean;
  /** A claim is used however old it is. */
  oldClaims?: boolean;
  /** Due times stay where they are when the clock is set. */
  noClockGuard?: boolean;
  noLedger?: boolean;
}

/** Escalation steps as they were fired, each in the transaction of its pages. */
export interface Fired extends FiredStep, Row {
  elapsed: number;
  /** When its turn began: the machine may have slept between that and its writing. */
  decided: number;
}
export type NotificationRow = NotificationState & { claimedUntil: string | null };

export function createMemoryPaging(
  database: MemoryDatabase,
  pause: () => Promise<void>,
  world: { elapsed(): number; now(): number; newId(): string },
  bugs: PagingBugs,
) {
  let pageNumber = 8_820;
  const begun = new WeakMap<Tx, number>();

  function select<R extends Row>(tx: Tx, table: Table, holds: (row: R) => boolean, locks = true): R[] {
    const found = database.rows<R>(tx, table).filter(holds);
    if (locks) for (const row of found) database.lockRow(tx, table, row.id);
    return found.map((row) => structuredClone(row));
  }
  const fresh = (tx: Tx) => {
    if (bugs.noRowLock !== true && database.isLost(tx)) throw new CommitConflict('rows changed since they were read');
  };

  const store: EscalationStore = {
    async notice(tx, at, incidents) {
      await pause();
      for (const incident of incidents) {
        const [before] = select<EscalationState>(tx, 'escalation', (row) => row.id === incident.id);
        if (before === undefined) database.lockRow(tx, 'escalation', incident.id);
        const { next } = noticed(before ?? null, incident, at);
        database.put(tx, 'escalation', next);
      }
    },
    async lockDue(tx, now, limit, except) {
      begun.set(tx, world.elapsed());
      await pause();
      const due = (row: EscalationState) =>
        (row.changed || (row.nextAt !== null && row.nextAt <= now)) && !except.includes(row.id);
      return select<EscalationState>(tx, 'escalation', due, bugs.noRowLock !== true).slice(0, limit);
    },
    async lock(tx, id) {
      await pause();
      return select<EscalationState>(tx, 'escalation', (row) => row.id === id)[0] ?? null;
    },
    async save(tx, _at, states) {
      await pause();
      fresh(tx);
      for (const state of states) database.put(tx, 'escalation', structuredClone(state));
    },
    async claimSteps(tx, steps) {
      await pause();
      fresh(tx);
      const claimed: FiredStep[] = [];
      for (const step of steps) {
        const id = `${step.incidentId} ${step.run} ${step.policyVersion} ${step.stepId} ${step.loop}`;
        if (bugs.noStepKey !== true) {
          if (database.get(tx, 'step', id) !== undefined) continue;
          database.lockRow(tx, 'step', id);
          database.put(tx, 'step', { id });
        }
        const elapsed = world.elapsed();
        const decided = begun.get(tx) ?? elapsed;
        database.put(tx, 'fired', { ...step, id: world.newId(), elapsed, decided } satisfies Fired);
        claimed.push(step);
      }
      return claimed;
    },
    async lockTurns(tx, steps) {
      await pause();
      return steps.map(({ policyId, stepId }) => {
        const id = `${policyId} ${stepId}`;
        database.lockRow(tx, 'turn', id);
        return { policyId, stepId, next: database.get<Turn & Row>(tx, 'turn', id)?.next ?? 0 };
      });
    },
    async saveTurns(tx, turns) {
      await pause();
      for (const turn of turns)
        database.put(tx, 'turn', { ...turn, id: `${turn.policyId} ${turn.stepId}` } as Turn & Row);
    },
  };

  const pages: PageStore = {
    async nextNumbers(_tx, count) {
      return Array.from({ length: count }, () => (pageNumber += 1));
    },
    async add(tx, _at, made, notifications) {
      await pause();
      for (const page of made) database.put(tx, 'page', page);
      if (bugs.noIntentRow === true) return;
      for (const row of notifications)
        database.put(tx, 'notification', { ...row, claimedUntil: null } as NotificationRow);
    },
    async openOf(tx, ids) {
      await pause();
      return select<PageState>(tx, 'page', (page) => page.status === 'open' && ids.includes(page.incidentId));
    },
    async end(tx, at, ids, { status, by, userIds }) {
      await pause();
      const mine = (page: PageState) =>
        page.status === 'open' &&
        ids.includes(page.incidentId) &&
        (userIds === null || (page.userId !== null && userIds.includes(page.userId)));
      const ended = select<PageState>(tx, 'page', mine);
      for (const page of ended) database.put(tx, 'page', { ...page, status, endedAt: at, endedBy: by });
      if (bugs.pagesLive === true) return;
      const of = new Set(ended.map((page) => page.id));
      const open = (row: NotificationRow) =>
        of.has(row.pageId) && (row.status === 'pending' || row.status === 'sending');
      for (const row of select<NotificationRow>(tx, 'notification', open)) {
        database.put(tx, 'notification', { ...row, status: 'cancelled' } as NotificationRow);
      }
    },
  };

  const ledger: LedgerStore = {
    async append(tx, entries) {
      await pause();
      if (bugs.noLedger !== true) for (const entry of entries) database.put(tx, 'ledger', entry satisfies EntryDraft);
    },
  };

  function pagedIncident(tx: Tx, incident: IncidentState): PagedIncident {
    const alerts = database.rows<AlertState>(tx, 'alert').filter((alert) => alert.incidentId === incident.id);
    const firing = alerts.filter((alert) => alert.status === 'firing');
    const suppressed = bugs.holdIgnored === true ? [] : firing.filter((alert) => alert.suppressedBy !== null);
    const suppressedBy: Record<string, number> = {};
    for (const { suppressedBy: by } of suppressed) suppressedBy[by ?? ''] = (suppressedBy[by ?? ''] ?? 0) + 1;
    const rank = (alert: AlertState) => severityRank(alert.severity as Severity);
    const worst = (firing.length > 0 ? firing : alerts).toSorted(
      (a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1),
    )[0];
    const { id, number, version, title, severity, status, services, alertCount, restrictedTo } = incident;
    return {
      id,
      number,
      version,
      title,
      severity,
      status,
      services: [...services],
      alertCount,
      restrictedTo,
      declared: incident.declaredBy !== null,
      worst: worst === undefined ? null : worstOf(worst),
      firing: firing.length,
      suppressed: suppressed.length,
      suppressedBy,
    };
  }

  const facts: PagingFactsReader = {
    async incidents(tx, ids) {
      await pause();
      return database
        .rows<IncidentState>(tx, 'incident')
        .filter(({ id }) => ids.includes(id))
        .map((i) => pagedIncident(tx, i));
    },
    people: () => Promise.resolve({ people, teams }),
    async silences(tx, at) {
      const active = database.rows<SilenceState>(tx, 'silence').filter((silence) => isActive(silence, at));
      return active.map(({ id, reason }) => ({ id, name: `the silence “${reason}”` }));
    },
    async openIncidents(tx) {
      await pause();
      database.lock(tx, 'inhibitions', 'alone');
      const open = database.rows<IncidentState>(tx, 'incident').filter((incident) => incident.status !== 'resolved');
      return open.map((incident) => ({
        ...pagedIncident(tx, incident),
        held: database.get<EscalationState>(tx, 'escalation', incident.id)?.status === 'held',
      }));
    },
  };

  const clockStore: ClockStore = {
    async read() {
      await pause();
      const [row] = database.committed<Row & { movedMs: number }>('clock');
      return { nowMs: world.now(), movedMs: row?.movedMs ?? 0 };
    },
    async hold(tx) {
      database.lockRow(tx, 'clock', 'clock');
      const row = database.get<Row & { movedMs: number }>(tx, 'clock', 'clock');
      return { nowMs: world.now(), movedMs: row?.movedMs ?? 0 };
    },
    async lockMoved(tx) {
      await pause();
      database.lockRow(tx, 'clock', 'clock');
      return database.get<Row & { movedMs: number }>(tx, 'clock', 'clock')?.movedMs ?? 0;
    },
    async move(tx, at, byMs, movedMs) {
      await pause();
      const moved = (instant: string | null) =>
        instant === null ? null : new Date(Date.parse(instant) + byMs).toISOString();
      const rows = select<EscalationState>(tx, 'escalation', (row) => row.nextAt !== null);
      for (const row of rows) {
        const begun = row.run > 0 && isRunning(row);
        database.put(tx, 'escalation', { ...row, nextAt: begun ? moved(row.nextAt) : at });
      }
      const open = (row: NotificationRow) => row.status === 'pending' || row.status === 'sending';
      for (const row of select<NotificationRow>(tx, 'notification', open)) {
        const { dueAt, plannedAt, firstTriedAt, claimedUntil } = row;
        const times = { dueAt: moved(dueAt)!, plannedAt: moved(plannedAt)!, claimedUntil: moved(claimedUntil) };
        database.put(tx, 'notification', { ...row, ...times, firstTriedAt: moved(firstTriedAt) } as NotificationRow);
      }
      database.put(tx, 'clock', { id: 'clock', movedMs } as Row & { movedMs: number });
      return rows.map((row) => row.id);
    },
  };

  return {
    store,
    pages,
    ledger,
    facts,
    clockStore,
    async addTimeline(tx: Tx, entries: readonly TimelineEntry[]) {
      await pause();
      for (const entry of entries) database.put(tx, 'timeline', entry);
    },
  };
}

function worstOf({ title, severity, service, source, fingerprint, labels, annotations }: AlertState) {
  return { title, severity, service, source, fingerprint, labels: { ...labels }, annotations: { ...annotations } };
}
