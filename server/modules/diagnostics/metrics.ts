// What a Prometheus that watches this server sees, beside the facts of the process itself.
import { counter, gauge, type Metric } from '#server/api/metrics.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog } from '#server/ports/event-log.ts';

/** Anyone may ask, so the database is asked no more often than this. */
const keptMs = 1_000;

export function createMetrics(deps: {
  log: Pick<EventLog, 'lag' | 'deadLetters'> & { waiting(): number };
  topic: string;
  group: string;
  /** Since the start. */
  taken(): { accepted: number; rejected: number; refused: number };
  processed(): number;
  firingAlerts(): Promise<number>;
  openIncidents(): Promise<number>;
  connectedClients(): number;
  clock: Pick<Clock, 'monotonic'>;
}): () => Promise<Metric[]> {
  const { log, clock } = deps;
  let kept: { until: number; metrics: Promise<Metric[]> } | null = null;

  async function read(): Promise<Metric[]> {
    const [lag, deadLetters, alerts, incidents] = await Promise.all([
      log.lag(deps.topic, deps.group),
      log.deadLetters.count(),
      deps.firingAlerts(),
      deps.openIncidents(),
    ]);
    const { accepted, rejected, refused } = deps.taken();
    return [
      counter('tocsin_ingest_accepted_total', 'Items accepted since the start.', accepted),
      counter('tocsin_ingest_rejected_total', 'Items named as bad in an accepted or refused post.', rejected),
      counter('tocsin_ingest_refused_total', 'Posts of which nothing was taken.', refused),
      counter('tocsin_pipeline_processed_total', 'Records that went through the pipeline.', deps.processed()),
      gauge('tocsin_log_lag_records', 'Accepted records that are not yet processed.', lag.records),
      gauge('tocsin_log_lag_seconds', 'Age of the oldest record that is not yet processed.', lag.oldestAgeMs / 1_000),
      gauge('tocsin_append_waiting', 'Records that wait in memory to be written to the log.', log.waiting()),
      gauge('tocsin_alerts_firing', 'Alerts that fire now, without those of restricted incidents.', alerts),
      gauge('tocsin_incidents_open', 'Incidents that are neither resolved nor restricted.', incidents),
      gauge('tocsin_dead_letters', 'Parked records that nobody has replayed or discarded.', deadLetters),
      gauge('tocsin_feed_clients', 'Clients connected to the change feed.', deps.connectedClients()),
    ];
  }

  return () => {
    if (kept === null || kept.until <= clock.monotonic()) {
      const entry = { until: clock.monotonic() + keptMs, metrics: read() };
      kept = entry;
      entry.metrics.catch(() => {
        if (kept === entry) kept = null;
      });
    }
    return kept.metrics;
  };
}
