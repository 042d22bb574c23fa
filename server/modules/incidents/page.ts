import { z } from 'zod';

/** Where a page of a list goes on: the time and id of its last item. Opaque to clients. */
export const Cursor = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/, 'is not a cursor of this list');

export interface Place {
  at: string;
  id: string;
}

export function placeOf(cursor: string | null): Place | null {
  if (cursor === null) return null;
  const [at, id] = cursor.split('_');
  return { at: at!, id: id! };
}

/** `rows` holds one more than the limit when there is a next page. */
export function pageOf<R>(
  rows: R[],
  limit: number,
  place: (row: R) => Place,
): { items: R[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  const { at, id } = place(last);
  return { items, nextCursor: `${at}_${id}` };
}
