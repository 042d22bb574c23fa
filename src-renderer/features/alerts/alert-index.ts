// The alert list's own index over the replica: columns of small numbers, so that 50,000 rows filter in a few milliseconds.
import type { Alert } from '#server/contract/alert.ts';
import { severities, severityRank } from '#server/contract/severity.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import { sameFilter } from './alert-filter.ts';
import { createColumns, createNames, growColumns, sameWords, wordsOf } from './alert-columns.ts';
import {
  acknowledged,
  type AlertFacets,
  countFacets,
  createCounts,
  facetsOf,
  failMarks,
  failService,
  failSeverity,
  failSource,
  failStatus,
  firing,
  flapping,
  markBits,
  suppressed,
} from './alert-facets.ts';
import { kindOf } from './telling-label.ts';

export const alertSorts = ['severity', 'seen', 'count', 'newest'] as const;
export type AlertSort = (typeof alertSorts)[number];

export interface AlertQuery {
  /** Every alert that passes, in order. */
  alerts: Alert[];
  /** Of each of them, a number for what it looks like: title and service. */
  kinds: Uint32Array;
  facets: AlertFacets;
  /** Everything that passes but for its status: what the histogram of arrivals counts. */
  arrivals: ArrivalHistogram;
}

export interface ArrivalHistogram {
  fromMs: number;
  binMs: number;
  /** Per severity rank, one count a bin. */
  bins: number[][];
}

export interface AlertIndex {
  put(alert: Alert): void;
  remove(id: string): void;
  /** Takes what became of the rows with these ids. */
  update(ids: Iterable<string>, alerts: ReadonlyMap<string, Alert>): void;
  /** Makes the index hold exactly these; true when anything changed. */
  sync(alerts: ReadonlyMap<string, Alert>): boolean;
  query(filter: AlertFilter, options: { sort: AlertSort; nowMs: number }): AlertQuery;
  readonly size: number;
}

export const histogramBins = 120;
export const histogramBinMs = 30_000;

/** Sort keys carry the slot in their low bits, so one native number sort orders everything. */
const slotBits = 2 ** 18;
const secondBits = 2 ** 30;
/** 30 bits of seconds reach from here to 2054. */
const secondsEpoch = Date.UTC(2020, 0, 1) / 1000;

/** 34 bits of milliseconds, 198 days: older ones count as that old. */
const newestMaxMs = 2 ** 34;

const unknown = 0;
const matches = 1;
const misses = 2;

export function createAlertIndex(): AlertIndex {
  const slotOf = new Map<string, number>();
  const alerts: (Alert | undefined)[] = [];
  const free: number[] = [];
  const services = createNames();
  const sources = createNames();
  let columns = createColumns(1_024);
  let text = '';
  /** What passed without a text, in order, while no alert has changed: of what a text leaves over nothing is sorted. */
  let ordered: { filter: AlertFilter; sort: AlertSort; nowMs: number; slots: Uint32Array } | null = null;

  function put(alert: Alert): void {
    let slot = slotOf.get(alert.id);
    if (slot === undefined) {
      slot = free.pop() ?? alerts.length;
      slotOf.set(alert.id, slot);
      if (slot >= columns.rank.length) columns = growColumns(columns);
    } else if (alerts[slot] === alert) {
      return;
    }
    const before = alerts[slot];
    ordered = null;
    alerts[slot] = alert;
    columns.rank[slot] = severityRank(alert.severity);
    columns.bits[slot] =
      (alert.status === 'firing' ? firing : 0) |
      (alert.acknowledged ? acknowledged : 0) |
      (alert.suppressed ? suppressed : 0) |
      (alert.flapping ? flapping : 0);
    columns.service[slot] = services.idOf(alert.service ?? '');
    columns.source[slot] = sources.idOf(alert.source);
    columns.firstSeen[slot] = Date.parse(alert.firstSeenAt);
    columns.lastSeen[slot] = Date.parse(alert.lastSeenAt);
    if (before === undefined || before.id !== alert.id || !sameWords(before, alert)) {
      columns.words[slot] = wordsOf(alert);
      columns.kind[slot] = kindOf(alert);
      columns.textMatch[slot] = unknown;
    }
  }

  function remove(id: string): void {
    const slot = slotOf.get(id);
    if (slot === undefined) return;
    ordered = null;
    slotOf.delete(id);
    alerts[slot] = undefined;
    columns.words[slot] = '';
    free.push(slot);
  }

  function update(ids: Iterable<string>, next: ReadonlyMap<string, Alert>): void {
    for (const id of ids) {
      const alert = next.get(id);
      if (alert === undefined) remove(id);
      else put(alert);
    }
  }

  function sync(next: ReadonlyMap<string, Alert>): boolean {
    let changed = false;
    for (const [id, alert] of next) {
      const slot = slotOf.get(id);
      if (slot !== undefined && alerts[slot] === alert) continue;
      put(alert);
      changed = true;
    }
    if (next.size === slotOf.size) return changed;
    for (const id of slotOf.keys()) if (!next.has(id)) remove(id);
    return true;
  }

  function query(filter: AlertFilter, options: { sort: AlertSort; nowMs: number }): AlertQuery {
    const tokens = useText(filter.text);
    const want = wantedOf(filter);
    const counts = createCounts(services.size(), sources.size());
    const fromMs = options.nowMs - histogramBins * histogramBinMs;
    const arrivals: ArrivalHistogram = {
      fromMs,
      binMs: histogramBinMs,
      bins: severities.map(() => Array.from({ length: histogramBins }, () => 0)),
    };
    const passes = new Uint8Array(alerts.length);
    let found = 0;

    for (let slot = 0; slot < alerts.length; slot += 1) {
      const alert = alerts[slot];
      if (alert === undefined) continue;
      if (want.incidentId !== null && alert.incidentId !== want.incidentId) continue;
      if (tokens.length > 0 && !matchesText(slot, tokens)) continue;
      const fails = failsOf(slot, want);
      countFacets(counts, columns, slot, fails);
      if ((fails & ~failStatus) === 0) {
        const bin = Math.floor(((columns.firstSeen[slot] as number) - fromMs) / histogramBinMs);
        const row = arrivals.bins[columns.rank[slot] as number];
        if (bin >= 0 && bin < histogramBins && row !== undefined) row[bin] = (row[bin] as number) + 1;
      }
      if (fails !== 0) continue;
      passes[slot] = 1;
      found += 1;
    }

    const slots = inOrder(passes, found, filter, options);
    if (tokens.length === 0) ordered = { ...options, filter, slots };
    const result: Alert[] = [];
    const kinds = new Uint32Array(found);
    for (const slot of slots) {
      kinds[result.length] = columns.kind[slot] as number;
      result.push(alerts[slot] as Alert);
    }
    return { alerts: result, kinds, facets: facetsOf(counts, services, sources), arrivals };
  }

  function inOrder(
    passes: Uint8Array,
    found: number,
    filter: AlertFilter,
    options: { sort: AlertSort; nowMs: number },
  ): Uint32Array {
    const { sort, nowMs } = options;
    if (ordered?.sort === sort && ordered.nowMs === nowMs && sameFilter(ordered.filter, { ...filter, text: '' })) {
      return ordered.slots.length === found ? ordered.slots : ordered.slots.filter((slot) => passes[slot] === 1);
    }
    const keys = new Float64Array(found);
    let at = 0;
    for (const [slot, alert] of alerts.entries()) {
      if (alert === undefined || passes[slot] === 0) continue;
      keys[at] = sortKey(slot, alert, options);
      at += 1;
    }
    const newest = sort === 'newest';
    const slots = new Uint32Array(found);
    for (const [i, key] of keys.sort().entries()) {
      // The remainder by a power of two, several times faster than `%` is for numbers this large.
      const low = key - Math.floor(key / slotBits) * slotBits;
      slots[i] = newest ? slotBits - 1 - low : low;
    }
    return slots;
  }

  /** A text that only grew can keep what it already ruled out. */
  function useText(raw: string): string[] {
    const next = raw.trimStart().toLowerCase();
    if (next !== text) {
      if (text !== '' && next.startsWith(text)) {
        for (let i = 0; i < alerts.length; i += 1) {
          if (columns.textMatch[i] === matches) columns.textMatch[i] = unknown;
        }
      } else {
        columns.textMatch.fill(unknown);
      }
      text = next;
    }
    return next.split(/\s+/).filter((token) => token !== '');
  }

  function matchesText(slot: number, tokens: readonly string[]): boolean {
    const known = columns.textMatch[slot];
    if (known !== unknown) return known === matches;
    const words = columns.words[slot] as string;
    const hit = tokens.every((token) => words.includes(token));
    columns.textMatch[slot] = hit ? matches : misses;
    return hit;
  }

  function wantedOf(filter: AlertFilter): Wanted {
    const serviceIds = new Set(filter.services.map((name) => services.idOf(name)));
    const sourceIds = new Set(filter.sources.map((name) => sources.idOf(name)));
    return {
      ranks: filter.severities.reduce((bits, severity) => bits | (1 << severityRank(severity)), 0),
      statuses: filter.statuses.reduce((bits, status) => bits | (status === 'firing' ? 1 : 2), 0),
      marks: filter.marks.reduce((bits, mark) => bits | markBits[mark], 0),
      serviceIds,
      sourceIds,
      incidentId: filter.incidentId,
    };
  }

  function failsOf(slot: number, want: Wanted): number {
    const bits = columns.bits[slot] as number;
    return (
      (want.ranks !== 0 && (want.ranks & (1 << (columns.rank[slot] as number))) === 0 ? failSeverity : 0) |
      (want.statuses !== 0 && (want.statuses & ((bits & firing) !== 0 ? 1 : 2)) === 0 ? failStatus : 0) |
      (want.marks !== 0 && (want.marks & bits) === 0 ? failMarks : 0) |
      (want.serviceIds.size > 0 && !want.serviceIds.has(columns.service[slot] as number) ? failService : 0) |
      (want.sourceIds.size > 0 && !want.sourceIds.has(columns.source[slot] as number) ? failSource : 0)
    );
  }

  function sortKey(slot: number, alert: Alert, { sort, nowMs }: { sort: AlertSort; nowMs: number }): number {
    if (sort === 'newest') {
      const ageMs = Math.max(0, nowMs - (columns.firstSeen[slot] as number));
      // Of one millisecond, the later slot is most often the later alert.
      return Math.min(ageMs, newestMaxMs) * slotBits + (slotBits - 1 - slot);
    }
    if (sort === 'count') return (secondBits - Math.min(alert.count, secondBits - 1)) * slotBits + slot;
    if (sort === 'seen') return newestFirst(columns.lastSeen[slot] as number) * slotBits + slot;
    // By first seen within a severity: a repeat must not make rows jump under the reader's cursor.
    const bits = columns.bits[slot] as number;
    const level =
      ((bits & firing) === 0 ? 8 : 0) + ((bits & suppressed) === 0 ? 0 : 4) + (columns.rank[slot] as number);
    return level * (secondBits * slotBits) + newestFirst(columns.firstSeen[slot] as number) * slotBits + slot;
  }

  return {
    put,
    remove,
    update,
    sync,
    query,
    get size() {
      return slotOf.size;
    },
  };
}

function newestFirst(ms: number): number {
  return Math.max(0, Math.min(secondBits - 1, secondBits - 1 - (Math.floor(ms / 1000) - secondsEpoch)));
}

interface Wanted {
  ranks: number;
  statuses: number;
  marks: number;
  serviceIds: ReadonlySet<number>;
  sourceIds: ReadonlySet<number>;
  incidentId: string | null;
}
