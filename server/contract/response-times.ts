import type { Incident } from '#server/contract/incident.ts';

/** Milliseconds from the start of an incident; null is not yet, or never. */
export interface ResponseTimes {
  acknowledgeMs: number | null;
  mitigateMs: number | null;
  resolveMs: number | null;
}

export function responseTimes(
  incident: Pick<Incident, 'startedAt' | 'acknowledgedAt' | 'mitigatedAt' | 'resolvedAt'>,
): ResponseTimes {
  const since = (instant: string | null) =>
    instant === null ? null : Math.max(0, Date.parse(instant) - Date.parse(incident.startedAt));
  return {
    acknowledgeMs: since(incident.acknowledgedAt),
    mitigateMs: since(incident.mitigatedAt),
    resolveMs: since(incident.resolvedAt),
  };
}
