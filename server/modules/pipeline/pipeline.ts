// From log records to alerts in incidents: a visible list of steps over one batch, in one transaction.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { ChangeEvent } from '#server/contract/incident.ts';
import type { AlertSignal, ChangeSignal, Signal } from '#server/contract/signal.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertChanges } from '#server/modules/alerts/changes.ts';
import type { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertChange, AlertKey, AlertState, AlertStore } from '#server/modules/alerts/state.ts';
import type { ChangeStore } from '#server/modules/changes/store.ts';
import type { Grouping, KnownToPipeline } from '#server/modules/grouping/service.ts';
import type { GroupingDecision } from '#server/modules/grouping/rules.ts';
import type { Inbox } from '#server/modules/pipeline/store.ts';
import type { Silences } from '#server/modules/silences/service.ts';
import type { Catalog } from '#server/modules/services/state.ts';
import type { SilenceStore } from '#server/modules/silences/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Disposition, LogRecord } from '#server/ports/event-log.ts';
import type { Random } from '#server/ports/random.ts';

export const pipelineGroup = 'pipeline';

export interface PipelineDeps<T> {
  /** Throws for a payload that cannot be understood; that record is parked as a dead letter. */
  normalise(record: LogRecord): Signal;
  inbox: Pick<Inbox<T>, 'claim'>;
  changes: ChangeStore<T>;
  alerts: Pick<AlertStore<T>, 'lockLatest'>;
  lifecycle: { decideSignal: typeof decideSignal };
  gate: SilenceStore<T>['gate'];
  silences: Pick<Silences<T>, 'mark'>;
  catalog: Catalog<T>;
  grouping: Grouping<T>;
  alertChanges: Pick<AlertChanges<T>, 'save'>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}

export interface Pipeline<T = Tx> {
  /** `ConsumerOptions.handle`: one disposition a record, in order. A throw undoes the whole batch. */
  handle(tx: T, records: LogRecord[]): Promise<Disposition[]>;
}

interface Item {
  record: LogRecord;
  signal: Signal | null;
  /** Set once it is known what becomes of the record; the steps after leave it alone. */
  disposition: Disposition | null;
}

interface Batch<T> {
  tx: T;
  at: string;
  items: Item[];
  changes: AlertChange[];
  events: AlertEvent[];
  /** The newest alert of each key, locked. */
  newest: Map<string, AlertState>;
  known: KnownToPipeline | undefined;
  decision: GroupingDecision | null;
}

export function createPipeline<T = Tx>(deps: PipelineDeps<T>): Pipeline<T> {
  const steps: ((batch: Batch<T>) => void | Promise<void>)[] = [
    normaliseRecords,
    claimRecords,
    recordChanges,
    applySignals,
    bindServices,
    markSilenced,
    groupAlerts,
    saveAll,
  ];

  /** Before the inbox: a record that is parked must not count as applied when it is replayed. */
  function normaliseRecords({ items }: Batch<T>): void {
    for (const item of items) {
      try {
        item.signal = deps.normalise(item.record);
      } catch (error) {
        item.disposition = {
          kind: 'dlq',
          reason: error instanceof Error ? error.message : 'It could not be understood.',
        };
      }
    }
  }

  async function claimRecords(batch: Batch<T>): Promise<void> {
    const { tx, at, items } = batch;
    const open = pending(items);
    const ids = [...new Set(open.map((item) => item.record.id))];
    const [claimed, newest, catalog] = await Promise.all([
      deps.inbox.claim(tx, pipelineGroup, ids, at),
      newestByKey(tx, open),
      deps.catalog.index(tx),
    ]);
    batch.newest = newest;
    batch.known = { rules: [], catalog };
    for (const item of open) {
      // The same record twice in one batch: the first one has it.
      if (!claimed.delete(item.record.id)) item.disposition = { kind: 'drop', reason: 'It was applied before.' };
    }
  }

  async function recordChanges({ tx, at, items }: Batch<T>): Promise<void> {
    const made: ChangeEvent[] = [];
    for (const item of pending(items)) {
      if (item.signal?.kind !== 'change') continue;
      made.push(changeEvent(item.signal, deps.random.uuid()));
      item.disposition = { kind: 'ok' };
    }
    await deps.changes.add(tx, at, made);
  }

  /** Signals of one key are folded in the order of the log. */
  function applySignals(batch: Batch<T>): void {
    const { newest } = batch;
    const open = pending(batch.items);
    const changes = new Map<string, AlertChange>();
    for (const item of open) {
      if (item.signal?.kind !== 'alert') continue;
      const key = keyOf(item.signal);
      const decision = deps.lifecycle.decideSignal(newest.get(key) ?? null, item.signal, batch.at, deps.random.uuid);
      if (decision.kind === 'unchanged') {
        item.disposition = { kind: 'drop', reason: decision.reason };
        continue;
      }
      for (const { before, after } of decision.changes) {
        const known = changes.get(after.id);
        changes.set(after.id, { before: known === undefined ? before : known.before, after });
        newest.set(key, after);
      }
      batch.events.push(...decision.events);
      item.disposition = { kind: 'ok' };
    }
    batch.changes = [...changes.values()];
  }

  /** An alert is then about the service of the catalog, whatever its source calls that. */
  function bindServices(batch: Batch<T>): void {
    batch.changes = batch.changes.map(({ before, after }) => {
      const bound = batch.known?.catalog.bind(after);
      const serviceId = bound?.serviceId ?? null;
      const service = bound?.name ?? after.service;
      if (serviceId === after.serviceId && service === after.service) return { before, after };
      return { before, after: { ...after, serviceId, service } };
    });
  }

  async function markSilenced(batch: Batch<T>): Promise<void> {
    const { tx, at, changes } = batch;
    const [marked, rules] = await Promise.all([deps.silences.mark(tx, at, changes), deps.grouping.rules(tx)]);
    if (batch.known !== undefined) batch.known.rules = rules;
    batch.changes = marked.changes;
    batch.events.push(...marked.events);
  }

  async function groupAlerts(batch: Batch<T>): Promise<void> {
    batch.decision = await deps.grouping.plan(batch.tx, batch.at, batch.changes, batch.known);
  }

  async function saveAll({ tx, at, decision, events }: Batch<T>): Promise<void> {
    if (decision !== null) await deps.alertChanges.save(tx, at, decision, events);
  }

  async function newestByKey(tx: T, items: Item[]): Promise<Map<string, AlertState>> {
    const keys = new Map<string, AlertKey>();
    for (const { signal } of items) if (signal?.kind === 'alert') keys.set(keyOf(signal), signal);
    const newest = await deps.alerts.lockLatest(tx, [...keys.values()]);
    return new Map(newest.map((alert) => [keyOf(alert), alert]));
  }

  return {
    async handle(tx, records) {
      // First of all, so that the time of the batch lies after every silence that came to its end before.
      await deps.gate(tx, 'shared');
      const at = new Date(deps.clock.now()).toISOString();
      const items = records.map((record): Item => ({ record, signal: null, disposition: null }));
      const batch: Batch<T> = {
        tx,
        at,
        items,
        changes: [],
        events: [],
        newest: new Map(),
        known: undefined,
        decision: null,
      };
      for (const step of steps) await step(batch);
      return items.map((item) => item.disposition ?? { kind: 'ok' });
    },
  };
}

function pending(items: Item[]): Item[] {
  return items.filter((item) => item.disposition === null);
}

function keyOf({ integrationId, dedupKey }: AlertKey | AlertSignal): string {
  return `${integrationId} ${dedupKey}`;
}

function changeEvent(signal: ChangeSignal, id: string): ChangeEvent {
  const { title, service, source, integrationId, links } = signal;
  return { id, version: 1, at: new Date(signal.at).toISOString(), title, service, source, integrationId, links };
}
