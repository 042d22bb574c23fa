import { z } from 'zod';
import { adminProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { ChannelDraft, ChannelTest, ChannelTypeInfo } from '#server/contract/channel.ts';
import { Page, Receipt } from '#server/contract/page.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import type { Pages } from '#server/modules/notify/service.ts';

const Cursor = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/, 'is not a cursor of this list');

export function createPagesRouter(pages: Pages) {
  return router({
    list: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/pages',
          tags: ['paging'],
          summary: 'Pages and how each was tried, newest first',
        },
      })
      .input(
        z.object({
          user: Id.nullable().default(null),
          incident: Id.nullable().default(null),
          from: Instant.nullable().default(null),
          to: Instant.nullable().default(null),
          limit: z.int().min(1).max(500).default(100),
          cursor: Cursor.nullable().default(null),
        }),
      )
      .output(z.object({ items: z.array(Page), nextCursor: z.string().nullable() }))
      .query(({ ctx, input }) =>
        pages.list(ctx.actor, {
          userId: input.user,
          incidentId: input.incident,
          from: input.from,
          to: input.to,
          limit: input.limit,
          cursor: input.cursor,
        }),
      ),

    receipt: viewerProcedure
      .input(Receipt)
      .output(z.null())
      .mutation(async ({ ctx, input }) => {
        await pages.receipt(ctx.actor, input);
        return null;
      }),
  });
}

export function createChannelsRouter(pages: Pages) {
  return router({
    types: viewerProcedure.output(z.array(ChannelTypeInfo)).query(() => pages.types()),

    test: adminProcedure
      .input(z.object({ channelId: Id.nullable(), draft: ChannelDraft.nullable() }))
      .output(ChannelTest)
      .mutation(({ input }) => pages.test(input)),
  });
}
