import { longestItemList } from '#server/expressions/mapping.ts';

export interface IngestLimits {
  /** Items a key may send in a minute; null lifts the limit. */
  perMinute: number | null;
  /** Items a key may send at once after a quiet time. */
  burst: number;
  /** Bytes of a body, as sent and unpacked, and items in it. */
  body: BodyLimits;
  /** The same for Alertmanager and Prometheus, which drop what is refused as too large. */
  alertmanagerBody: BodyLimits;
  item: ItemLimits;
  /** Records waiting to be processed at which new ones are refused. */
  backlog: number;
}

export interface BodyLimits {
  sentBytes: number;
  unpackedBytes: number;
  items: number;
}

export interface ItemLimits {
  depth: number;
  keys: number;
  /** Of one list; what the expressions' cost bound counts on. */
  listElements: number;
}

const kib = 1_024;
const mib = 1_024 * kib;

export const defaultIngestLimits: IngestLimits = {
  perMinute: 30_000,
  burst: 10_000,
  body: { sentBytes: 512 * kib, unpackedBytes: 512 * kib, items: 500 },
  alertmanagerBody: { sentBytes: 10 * mib, unpackedBytes: 20 * mib, items: Number.POSITIVE_INFINITY },
  item: { depth: 32, keys: 1_000, listElements: longestItemList },
  backlog: 500_000,
};

/** The limits with another rate (null for none); the burst keeps its proportion to it. */
export function ingestLimits(perMinute: number | null): IngestLimits {
  const { burst, perMinute: usual } = defaultIngestLimits;
  if (perMinute === null || usual === null) return { ...defaultIngestLimits, perMinute };
  return { ...defaultIngestLimits, perMinute, burst: Math.max(1, Math.ceil((burst * perMinute) / usual)) };
}

/** What about this item is beyond the limits, in words, or null. Looks no further than the limits go. */
export function beyondLimits(item: unknown, limits: ItemLimits): string | null {
  let keys = 0;

  function look(value: unknown, depth: number): string | null {
    // It is read as infinite and would be stored as null: another alert than the one that was checked.
    if (typeof value === 'number' && !Number.isFinite(value)) return 'It holds a number beyond 1.8e308.';
    if (typeof value !== 'object' || value === null) return null;
    if (depth > limits.depth) return `It is nested deeper than ${limits.depth} levels.`;
    if (Array.isArray(value)) {
      if (value.length > limits.listElements) return `It holds a list of more than ${limits.listElements} elements.`;
      for (const element of value) {
        const problem = look(element, depth + 1);
        if (problem !== null) return problem;
      }
      return null;
    }
    for (const key of Object.keys(value)) {
      keys += 1;
      if (keys > limits.keys) return `It has more than ${limits.keys} keys.`;
      const problem = look((value as Record<string, unknown>)[key], depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }

  return look(item, 1);
}
