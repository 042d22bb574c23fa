import { connect } from 'node:net';
import { expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import { publicProcedure, responderProcedure, router, viewerProcedure } from '#server/api/trpc.ts';

/** One procedure of every sort that the HTTP server has to carry. */
export const echoRouter = router({
  echo: publicProcedure
    .input(z.object({ text: z.string(), more: z.unknown().optional() }))
    .mutation(({ input, ctx }) => ({
      ...input,
      ip: ctx.ip,
    })),
  boom: publicProcedure.query(() => {
    throw new Error('secret detail of the inside');
  }),
  things: router({
    list: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/things' } })
      .input(
        z.object({
          limit: z.int().max(10).default(5),
          tags: z.array(z.string()).optional(),
          open: z.boolean().optional(),
        }),
      )
      .output(z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() }))
      .query(({ input }) => ({ items: [input], nextCursor: null })),
    close: responderProcedure
      .meta({ access: 'responder', openapi: { method: 'POST', path: '/things/{id}/close' } })
      .input(z.object({ id: z.string(), note: z.string().optional() }))
      .output(z.unknown())
      .mutation(({ input, ctx }) => {
        if (input.id === 'changed')
          throw new AppError('conflict', 'Somebody closed it.', { current: { id: 'changed', version: 2 } });
        return { closed: input.id, note: input.note, key: ctx.idempotencyKey };
      }),
    watch: viewerProcedure.subscription(async function* ({ signal }) {
      yield 'first';
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    }),
  }),
});
export type EchoRouter = typeof echoRouter;

export const json = { 'content-type': 'application/json' };
export const ada = { authorization: 'Bearer ada' };

export async function expectError(answer: Response, status: number, code: string): Promise<void> {
  expect(answer.status).toBe(status);
  const body = (await answer.json()) as { error: { code: string; message: string; traceId: string } };
  expect(body.error).toMatchObject({ code, message: expect.any(String), traceId: expect.any(String) });
  expect(JSON.stringify(body)).not.toMatch(/\.ts:|node_modules|at \w+ \(/);
}

/** Bytes as they are; answers what came until the server closed. */
export function rawRequest(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
