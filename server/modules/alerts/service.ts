import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { Alert, AlertEvent } from '#server/contract/alert.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import type { AlertSearchStore, Facets } from '#server/modules/alerts/search-store.ts';

export interface Alerts {
  /** `before` leaves out what was seen since. */
  list(
    actor: Actor,
    filter: AlertFilter,
    page: { before: string | null; cursor: string | null; limit: number },
  ): Promise<{ items: Alert[]; nextCursor: string | null }>;
  facets(actor: Actor, filter: AlertFilter): Promise<Facets>;
  get(actor: Actor, id: string): Promise<Alert>;
  history(
    actor: Actor,
    id: string,
    page: { cursor: string | null; limit: number },
  ): Promise<{ items: AlertEvent[]; nextCursor: string | null }>;
}

export function createAlerts({ search }: { search: AlertSearchStore }): Alerts {
  async function get(actor: Actor, id: string): Promise<Alert> {
    const alert = await search.get(actor, id);
    if (alert === null) throw new AppError('not-found', 'There is no such alert, or it is not yours to see.');
    return alert;
  }
  return {
    async list(actor, filter, { before, cursor, limit }) {
      const items = await search.list(actor, filter, {
        before,
        after: cursor === null ? null : readCursor(cursor),
        limit,
      });
      const last = items.length < limit ? undefined : items.at(-1);
      return { items, nextCursor: last === undefined ? null : writeCursor(last) };
    },
    facets: (actor, filter) => search.facets(actor, filter),
    get,
    async history(actor, id, { cursor, limit }) {
      const after = cursor === null ? null : Id.safeParse(cursor);
      if (after !== null && !after.success) throw badCursor();
      await get(actor, id);
      const items = await search.history(id, after?.data ?? null, limit);
      return { items, nextCursor: items.length < limit ? null : (items.at(-1)?.id ?? null) };
    },
  };
}

const Cursor = z.tuple([Instant, Id]);

function writeCursor(alert: Alert): string {
  return Buffer.from(JSON.stringify([alert.firstSeenAt, alert.id])).toString('base64url');
}

function readCursor(cursor: string): [string, string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badCursor();
  }
}

function badCursor(): AppError {
  return new AppError(
    'invalid',
    'The cursor is not one of ours. Start again without a cursor, or take nextCursor from the page before.',
  );
}
