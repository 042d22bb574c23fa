import { z } from 'zod';
import { responderProcedure, router } from '#server/api/trpc.ts';
import { Id, Text } from '#server/contract/primitives.ts';
import { UpdatePreview } from '#server/contract/status-update.ts';
import type { Updates } from '#server/modules/updates/service.ts';

export function createUpdatesRouter(updates: Updates) {
  return router({
    /** Asks for nothing to be sent; a mutation, because a text is long and belongs in no address. */
    preview: responderProcedure
      .input(
        z.object({
          incidentId: Id,
          updateId: Id.nullable().default(null),
          text: Text,
          nextInMinutes: z.int().min(1).max(10_080).nullable().default(null),
          statusPages: z.array(Id).max(20).default([]),
          lists: z.array(Id).max(20).default([]),
        }),
      )
      .output(UpdatePreview)
      .mutation(({ ctx, input }) => updates.preview(ctx.actor, input)),
  });
}
