import { z } from 'zod';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { Id } from '#server/contract/primitives.ts';
import { TimelineFile } from '#server/contract/timeline.ts';
import { ReviewItem } from '#server/contract/postmortem.ts';
import type { TimelineFiles } from '#server/modules/postmortems/timeline-file.ts';

const tags = ['incidents'];

export function createTimelineRouter(files: TimelineFiles) {
  return router({
    json: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/incidents/{id}/timeline.json',
          tags,
          summary: 'The whole timeline in one piece, with what changed meanwhile',
        },
      })
      .input(z.object({ id: Id }))
      .output(TimelineFile)
      .query(({ ctx, input }) => files.json(ctx.actor, input.id)),

    markdown: viewerProcedure
      .meta({
        access: 'viewer',
        text: 'text/markdown',
        openapi: { method: 'GET', path: '/incidents/{id}/timeline.md', tags, summary: 'The same, as Markdown' },
      })
      .input(z.object({ id: Id }))
      .output(z.string())
      .query(({ ctx, input }) => files.markdown(ctx.actor, input.id)),
  });
}

export interface Reviews {
  /** The newest of which something is left to do. */
  unfinished(reader: { teamIds: readonly string[] }, limit: number): Promise<ReviewItem[]>;
}

export function createReviewsRouter(reviews: Reviews) {
  return router({
    unfinished: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/reviews',
          tags,
          summary: 'Reviews that are not closed, or have follow-ups that are not done; newest incident first',
        },
      })
      .input(z.object({ limit: z.int().min(1).max(500).default(200) }))
      .output(z.object({ items: z.array(ReviewItem) }))
      .query(async ({ ctx, input }) => ({ items: await reviews.unfinished(ctx.actor, input.limit) })),
  });
}
