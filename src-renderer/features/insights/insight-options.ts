// The report as pictures and tables. Pure.
import type { AlertOutcomes, InsightsReport, InsightsSpan, Percentiles } from '#server/contract/insights.ts';
import { severities, type Severity, severityNumber } from '#server/contract/severity.ts';
import { numberText, plural, t } from '../../language/words.ts';
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
      // The edge of a bar of no height would be a dash below the days on which nothing began.
      data: report.spans.map(({ [severity]: value }) =>
        value === 0 ? { value, itemStyle: { borderWidth: 0 } } : value,
      ),
    })),
  };
}

export function noiseOption(report: InsightsReport, look: ChartLook): ChartOption {
  return {
    ...base(report, look, (value) => t`${value} %`),
    yAxis: {
      ...valueAxis(look),
      min: 0,
      max: 100,
      interval: 50,
      axisLabel: { color: look.faint, formatter: '{value} %' },
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
  const unit =
    most >= 3 * 3_600_000
      ? { ms: 3_600_000, name: t`h` }
      : most >= 3 * 60_000
        ? { ms: 60_000, name: t`min` }
        : { ms: 1_000, name: t`s` };
  const labels = endLabels(
    percentileNames.map((name) => report.spans.findLast((span) => span[which][name] !== null)?.[which][name] ?? null),
    most,
  );
  return {
    ...base(report, look, (value) => durationWords(value * unit.ms)),
    yAxis: {
      ...valueAxis(look),
      minInterval: most < 60_000 ? 1 : 0,
      axisLabel: { color: look.faint, formatter: `{value} ${unit.name}` },
    },
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
      endLabel: { show: labels[i] !== '', formatter: labels[i] ?? '', color: look.muted, fontSize: 11 },
      data: report.spans.map(({ [which]: { [name]: ms } }) => (ms === null ? null : ms / unit.ms)),
    })),
  };
}

/** Lines that end at nearly the same height share one label, or their names would lie over each other. */
export function endLabels(ends: readonly (number | null)[], most: number): string[] {
  const nearBy = most * 0.09;
  const shared = new Set<number>();
  return percentileNames.map((name, i) => {
    const end = ends[i] ?? null;
    if (end === null || shared.has(i)) return '';
    const names: string[] = [name];
    for (let other = i + 1; other < percentileNames.length; other += 1) {
      const otherEnd = ends[other] ?? null;
      if (otherEnd === null || Math.abs(otherEnd - end) > nearBy) continue;
      shared.add(other);
      names.push((percentileNames[other] ?? '').slice(1));
    }
    return names.join(' ');
  });
}

export function severityTable(report: InsightsReport): ChartTable {
  return {
    columns: [t`From`, ...severities.map(severityName)],
    rows: report.spans.map((span) => [dayOf(span.from), ...severities.map((severity) => span[severity])]),
  };
}

export function noiseTable(report: InsightsReport): ChartTable {
  return {
    columns: [t`From`, t`Noise`, t`Answered`, t`Silenced`, t`Open`, t`Share`],
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
    columns: [t`From`, t`Incidents`, ...percentileNames],
    rows: report.spans.map((span) => [
      dayOf(span.from),
      span[which].count,
      ...percentileNames.map((name) => msWords(span[which][name])),
    ]),
  };
}

export function severityWords({ whole }: InsightsReport): string {
  const parts = severities.flatMap((severity) =>
    whole[severity] === 0 ? [] : [`${numberText(whole[severity])} ${severityName(severity)}`],
  );
  return parts.length === 0 ? t`No incident began.` : `${parts.join(', ')}.`;
}

export function noiseWords({ whole: { alerts } }: InsightsReport): string {
  const judged = alerts.noise + alerts.answered;
  if (judged === 0) return t`No alert was answered, and none ended unanswered.`;
  return t`${shareWords(noiseShare(alerts))} of ${plural(judged, { one: '1 alert', other: '# alerts' })} ended unanswered.`;
}

export function timesWords({ count, p50, p90, p95 }: Percentiles, what: string): string {
  if (count === 0) return t`No incident was ${what}.`;
  return t`Half within ${msWords(p50)}, 90 % within ${msWords(p90)}, 95 % within ${msWords(p95)}, of ${numberText(count)}.`;
}

/** In per cent of what was answered or noise: silenced and still open ones are neither. Null without any. */
export function noiseShare({ noise, answered }: AlertOutcomes): number | null {
  return noise + answered === 0 ? null : Math.round((100 * noise) / (noise + answered));
}

export function shareWords(share: number | null): string {
  return share === null ? t`none` : t`${share} %`;
}

/** `12 Nov`: spans begin at midnight of UTC. */
export function dayOf(instant: string): string {
  return `${Number(instant.slice(8, 10))} ${months[Number(instant.slice(5, 7)) - 1] ?? ''}`;
}

export function everyWords({ spanMs }: Pick<InsightsReport, 'spanMs'>): string {
  return spanMs === dayMs ? t`a day` : spanMs === 7 * dayMs ? t`a week` : t`${spanMs / dayMs} days`;
}

function severityName(severity: Severity): string {
  return severity === 'info' ? t`info` : `SEV${severityNumber(severity)}`;
}

const months = [t`Jan`, t`Feb`, t`Mar`, t`Apr`, t`May`, t`Jun`, t`Jul`, t`Aug`, t`Sep`, t`Oct`, t`Nov`, t`Dec`];

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
  return ms === null ? t`none` : durationWords(ms);
}
