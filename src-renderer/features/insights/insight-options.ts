// The report as pictures and tables. Pure.
import type { AlertOutcomes, InsightsReport, InsightsSpan, Percentiles } from '#server/contract/insights.ts';
import { severities, type Severity, severityNumber } from '#server/contract/severity.ts';
import { durationWords } from '../../time-format.ts';
import type { ChartTable } from '../../ui/chart/chart-table.tsx';
import { type ChartLook, dashes } from '../../ui/chart/look.ts';
import { axisLook, type ChartOption, tooltipLook } from '../../ui/chart/option.ts';

const dayMs = 86_400_000;
const percentileNames = ['p50', 'p90', 'p95'] as const;

export function severityOption(report: InsightsReport, look: ChartLook): ChartOption {
  return {
    ...base(report, look, (value) => `${value}`),
    yAxis: { ...valueAxis(look), minInterval: 1 },
    series: severities.map((severity) => ({
      type: 'bar' as const,
      name: severityName(severity),
      stack: 'incidents',
      barMaxWidth: 28,
      itemStyle: { color: look.severity[severity], borderColor: look.canvas, borderWidth: 0.5 },
      data: report.spans.map((span) => span[severity]),
    })),
  };
}

export function noiseOption(report: InsightsReport, look: ChartLook): ChartOption {
  return {
    ...base(report, look, (value) => `${value}%`),
    yAxis: {
      ...valueAxis(look),
      min: 0,
      max: 100,
      interval: 50,
      axisLabel: { color: look.faint, formatter: '{value}%' },
    },
    series: [
      {
        type: 'bar',
        name: 'noise',
        barMaxWidth: 28,
        itemStyle: { color: look.bar },
        data: report.spans.map((span) => noiseShare(span.alerts)),
      },
    ],
  };
}

export function timesOption(report: InsightsReport, which: 'acknowledge' | 'resolve', look: ChartLook): ChartOption {
  const most = Math.max(0, ...report.spans.map((span) => span[which].p95 ?? 0));
  const unit = most >= 3 * 3_600_000 ? { ms: 3_600_000, name: 'h' } : { ms: 60_000, name: 'min' };
  return {
    ...base(report, look, (value) => durationWords(value * unit.ms)),
    yAxis: { ...valueAxis(look), axisLabel: { color: look.faint, formatter: `{value} ${unit.name}` } },
    series: percentileNames.map((name, i) => ({
      type: 'line' as const,
      name,
      symbolSize: 5,
      connectNulls: false,
      lineStyle: {
        color: i === 0 ? look.text : look.muted,
        width: i === 0 ? 2 : 1.5,
        type: dashes[i] as 'solid' | number[],
      },
      itemStyle: { color: i === 0 ? look.text : look.muted },
      endLabel: { show: true, formatter: name, color: look.muted, fontSize: 11 },
      labelLayout: { moveOverlap: 'shiftY' as const },
      data: report.spans.map(({ [which]: { [name]: ms } }) => (ms === null ? null : ms / unit.ms)),
    })),
  };
}

export function severityTable(report: InsightsReport): ChartTable {
  return {
    columns: ['From', ...severities.map(severityName)],
    rows: report.spans.map((span) => [dayOf(span.from), ...severities.map((severity) => span[severity])]),
  };
}

export function noiseTable(report: InsightsReport): ChartTable {
  return {
    columns: ['From', 'Noise', 'Answered', 'Silenced', 'Open', 'Share'],
    rows: report.spans.map(({ from, alerts }) => [
      dayOf(from),
      alerts.noise,
      alerts.answered,
      alerts.silenced,
      alerts.open,
      shareWords(noiseShare(alerts)),
    ]),
  };
}

export function timesTable(report: InsightsReport, which: 'acknowledge' | 'resolve'): ChartTable {
  return {
    columns: ['From', 'Incidents', ...percentileNames],
    rows: report.spans.map((span) => [
      dayOf(span.from),
      span[which].count,
      ...percentileNames.map((name) => msWords(span[which][name])),
    ]),
  };
}

export function severityWords({ whole }: InsightsReport): string {
  const parts = severities.flatMap((severity) =>
    whole[severity] === 0 ? [] : [`${whole[severity].toLocaleString('en')} ${severityName(severity)}`],
  );
  return parts.length === 0 ? 'No incident began.' : `${parts.join(', ')}.`;
}

export function noiseWords({ whole: { alerts } }: InsightsReport): string {
  const judged = alerts.noise + alerts.answered;
  if (judged === 0) return 'No alert was answered, and none ended unanswered.';
  return `${shareWords(noiseShare(alerts))} of ${judged.toLocaleString('en')} alerts ended without anybody having answered them.`;
}

export function timesWords({ count, p50, p90, p95 }: Percentiles, what: string): string {
  if (count === 0) return `No incident was ${what}.`;
  return `Half within ${msWords(p50)}, 90% within ${msWords(p90)}, 95% within ${msWords(p95)}, of ${count.toLocaleString('en')}.`;
}

/** In per cent of what was answered or noise: silenced and still open ones are neither. Null without any. */
export function noiseShare({ noise, answered }: AlertOutcomes): number | null {
  return noise + answered === 0 ? null : Math.round((100 * noise) / (noise + answered));
}

export function shareWords(share: number | null): string {
  return share === null ? 'none' : `${share}%`;
}

/** `12 Nov`: spans begin at midnight of UTC. */
export function dayOf(instant: string): string {
  return `${Number(instant.slice(8, 10))} ${months[Number(instant.slice(5, 7)) - 1] ?? ''}`;
}

export function everyWords({ spanMs }: Pick<InsightsReport, 'spanMs'>): string {
  return spanMs === dayMs ? 'a day' : spanMs === 7 * dayMs ? 'a week' : `${spanMs / dayMs} days`;
}

function severityName(severity: Severity): string {
  return severity === 'info' ? 'info' : `SEV${severityNumber(severity)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function base(report: InsightsReport, look: ChartLook, words: (value: number) => string): ChartOption {
  return {
    tooltip: {
      ...tooltipLook(look),
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: look.line } },
      valueFormatter: (value) => (typeof value === 'number' ? words(value) : 'none'),
    },
    xAxis: {
      type: 'category',
      data: report.spans.map((span: InsightsSpan) => dayOf(span.from)),
      ...axisLook(look),
    },
  };
}

function valueAxis(look: ChartLook) {
  return {
    type: 'value' as const,
    splitNumber: 3,
    axisLabel: { color: look.faint },
    splitLine: { lineStyle: { color: look.line, opacity: 0.6 } },
  };
}

function msWords(ms: number | null): string {
  return ms === null ? 'none' : durationWords(ms);
}
