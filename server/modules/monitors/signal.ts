import type { StoredDocument } from '#server/modules/config/state.ts';
import type { Untold } from '#server/modules/monitors/store.ts';

/** What the event log is told: `ingest/sources/heartbeat.ts` reads it. A monitor deleted since only ends its alert. */
export function signalOf(one: Untold, monitor: StoredDocument<'monitor'> | null) {
  const { monitorId, missed, lastBeatAt } = one;
  if (monitor === null) return { monitorId, action: 'resolve' };
  const { name, severity, service, intervalSeconds, graceSeconds, labels } = monitor.draft;
  return {
    monitorId,
    action: missed ? 'fire' : 'resolve',
    title: `No heartbeat from ${name}`,
    severity,
    service,
    labels: { ...labels, monitor: name },
    annotations: {
      description:
        `${name} has to call every ${intervalSeconds} s, and ${graceSeconds} s later its silence counts. ` +
        (lastBeatAt === null ? 'It has not called yet.' : `It called last at ${lastBeatAt}.`),
    },
  };
}
