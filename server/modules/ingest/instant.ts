const latest = Date.UTC(9999, 0, 1);
const format = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?$/;

export type ReadInstant = { ok: true; ms: number | null } | { ok: false };

/**
 * A time as sources write it: RFC 3339, or seconds or milliseconds since the epoch. Go's zero time, and nothing at all,
 * mean "not given".
 */
export function readInstant(value: unknown): ReadInstant {
  if (value === undefined || value === null || value === '') return { ok: true, ms: null };
  if (typeof value === 'number') {
    const ms = value < 100_000_000_000 ? value * 1_000 : value;
    return ms >= 0 && ms < latest ? { ok: true, ms: Math.round(ms) } : { ok: false };
  }
  if (typeof value !== 'string' || value.length > 64 || !format.test(value)) return { ok: false };
  const zoned = /[Zz]$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`;
  // Date.parse wants a colon in the offset.
  const ms = Date.parse(zoned.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(ms) || ms >= latest) return { ok: false };
  return { ok: true, ms: ms <= 0 ? null : ms };
}

/** When it began, for an alert: never after it was received, because clocks differ. */
export function beganAt(startsAt: number | null, receivedAt: number): number | null {
  return startsAt === null ? null : Math.min(startsAt, receivedAt);
}
