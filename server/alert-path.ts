// From a record of the event log to an incident: what the pipeline is made of, and what time does to alerts.
import type { Cadence } from '#server/contract/severity.ts';
import type { Database } from '#server/database/pool.ts';
import { createAlertChanges } from '#server/modules/alerts/changes.ts';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import { createAlertTimers } from '#server/modules/alerts/timers.ts';
import { changeStore } from '#server/modules/changes/store.ts';
import { createGrouping } from '#server/modules/grouping/service.ts';
import { ruleStore } from '#server/modules/grouping/store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { taskStore } from '#server/modules/incidents/task-store.ts';
import { ingestTopic } from '#server/modules/ingest/service.ts';
import { normaliseRecord } from '#server/modules/ingest/sources/registry.ts';
import { createPipeline, pipelineGroup } from '#server/modules/pipeline/pipeline.ts';
import { inbox } from '#server/modules/pipeline/store.ts';
import { withPostmortemDrafts } from '#server/modules/postmortems/draft.ts';
import { postmortemStore } from '#server/modules/postmortems/store.ts';
import type { Catalog } from '#server/modules/services/state.ts';
import { createSilences } from '#server/modules/silences/service.ts';
import { silenceStore } from '#server/modules/silences/store.ts';
import { pagedIncidents } from '#server/paging.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { LogRecord } from '#server/ports/event-log.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

const batchSize = 500;

export type AlertPath = ReturnType<typeof createAlertPath>;

export function createAlertPath(deps: {
  database: Database;
  log: EventLog;
  catalog: Catalog;
  /** Minutes between updates, as they are chosen now. */
  cadence(): Cadence;
  clock: Clock;
  random: Random;
  logger: Logger;
}) {
  const { database, log, catalog, cadence, clock, random, logger } = deps;
  const incidents = withPostmortemDrafts(pagedIncidents(incidentStore), {
    postmortems: postmortemStore,
    tasks: taskStore,
    random,
  });
  const grouping = createGrouping({
    alerts: alertStore,
    incidents,
    rules: ruleStore,
    catalog,
    cadence,
    random,
    logger,
  });
  const alertChanges = createAlertChanges({
    alerts: alertStore,
    incidents,
    plan: grouping.plan,
    recount: silenceStore.recount,
  });
  const silences = createSilences({
    transact: database.withTransaction,
    silences: silenceStore,
    alerts: alertStore,
    apply: alertChanges.apply,
    clock,
    random,
  });
  const pipeline = createPipeline({
    normalise,
    inbox,
    changes: changeStore,
    alerts: alertStore,
    lifecycle: { decideSignal },
    gate: silenceStore.gate,
    silences,
    catalog,
    grouping,
    alertChanges,
    clock,
    random,
  });
  let processed = 0;
  const consumer = log.consumer({
    topic: ingestTopic,
    group: pipelineGroup,
    batchSize,
    handle: pipeline.handle,
    committed: (records) => (processed += records.length),
  });
  const timers = createAlertTimers({
    transact: database.withTransaction,
    alerts: alertStore,
    silences,
    apply: alertChanges.apply,
    lag: () => log.lag(ingestTopic, pipelineGroup),
    clock,
    random,
    logger,
  });

  return { incidents, alertChanges, silences, consumer, timers, processed: () => processed };
}

function normalise(record: LogRecord) {
  const read = normaliseRecord(record);
  if (!read.ok) throw new Error(read.reason);
  return read.signal;
}
