// The storm as a picture: for each service and stretch of time, how many of its alerts fired in it. Pure.
import type { Alert } from '#server/contract/alert.ts';
import { byName } from '../../by-name.ts';
import { numberText, plural, t } from '../../language/words.ts';

export const heatHours = [1, 6, 24] as const;
export type HeatHours = (typeof heatHours)[number];

/** Cells on the time axis: a minute, six minutes, or 24 each. */
export const heatBins = 60;
/** More services than a screen has lines for share the last one. */
export const heatRowsMax = 24;

export interface HeatRow {
  /** Null for what names no service, and for the rest. */
  service: string | null;
  label: string;
  /** Oldest first. */
  counts: number[];
  most: number;
}

export interface StormHeat {
  fromMs: number;
  binMs: number;
  /** The fullest first. */
  rows: HeatRow[];
  most: number;
}

/** The span ends with the running cell, so that it moves on by whole cells. */
export function heatSpan(hours: HeatHours, nowMs: number): { fromMs: number; binMs: number } {
  const binMs = (hours * 3_600_000) / heatBins;
  return { fromMs: (Math.floor(nowMs / binMs) + 1) * binMs - heatBins * binMs, binMs };
}

export function stormHeat(
  alerts: Iterable<Pick<Alert, 'service' | 'firstSeenAt' | 'resolvedAt'>>,
  { fromMs, binMs }: { fromMs: number; binMs: number },
): StormHeat {
  const lines = new Map<string | null, number[]>();
  for (const { service, firstSeenAt, resolvedAt } of alerts) {
    const from = Math.max(0, Math.floor((Date.parse(firstSeenAt) - fromMs) / binMs));
    const to = resolvedAt === null ? heatBins - 1 : Math.floor((Date.parse(resolvedAt) - fromMs) / binMs);
    if (to < 0 || from >= heatBins) continue;
    const counts = lines.get(service) ?? emptyLine();
    lines.set(service, counts);
    for (let i = from; i <= Math.min(to, heatBins - 1); i += 1) counts[i] = (counts[i] as number) + 1;
  }
  const rows = [...lines]
    .map(([service, counts]) => ({ service, label: service ?? t`no service`, counts, most: Math.max(...counts) }))
    .toSorted((a, b) => sum(b.counts) - sum(a.counts) || byName(a.label, b.label));
  const shown =
    rows.length > heatRowsMax ? [...rows.slice(0, heatRowsMax - 1), rest(rows.slice(heatRowsMax - 1))] : rows;
  return { fromMs, binMs, rows: shown, most: Math.max(0, ...shown.map((row) => row.most)) };
}

export function heatWords({ rows, fromMs, binMs }: StormHeat, time: (ms: number) => string): string {
  const [fullest] = rows.toSorted((a, b) => b.most - a.most);
  if (fullest === undefined) return t`Of the alerts held here, none fired in this time.`;
  const at = time(fromMs + fullest.counts.indexOf(fullest.most) * binMs);
  const most = t`Most in ${fullest.label}: ${numberText(fullest.most)} firing at ${at}.`;
  const others =
    rows.length === 1
      ? t`Nothing else fired.`
      : t`${plural(rows.length - 1, { one: '1 more line', other: '# more lines' })} below.`;
  return `${most} ${others}`;
}

/** The fullest of them in each cell: their sum would outshine every service that has a line of its own. */
function rest(rows: readonly HeatRow[]): HeatRow {
  const counts = emptyLine();
  for (const row of rows)
    for (const [i, count] of row.counts.entries()) counts[i] = Math.max(counts[i] as number, count);
  return { service: null, label: t`most of ${rows.length} more`, counts, most: Math.max(...counts) };
}

function emptyLine(): number[] {
  return Array.from({ length: heatBins }, () => 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
