import { describe, expect, it } from 'vitest';
import { insightsCsv } from '#server/modules/insights/csv.ts';
import { insightsReport, reportSpan } from '#server/modules/insights/report.ts';
import type { AlertFigures, IncidentFigures } from '#server/modules/insights/store.ts';

const nowMs = Date.parse('2026-11-21T14:32:10.000Z');
const figures = (span: number | null, fields: Partial<IncidentFigures> = {}): IncidentFigures => ({
  span,
  sev1: 0,
  sev2: 1,
  sev3: 0,
  info: 0,
  acknowledged: 1,
  acknowledgeMs: [60_000, 60_000, 60_040],
  resolved: 0,
  resolveMs: null,
  ...fields,
});
const alerts = (fields: Partial<AlertFigures>): AlertFigures => ({
  of: 'span',
  span: null,
  service: null,
  answered: 0,
  noise: 0,
  silenced: 0,
  open: 0,
  ...fields,
});

describe('the time of a report', () => {
  it.each([
    [7, '2026-11-15T00:00:00.000Z', 1],
    [28, '2026-10-25T00:00:00.000Z', 1],
    [91, '2026-08-23T00:00:00.000Z', 7],
    [364, '2025-11-23T00:00:00.000Z', 28],
    [100, '2026-08-09T00:00:00.000Z', 7],
  ])('%i days are whole spans up to the end of today', (days, from, spanDays) => {
    expect(reportSpan(nowMs, days)).toEqual({ from, to: '2026-11-22T00:00:00.000Z', spanMs: spanDays * 86_400_000 });
  });
});

describe('a report', () => {
  const span = reportSpan(nowMs, 7);
  const report = insightsReport(
    span,
    [figures(null, { sev1: 2 }), figures(6)],
    [
      alerts({ of: 'whole', noise: 5, answered: 5 }),
      alerts({ span: 6, noise: 5 }),
      alerts({ of: 'service', noise: 4, service: 'checkout' }),
      alerts({ of: 'service', noise: 1, service: null }),
      alerts({ of: 'service', noise: 0, service: 'quiet' }),
    ],
    ['checkout'],
  );

  it('has every span, also those in which nothing was', () => {
    expect(report.spans).toHaveLength(7);
    expect(report.spans[0]).toMatchObject({ sev2: 0, acknowledge: { count: 0, p50: null }, alerts: { noise: 0 } });
    expect(report.spans[6]).toMatchObject({ sev2: 1, alerts: { noise: 5 } });
    expect(report.spans[6]?.to).toBe(report.to);
  });

  it('keeps the whole apart from spans and services, and names only services with noise', () => {
    expect(report.whole).toMatchObject({ sev1: 2, alerts: { noise: 5, answered: 5 } });
    expect(report.noisiest.map((each) => each.service)).toEqual(['checkout', null]);
  });

  it('is a line a span as CSV, in seconds, empty where there is no figure', () => {
    const lines = insightsCsv(report).split('\r\n');
    expect(lines).toHaveLength(9);
    expect(lines[7]).toBe('2026-11-21T00:00:00.000Z,2026-11-22T00:00:00.000Z,0,1,0,0,1,60,60,60,0,,,,0,5,0,0');
    expect(new Set(lines.slice(0, -1).map((line) => line.split(',').length))).toEqual(new Set([18]));
  });
});
