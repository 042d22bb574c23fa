import type { InsightsReport, InsightsSpan, Percentiles } from '#server/contract/insights.ts';

const heads = [
  'from',
  'to',
  'incidents sev1',
  'incidents sev2',
  'incidents sev3',
  'incidents info',
  'acknowledged',
  'p50 acknowledge s',
  'p90 acknowledge s',
  'p95 acknowledge s',
  'resolved',
  'p50 resolve s',
  'p90 resolve s',
  'p95 resolve s',
  'alerts answered',
  'alerts noise',
  'alerts silenced',
  'alerts open',
];

/** RFC 4180, a line a span. Nothing in it comes from outside: figures and instants only. */
export function insightsCsv(report: InsightsReport): string {
  return [heads, ...report.spans.map(line)].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function line({ from, to, sev1, sev2, sev3, info, acknowledge, resolve, alerts }: InsightsSpan): (string | number)[] {
  const { answered, noise, silenced, open } = alerts;
  return [from, to, sev1, sev2, sev3, info, ...cells(acknowledge), ...cells(resolve), answered, noise, silenced, open];
}

function cells({ count, p50, p90, p95 }: Percentiles): (string | number)[] {
  return [count, ...[p50, p90, p95].map((ms) => (ms === null ? '' : Math.round(ms / 100) / 10))];
}
