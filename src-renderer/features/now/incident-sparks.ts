import { useMemo } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { addToSpark, emptySpark, type Spark, spanOf } from '../../ui/spark.ts';
import { usePaced } from '../../ui/use-paced.ts';

/** All alerts are read through, so not more often than this. */
const redrawMs = 2_000;

/** The last hour of each of these incidents, from the alerts that this machine holds. */
export function useIncidentSparks(incidents: readonly Incident[]): ReadonlyMap<string, Spark> {
  const alerts = usePaced(useTable('alert'), null, redrawMs);
  const endSpan = spanOf(useServerNow());
  return useMemo(
    () =>
      incidentSparks(
        incidents.map((incident) => incident.id),
        alerts.rows.values(),
        endSpan,
      ),
    [incidents, alerts, endSpan],
  );
}

export function incidentSparks(
  ids: readonly string[],
  alerts: Iterable<Alert>,
  endSpan: number,
): ReadonlyMap<string, Spark> {
  const sparks = new Map(ids.map((id) => [id, emptySpark()]));
  if (sparks.size === 0) return sparks;
  for (const alert of alerts) {
    const spark = alert.incidentId === null ? undefined : sparks.get(alert.incidentId);
    if (spark !== undefined) addToSpark(spark, endSpan, alert);
  }
  return sparks;
}
