import { describe, expect, it } from 'vitest';
import type { InsightsReport } from '#server/contract/insights.ts';
import { sampleInsights } from '../../testkit/sample-insights.ts';
import { dashes, lookOf } from '../../ui/chart/look.ts';
import {
  endLabels,
  everyWords,
  noiseOption,
  noiseShare,
  noiseTable,
  noiseWords,
  severityOption,
  severityTable,
  severityWords,
  shareWords,
  timesOption,
  timesTable,
  timesWords,
} from './insight-options.ts';

const report = sampleInsights(Date.parse('2026-11-21T14:32:10.000Z'));
const look = lookOf('dark', (name) => name);
type Drawn = { name?: string; data?: unknown[]; lineStyle?: { type?: unknown } };
const drawn = (option: { series?: unknown }) => [option.series].flat() as Drawn[];
const figureOf = (drawnAs: unknown) => (typeof drawnAs === 'object' ? (drawnAs as { value: number }).value : drawnAs);
const none = { answered: 0, noise: 0, silenced: 0, open: 0 };
const quiet: InsightsReport = {
  ...report,
  whole: { ...report.whole, sev1: 0, sev2: 0, sev3: 0, info: 0, alerts: none },
};

describe('each picture and its table', () => {
  it('has a line of the table for every span, with the same figures', () => {
    const [sev1, sev2] = drawn(severityOption(report, look));
    expect(severityTable(report).rows.map((row) => row[1])).toEqual(sev1?.data?.map(figureOf));
    expect(severityTable(report).rows.map((row) => row[2])).toEqual(sev2?.data?.map(figureOf));
    const share = (value: unknown) => shareWords(value as number | null);
    expect(share(null)).toBe('none');
    expect(noiseTable(report).rows.map((row) => row[5])).toEqual(drawn(noiseOption(report, look))[0]?.data?.map(share));
    for (const table of [severityTable(report), noiseTable(report), timesTable(report, 'resolve')])
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
  });

  it('tells its lines apart by dash and name, and leaves a gap where there is no figure', () => {
    const lines = drawn(timesOption(report, 'acknowledge', look));
    expect(lines.map((line) => line.name)).toEqual(['p50', 'p90', 'p95']);
    expect(lines.map((line) => line.lineStyle?.type)).toEqual(dashes.slice(0, 3));
    expect(lines[0]?.data?.[5]).toBeNull();
  });

  it('counts in hours once minutes would be many', () => {
    const unit = (which: 'acknowledge' | 'resolve', factor: number) => {
      const spans = report.spans.map((span) => ({ ...span, resolve: { ...span.resolve, p95: 3_600_000 * factor } }));
      return JSON.stringify(timesOption({ ...report, spans }, which, look).yAxis);
    };
    expect(unit('resolve', 0.04)).toContain('{value} s');
    expect(unit('resolve', 2)).toContain('{value} min');
    expect(unit('resolve', 3)).toContain('{value} h');
  });
});

describe('the names at the ends of the lines', () => {
  it('are one where the lines end at nearly the same height', () => {
    expect(endLabels([10, 500, 900], 1_000)).toEqual(['p50', 'p90', 'p95']);
    expect(endLabels([10, 860, 900], 1_000)).toEqual(['p50', 'p90 95', '']);
    expect(endLabels([900, 900, 900], 1_000)).toEqual(['p50 90 95', '', '']);
    expect(endLabels([null, 860, null], 1_000)).toEqual(['', 'p90', '']);
  });
});

describe('in words', () => {
  it('judges noise by what was answered or ended, not by what is silenced or open', () => {
    expect(noiseShare({ answered: 3, noise: 1, silenced: 90, open: 90 })).toBe(25);
    expect(noiseShare({ ...none, open: 2 })).toBeNull();
    expect(
      noiseWords({ ...report, whole: { ...report.whole, alerts: { ...none, answered: 1_500, noise: 500 } } }),
    ).toBe('25 % of 2,000 alerts ended unanswered.');
  });

  it('never says nothing as a figure', () => {
    expect(severityWords(quiet)).toBe('No incident began.');
    expect(noiseWords(quiet)).toMatch(/^No alert was answered/);
    expect(timesWords({ count: 0, p50: null, p90: null, p95: null }, 'resolved')).toBe('No incident was resolved.');
    expect(timesWords({ count: 2, p50: 60_000, p90: 90_000, p95: 90_000 }, 'resolved')).toBe(
      'Half within 1 min, 90 % within 1 min 30 s, 95 % within 1 min 30 s, of 2.',
    );
  });

  it('names the length of a span', () => {
    expect([1, 7, 28].map((days) => everyWords({ spanMs: days * 86_400_000 }))).toEqual(['a day', 'a week', '28 days']);
  });
});
