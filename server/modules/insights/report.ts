// The figures in their spans, none left out: a quiet week is a week of noughts. Pure.
import type { AlertOutcomes, InsightsReport, InsightsSpan, Percentiles } from '#server/contract/insights.ts';
import type { AlertFigures, IncidentFigures } from '#server/modules/insights/store.ts';

const dayMs = 86_400_000;
const noisiestMax = 20;

export interface ReportSpan {
  from: string;
  to: string;
  spanMs: number;
}

/** Whole days of UTC up to the end of the running one: a bar a day for a month, a week for half a year, else 28 days. */
export function reportSpan(nowMs: number, days: number): ReportSpan {
  const spanMs = (days <= 31 ? 1 : days <= 184 ? 7 : 28) * dayMs;
  const toMs = (Math.floor(nowMs / dayMs) + 1) * dayMs;
  const fromMs = toMs - Math.ceil((days * dayMs) / spanMs) * spanMs;
  return { from: instant(fromMs), to: instant(toMs), spanMs };
}

export function insightsReport(
  { from, to, spanMs }: ReportSpan,
  incidents: readonly IncidentFigures[],
  alerts: readonly AlertFigures[],
  services: string[],
): InsightsReport {
  const fromMs = Date.parse(from);
  const bySpan = new Map(incidents.map((row) => [row.span, row]));
  const alertsBySpan = new Map(alerts.filter((row) => row.of !== 'service').map((row) => [row.span, row]));
  const figures = (span: number | null) => ({
    ...incidentFigures(bySpan.get(span)),
    alerts: outcomes(alertsBySpan.get(span)),
  });
  const count = Math.round((Date.parse(to) - fromMs) / spanMs);
  return {
    from,
    to,
    spanMs,
    spans: Array.from({ length: count }, (_, i) => ({
      from: instant(fromMs + i * spanMs),
      to: instant(fromMs + (i + 1) * spanMs),
      ...figures(i),
    })),
    whole: { from, to, ...figures(null) },
    noisiest: alerts
      .filter((row) => row.of === 'service' && row.noise > 0)
      .slice(0, noisiestMax)
      .map((row) => ({ service: row.service, alerts: outcomes(row) })),
    services,
  };
}

function incidentFigures(row: IncidentFigures | undefined): Omit<InsightsSpan, 'from' | 'to' | 'alerts'> {
  return {
    sev1: row?.sev1 ?? 0,
    sev2: row?.sev2 ?? 0,
    sev3: row?.sev3 ?? 0,
    info: row?.info ?? 0,
    acknowledge: percentiles(row?.acknowledged ?? 0, row?.acknowledgeMs ?? null),
    resolve: percentiles(row?.resolved ?? 0, row?.resolveMs ?? null),
  };
}

function percentiles(count: number, values: readonly (number | null)[] | null): Percentiles {
  const [p50 = null, p90 = null, p95 = null] = values ?? [];
  return { count, p50, p90, p95 };
}

function outcomes(row: AlertFigures | undefined): AlertOutcomes {
  return {
    answered: row?.answered ?? 0,
    noise: row?.noise ?? 0,
    silenced: row?.silenced ?? 0,
    open: row?.open ?? 0,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
