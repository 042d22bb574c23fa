// Four weeks of a shop, for looking at the pictures of Insights.
import type { InsightsReport, InsightsSpan } from '#server/contract/insights.ts';

const dayMs = 86_400_000;

export function sampleInsights(nowMs: number): InsightsReport {
  const toMs = (Math.floor(nowMs / dayMs) + 1) * dayMs;
  const spans = Array.from({ length: 28 }, (_, i) => span(toMs - (28 - i) * dayMs, i));
  const sum = (of: (each: InsightsSpan) => number): number => spans.reduce((total, each) => total + of(each), 0);
  const alerts = {
    answered: sum((each) => each.alerts.answered),
    noise: sum((each) => each.alerts.noise),
    silenced: sum((each) => each.alerts.silenced),
    open: sum((each) => each.alerts.open),
  };
  const [from, to] = [instant(toMs - 28 * dayMs), instant(toMs)];
  return {
    from,
    to,
    spanMs: dayMs,
    spans,
    whole: {
      from,
      to,
      sev1: sum((each) => each.sev1),
      sev2: sum((each) => each.sev2),
      sev3: sum((each) => each.sev3),
      info: sum((each) => each.info),
      acknowledge: { count: 61, p50: 142_000, p90: 610_000, p95: 840_000 },
      resolve: { count: 58, p50: 2_460_000, p90: 9_120_000, p95: 14_300_000 },
      alerts,
    },
    noisiest: ['checkout', 'search', 'inventory', null].map((service, i) => ({
      service,
      alerts: { answered: 40 - i * 6, noise: 61 - i * 14, silenced: 4, open: i },
    })),
    services: ['checkout', 'gateway', 'inventory', 'payments', 'search'],
  };
}

function span(fromMs: number, i: number): InsightsSpan {
  const quiet = i % 7 >= 5;
  const seconds = (base: number): number => (base + ((i * 37) % 11) * (base / 6)) * 1_000;
  const times = (base: number) =>
    quiet
      ? { count: 0, p50: null, p90: null, p95: null }
      : { count: 3, p50: seconds(base), p90: seconds(base * 2.4), p95: seconds(base * 3) };
  return {
    from: instant(fromMs),
    to: instant(fromMs + dayMs),
    sev1: i % 9 === 4 ? 1 : 0,
    sev2: quiet ? 0 : (i % 3) + 1,
    sev3: quiet ? 1 : (i * 5) % 4,
    info: i % 6 === 0 ? 1 : 0,
    acknowledge: times(90),
    resolve: times(1_500),
    alerts: { answered: quiet ? 3 : 14 + (i % 5), noise: 6 + ((i * 7) % 13), silenced: 2, open: 0 },
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
