// The alert path, wired as the composition root wires it, over whichever stores: SQL for tests and measurements on a
// real PostgreSQL, the memory model for the simulation.
import type { GroupingRule } from '#server/contract/grouping.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import type { AlertSignal, Signal } from '#server/contract/signal.ts';
import type { Tx } from '#server/database/transaction.ts';
import { createAlertChanges } from '#server/modules/alerts/changes.ts';
import { createAlertIntents } from '#server/modules/alerts/intents.ts';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertStore, DueAlertStore, FiringAlertStore } from '#server/modules/alerts/state.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { createAlertTimers } from '#server/modules/alerts/timers.ts';
import { type ChangeStore, changeStore } from '#server/modules/changes/store.ts';
import { builtInRule } from '#server/modules/grouping/built-in.ts';
import { createGrouping } from '#server/modules/grouping/service.ts';
import type { RuleStore } from '#server/modules/grouping/state.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { createPipeline } from '#server/modules/pipeline/pipeline.ts';
import { type Inbox, inbox } from '#server/modules/pipeline/store.ts';
import { createSilenceIntents } from '#server/modules/silences/intents.ts';
import { createSilences } from '#server/modules/silences/service.ts';
import { createCatalogIndex } from '#server/modules/services/catalog-index.ts';
import type { Catalog } from '#server/modules/services/state.ts';
import type { SilenceStore } from '#server/modules/silences/state.ts';
import { silenceStore } from '#server/modules/silences/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { LogRecord } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface AlertStores {
  alerts: AlertStore & DueAlertStore & FiringAlertStore;
  incidents: IncidentStore;
  rules: RuleStore;
  silences: SilenceStore;
  inbox: Pick<Inbox, 'claim'>;
  changes: ChangeStore;
}

export const sqlStores: AlertStores = {
  alerts: alertStore,
  incidents: incidentStore,
  rules: ruleStore,
  silences: silenceStore,
  inbox,
  changes: changeStore,
};

const emptyIndex = createCatalogIndex(0, []);
const noCatalog: Catalog = { index: () => Promise.resolve(emptyIndex) };

export type AlertWorld = ReturnType<typeof createAlertWorld>;

export function createAlertWorld(deps: {
  stores: AlertStores;
  transact<R>(body: (tx: Tx) => Promise<R>): Promise<R>;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Left out, there is none. */
  catalog?: Catalog;
}) {
  const { stores, transact, clock, random, logger, catalog = noCatalog } = deps;
  const { alerts, incidents, rules } = stores;
  const grouping = createGrouping({
    alerts,
    incidents,
    rules,
    catalog,
    cadence: () => updateCadenceMinutes,
    random,
    logger,
  });
  const alertChanges = createAlertChanges({ alerts, incidents, plan: grouping.plan, recount: stores.silences.recount });
  const { apply } = alertChanges;
  const silences = createSilences({ transact, silences: stores.silences, alerts, apply, clock, random });
  const pipeline = createPipeline({
    normalise: (record) => JSON.parse(record.payload) as Signal,
    inbox: stores.inbox,
    changes: stores.changes,
    alerts,
    lifecycle: { decideSignal },
    gate: stores.silences.gate,
    silences,
    catalog,
    grouping,
    alertChanges,
    clock,
    random,
  });
  const timers = createAlertTimers({
    transact,
    alerts,
    silences,
    apply,
    lag: () => Promise.resolve({ oldestAgeMs: 0 }),
    clock,
    random,
    logger,
  });
  const alertIntents = createAlertIntents({ alerts, incidents, gate: stores.silences.gate, silences, apply, random });
  const silenceIntents = createSilenceIntents({ silences: stores.silences });
  const handle = (records: LogRecord[]) => transact((tx) => pipeline.handle(tx, records));

  return {
    pipeline,
    grouping,
    silences,
    timers,
    apply,
    intents: { ...alertIntents, ...silenceIntents },
    handle,
    /** Each signal as a record of its own, all in one batch. */
    send: (...signals: Signal[]) => handle(signals.map((signal) => aRecord(signal, random.uuid()))),
  };
}

export function aRecord(signal: Signal, id: string): LogRecord {
  const place = { topic: 'ingest', partition: 0, offset: '', key: '', type: signal.source };
  return { ...place, id, payload: JSON.stringify(signal), receivedAt: signal.receivedAt };
}

/** A rule that groups by service like the built-in one; say what differs. */
export function aRule(id: string, change: Partial<GroupingRule> = {}): GroupingRule {
  return { ...builtInRule(id, '2026-01-01T00:00:00.000Z'), ...change };
}

/** A firing signal; say what differs. */
export function aSignal(change: Partial<AlertSignal> & Pick<AlertSignal, 'receivedAt'>): AlertSignal {
  const dedupKey = change.dedupKey ?? 'checkout/HighLatency';
  return {
    kind: 'alert',
    action: 'fire',
    integrationId: '00000000-0000-7000-8000-000000000001',
    source: 'alertmanager',
    dedupKey,
    fingerprint: dedupKey.slice(0, 16),
    title: 'HighLatency',
    severity: 'sev2',
    service: 'checkout',
    labels: { alertname: 'HighLatency', service: 'checkout', env: 'prod' },
    annotations: { summary: 'p99 latency above 2 s' },
    sourceUrl: null,
    runbookUrl: null,
    startsAt: null,
    endsAt: null,
    ...change,
  };
}
