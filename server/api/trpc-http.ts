// /trpc: single and batched calls over HTTP, subscriptions over SSE.
import { type AnyTRPCRouter, TRPCError } from '@trpc/server';
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#server/api/app-error.ts';
import type { Authenticator } from '#server/api/authenticator.ts';
import { callContext } from '#server/api/call-context.ts';
import { maxNesting, nestsDeeperThan } from '#server/api/nesting.ts';
import type { OpenStreams } from '#server/api/open-streams.ts';
import type { RateLimit } from '#server/api/rate-limit.ts';
import { reportTrpcError, trpcFailure } from '#server/api/trpc-failure.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface TrpcMountDeps {
  router: AnyTRPCRouter;
  auth: Authenticator;
  calls: RateLimit;
  streams: OpenStreams;
  logger: Logger;
}

/** 1 MiB. */
export const trpcBodyMax = 1_048_576;
export const trpcBatchMax = 50;

export function registerTrpcHttp(app: FastifyInstance, deps: TrpcMountDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: trpcBodyMax },
    (_request, body, done) => {
      if (nestsDeeperThan(body as string, maxNesting)) {
        done(new AppError('malformed', `The JSON nests deeper than ${maxNesting} levels. Send it flatter.`));
      } else done(null, body);
    },
  );

  app.route<{ Params: { path: string } }>({
    method: ['GET', 'POST'],
    url: '/trpc/:path',
    bodyLimit: trpcBodyMax,
    handler: async (request, reply) => {
      await fastifyRequestHandler({
        req: request,
        res: reply,
        path: request.params.path,
        router: deps.router,
        maxBatchSize: trpcBatchMax,
        onError: ({ error, path }) => reportTrpcError(deps.logger, error, path, request.id),
        createContext: async ({ info }) => {
          const isStream = info.type === 'subscription';
          const caller = {
            authorization: request.headers.authorization,
            ip: request.ip,
            traceId: request.id,
            idempotencyKey: header(request.headers['idempotency-key']),
          };
          const { who, context } = await callContext(deps, caller, { counted: !isStream }).catch((error: unknown) => {
            if (error instanceof AppError && error.retryAfterSeconds !== undefined) {
              void reply.header('retry-after', String(error.retryAfterSeconds));
            }
            throw trpcFailure(error);
          });
          if (isStream) {
            if (who === null) throw new TRPCError({ code: 'UNAUTHORIZED', cause: signInFirst() });
            const forget = deps.streams.add(who, () => request.raw.socket.destroy());
            info.signal.addEventListener('abort', forget, { once: true });
            reply.raw.once('close', forget);
          }
          return context;
        },
      });
    },
  });
}

export function signInFirst(): AppError {
  return new AppError('unauthenticated', 'Sign in first: this call carried no valid credential.');
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
