import { z } from 'zod';
import { managerProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import type { Demo } from './service.ts';

export function createDemoRouter(demo: Demo) {
  return router({
    state: viewerProcedure.query(() => demo.state()),
    start: managerProcedure
      .input(z.object({ speed: z.number().min(0.1).max(1_000).default(1) }))
      .mutation(({ ctx, input }) => demo.start(ctx.actor, input.speed)),
    stop: managerProcedure.mutation(async () => {
      await demo.stop();
      return demo.state();
    }),
  });
}
