import { z } from 'zod';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { OncallPreview, OncallPreviewInput } from '#server/contract/oncall.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import { Shift, ShiftSource } from '#server/contract/schedule.ts';
import type { Feeds } from '#server/modules/oncall/feeds.ts';
import type { OnCall } from '#server/modules/oncall/service.ts';

const OnCallItem = z.object({
  /** Its name. */
  schedule: z.string(),
  scheduleId: Id,
  user: z.string(),
  userId: Id,
  from: Instant,
  to: Instant,
  source: ShiftSource,
});
const Feed = z.object({
  id: z.string(),
  scheduleId: Id.nullable(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
});

export function createOncallRouter(services: { oncall: OnCall; feeds: Feeds }) {
  return router({
    list: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/oncall', tags: ['on-call'], summary: 'Who is on call, now or at an instant' },
      })
      .input(
        z.object({
          /** Id or name; left out, all schedules. */
          schedule: z.string().max(300).nullable().default(null),
          at: Instant.nullable().default(null),
        }),
      )
      .output(z.object({ items: z.array(OnCallItem), nextCursor: z.string().nullable() }))
      .query(async ({ input }) => ({ items: await services.oncall.at(input.schedule, input.at), nextCursor: null })),

    shifts: viewerProcedure
      .input(z.object({ scheduleId: Id, from: Instant, to: Instant }))
      .output(z.object({ items: z.array(Shift) }))
      .query(async ({ input }) => ({ items: await services.oncall.shifts(input.scheduleId, input.from, input.to) })),

    /** A draft that is not saved, or changes that are only tried, over a span. */
    preview: viewerProcedure
      .input(OncallPreviewInput)
      .output(OncallPreview)
      .query(({ input }) => services.oncall.preview(input)),

    /** A new address of a calendar feed, told this once. */
    feedAddress: viewerProcedure
      .input(z.object({ scheduleId: Id.nullable(), renew: z.boolean().default(false) }))
      .output(z.object({ url: z.string() }))
      .mutation(({ ctx, input }) => services.feeds.create(ctx.actor.userId, input.scheduleId, input.renew)),

    feeds: viewerProcedure
      .input(z.void())
      .output(z.object({ items: z.array(Feed) }))
      .query(async ({ ctx }) => ({ items: await services.feeds.list(ctx.actor.userId) })),

    revokeFeed: viewerProcedure
      .input(z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }))
      .output(z.object({ revoked: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await services.feeds.revoke(ctx.actor.userId, input.id);
        return { revoked: true as const };
      }),
  });
}
