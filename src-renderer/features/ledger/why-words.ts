// What the ledger's answers look like on a screen. Pure.
import type { Why, WhyAttempt, WhyRow, WhyStep } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import { t } from '../../language/words.ts';

/** One line of the trace: a step, all attempts together, or what comes next. */
export type TraceItem =
  | { kind: 'step'; key: string; at: string; step: WhyStep }
  | { kind: 'attempts'; key: string; at: string; attempts: readonly WhyAttempt[] }
  | { kind: 'next'; key: string; at: string; text: string };

/** The table of attempts stands for these, and opens to show them. */
const insideAttempts: ReadonlySet<string> = new Set(['attempt', 'receipt', 'delivery', 'limit']);

/** Steps in order, the attempts as one table where the first of them left, and the next step last. */
export function traceOf({ steps, attempts, next }: Pick<Why, 'steps' | 'attempts' | 'next'>): TraceItem[] {
  const told = attempts.length > 0;
  const items: TraceItem[] = [];
  const shown = steps.filter((step) => !told || !insideAttempts.has(step.kind));
  const first = attempts.reduce((least, { at }) => (least === '' || at < least ? at : least), '');
  // Before what happened after the first attempt (an acknowledgement, the next step), after everything up to it.
  const after = told ? shown.findLastIndex((step) => step.at <= first && step.tone !== 'end') : -1;
  for (const [index, step] of shown.entries()) {
    items.push({ kind: 'step', key: `${step.entryId ?? step.kind} ${index}`, at: step.at, step });
    if (told && index === after) items.push({ kind: 'attempts', key: 'attempts', at: first, attempts });
  }
  if (told && after === -1) items.unshift({ kind: 'attempts', key: 'attempts', at: first, attempts });
  if (next !== null) items.push({ kind: 'next', key: 'next', at: next.at, text: next.text });
  return items;
}

/** `+4 ms` within the first minute, then null: the clock says it. Nothing for what was decided in the same moment. */
export function offsetWords(ms: number, previousMs: number | null): string | null {
  if (previousMs === null || ms >= 60_000) return null;
  if (Math.abs(ms - previousMs) < 0.5) return '';
  return ms < 1_000 ? t`+${Math.round(ms)} ms` : `+${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** The routes that were not tried, because one before them matched: `routes 4 to 9`. */
export function notReached(step: Pick<WhyStep, 'title' | 'rows' | 'kind'>): string | null {
  if (step.kind !== 'route') return null;
  const of = /\bof (\d+)\b/.exec(step.title)?.[1];
  const count = of === undefined ? step.rows.length : Number(of);
  const first = reachedRows(step.rows).length + 1;
  if (count < first) return null;
  return count === first ? t`route ${first}` : t`routes ${first} to ${count}`;
}

/** `delivered 14:31:26 UTC`; the day only where it is another than that of the attempt. */
export function receiptWords({ receipt, at }: Pick<WhyAttempt, 'receipt' | 'at'>): string {
  return receipt.replace(` on ${at.slice(0, 10)}`, '');
}

/** Without what the provider answered in its own notation: the record below the attempt has all of it. */
export function withoutRaw(answer: string): string {
  return answer.replace(/ · [{[<].*$/s, '');
}

/** Rules up to the one that matched; what was not reached is told in one line. */
export function reachedRows(rows: readonly WhyRow[]): WhyRow[] {
  return rows.filter(({ result }) => result !== 'not-reached');
}

/** Where names of policies, schedules and people stand in a sentence; the longest name wins. */
export function emphasised(text: string, names: Iterable<string>): { text: string; strong: boolean }[] {
  const wanted = [...new Set(names)].filter((name) => name.length >= 3).toSorted((a, b) => b.length - a.length);
  if (wanted.length === 0) return [{ text, strong: false }];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(${wanted.map(escaped).join('|')})(?![\\p{L}\\p{N}_-])`, 'gu');
  const parts: { text: string; strong: boolean }[] = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > done) parts.push({ text: text.slice(done, match.index), strong: false });
    parts.push({ text: match[0], strong: true });
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), strong: false });
  return parts;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export interface Lookup {
  schedule: string;
  /** Of the schedule, to read what it is today. */
  scheduleId: string;
  at: string;
  from: string;
  to: string;
  rows: {
    type: string;
    name: string;
    by: string | null;
    inForce: boolean;
    shifts: { userId: string; startsAt: string; endsAt: string }[];
  }[];
}

/** The pictures that the lookups recorded, one for each schedule that was asked. */
export function lookupsIn(entries: readonly LedgerEntry[]): Lookup[] {
  const found = new Map<string, Lookup>();
  for (const entry of entries) {
    if (entry.kind !== 'lookup') continue;
    const { explanation } = fieldsOf(entry.output);
    const { from, to, rows } = fieldsOf(explanation);
    const { at } = fieldsOf(entry.input);
    if (typeof from !== 'string' || typeof to !== 'string' || !Array.isArray(rows)) continue;
    const read = rows.map(rowOf);
    const result = rows.map(fieldsOf).find(({ type }) => type === 'result');
    const scheduleId = typeof result?.['id'] === 'string' ? result['id'] : entry.id;
    const schedule = typeof result?.['name'] === 'string' ? result['name'] : 'schedule';
    found.set(scheduleId, {
      schedule,
      scheduleId,
      at: typeof at === 'string' ? at : entry.at,
      from,
      to,
      rows: read,
    });
  }
  return [...found.values()];
}

function rowOf(row: unknown): Lookup['rows'][number] {
  const { type, name, by, inForce, shifts } = fieldsOf(row);
  return {
    type: typeof type === 'string' ? type : '',
    name: typeof name === 'string' ? name : '',
    by: typeof by === 'string' ? by : null,
    inForce: inForce === true,
    shifts: (Array.isArray(shifts) ? shifts : [])
      .map(fieldsOf)
      .flatMap(({ userId, startsAt, endsAt }) =>
        typeof userId === 'string' && typeof startsAt === 'string' && typeof endsAt === 'string'
          ? [{ userId, startsAt, endsAt }]
          : [],
      ),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Where a span lies between two instants, in per cent, clipped; null when it is outside. */
export function placeIn(
  from: string,
  to: string,
  startsAt: string,
  endsAt: string,
): { left: number; width: number } | null {
  const [a, b] = [Date.parse(from), Date.parse(to)];
  const [s, e] = [Math.max(a, Date.parse(startsAt)), Math.min(b, Date.parse(endsAt))];
  if (e <= s || b <= a) return null;
  return { left: (100 * (s - a)) / (b - a), width: (100 * (e - s)) / (b - a) };
}

/** What the provider answered and what came back, of one notification, as it was written down. */
export function saidAbout(entries: readonly LedgerEntry[], notificationId: string): LedgerEntry[] {
  return entries.filter(
    ({ kind, input }) => insideAttempts.has(kind) && JSON.stringify(input ?? null).includes(notificationId),
  );
}

/** A value of the ledger as text for a person; strings with line breaks stay as they were. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'null';
}

export function rowClass(row: WhyRow): string {
  return row.chosen ? 'why-row chosen' : 'why-row';
}
