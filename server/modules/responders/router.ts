import { z } from 'zod';
import { responderProcedure, router } from '#server/api/trpc.ts';
import { ChannelTest } from '#server/contract/channel.ts';
import { Id } from '#server/contract/primitives.ts';
import type { Responders } from '#server/modules/responders/service.ts';

const method = { userId: Id, methodId: Id };
const MethodTest = ChannelTest.extend({ methodId: Id.nullable(), label: z.string() });

export function createRespondersRouter(responders: Responders) {
  return router({
    sendCode: responderProcedure
      .input(z.object(method))
      .output(ChannelTest)
      .mutation(({ ctx, input }) => responders.sendCode(ctx.actor, input)),

    confirmCode: responderProcedure
      .input(
        z.object({
          ...method,
          code: z
            .string()
            .trim()
            .regex(/^\d{6}$/, 'six digits'),
        }),
      )
      .output(z.null())
      .mutation(async ({ ctx, input }) => {
        await responders.confirmCode(ctx.actor, input);
        return null;
      }),

    sendTest: responderProcedure
      .input(z.object({ userId: Id }))
      .output(z.array(MethodTest))
      .mutation(({ ctx, input }) => responders.sendTest(ctx.actor, input.userId)),
  });
}
