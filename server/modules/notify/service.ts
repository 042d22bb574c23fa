import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { ChannelDraft, ChannelTest, ChannelTypeInfo } from '#server/contract/channel.ts';
import type { Page, Receipt } from '#server/contract/page.ts';
import { audiencesOf } from '#server/contract/audience.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { Direct } from '#server/modules/notify/sending/direct.ts';
import { listPages, type PageQuery } from '#server/modules/notify/read-store.ts';
import type { Receipts } from '#server/modules/notify/settling/receipts.ts';
import type { ChannelTypes } from '#server/modules/notify/registry.ts';

export interface Pages {
  list(
    reader: Actor,
    query: Omit<PageQuery, 'before'> & { cursor: string | null },
  ): Promise<{ items: Page[]; nextCursor: string | null }>;
  receipt(actor: Actor, receipt: Receipt): Promise<void>;
  types(): ChannelTypeInfo[];
  test(channel: { channelId: string | null; draft: ChannelDraft | null }): Promise<ChannelTest>;
}

export function createPages(deps: {
  sql: SqlReader;
  receipts: Pick<Receipts, 'fromClient'>;
  direct: Pick<Direct, 'testChannel'>;
  types: ChannelTypes;
}): Pages {
  const { sql, receipts, direct, types } = deps;
  return {
    async list(reader, { cursor, ...query }) {
      const rows = await listPages(sql, { teamIds: audiencesOf(reader) }, { ...query, before: placeOf(cursor) });
      const items = rows.slice(0, query.limit);
      const last = items.at(-1);
      const more = rows.length > query.limit && last !== undefined;
      return { items, nextCursor: more ? `${last.at}_${last.id}` : null };
    },
    receipt: (actor, receipt) => receipts.fromClient(actor.userId, receipt),
    types: () => [...types.values()].map((type) => type.info),
    test: (channel) => direct.testChannel(channel),
  };
}

function placeOf(cursor: string | null): { at: string; id: string } | null {
  if (cursor === null) return null;
  const [at, id] = cursor.split('_');
  if (at === undefined || id === undefined) throw new AppError('invalid', 'This is not a cursor of this list.');
  return { at, id };
}
