// How PostgreSQL's values arrive in our code: instants as RFC 3339 text, 64-bit integers as numbers.
import pg from 'pg';

const oid = { int8: 20, timestamptz: 1184, int8Array: 1016, timestamptzArray: 1185 } as const;

/** Needs a session in UTC with DateStyle ISO, which the pool sets. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(id: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (id === oid.timestamptz) return instantFromText;
      if (id === oid.int8) return Number;
      if (id === oid.timestamptzArray) return (text: string) => listFromText(text).map(instantFromText);
      if (id === oid.int8Array) return (text: string) => listFromText(text).map(Number);
    }
    return pg.types.getTypeParser(id, format ?? 'text');
  },
};

/** `2026-11-21 16:00:00.123456+00` → `2026-11-21T16:00:00.123Z`. */
function instantFromText(text: string): string {
  const fraction = text[19] === '.' ? text.slice(20, text.indexOf('+', 20)) : '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}

/** One-dimensional arrays of values that hold no commas or braces of their own. */
function listFromText(text: string): string[] {
  const inside = text.slice(1, -1);
  return inside === '' ? [] : inside.split(',').map((item) => (item.startsWith('"') ? item.slice(1, -1) : item));
}
