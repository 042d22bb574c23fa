import { initTRPC, TRPCError } from '@trpc/server';
import type { OpenApiMeta } from 'trpc-to-openapi';
import { z } from 'zod';
import type { Context } from '#server/api/context.ts';
import { AppError, type ErrorCode, httpStatus } from '#server/api/app-error.ts';
import { invalidInputMessage } from '#server/api/invalid-input.ts';
import { type PermissionRole, roleAtLeast } from '#server/contract/people.ts';

/** Every procedure says who may call it; the authorization matrix test is generated from this. */
export interface Meta extends OpenApiMeta {
  access: 'public' | PermissionRole;
  /** Media type under /api/v1 of an answer that is text, not JSON. */
  text?: string;
  /** Bytes of a body under /api/v1, where the usual limit is too small. */
  bodyMax?: number;
}

export const trpcCode: Record<ErrorCode, ConstructorParameters<typeof TRPCError>[0]['code']> = {
  malformed: 'BAD_REQUEST',
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  'method-not-allowed': 'METHOD_NOT_SUPPORTED',
  timeout: 'TIMEOUT',
  conflict: 'CONFLICT',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'unsupported-media-type': 'UNSUPPORTED_MEDIA_TYPE',
  'rate-limited': 'TOO_MANY_REQUESTS',
  overloaded: 'SERVICE_UNAVAILABLE',
  unavailable: 'SERVICE_UNAVAILABLE',
  'disk-full': 'SERVICE_UNAVAILABLE',
};

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    // isDev would put stack traces into answers.
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 2_000 }, client: { reconnectAfterInactivityMs: 5_000 } },
    errorFormatter({ shape, error, ctx }) {
      const app = error.cause instanceof AppError ? error.cause : null;
      const invalid = error.cause instanceof z.core.$ZodError && error.code === 'BAD_REQUEST' ? error.cause : null;
      const unexpected = app === null && error.code === 'INTERNAL_SERVER_ERROR';
      return {
        ...shape,
        message:
          app?.message ??
          (invalid === null ? null : invalidInputMessage(invalid)) ??
          (unexpected ? 'Something failed on the server. Try again; the trace id finds it in the log.' : shape.message),
        data: {
          ...shape.data,
          appCode: app?.code ?? (invalid === null ? null : 'invalid'),
          httpStatus: app === null ? shape.data.httpStatus : httpStatus[app.code],
          traceId: ctx?.traceId ?? null,
          current: app?.current ?? null,
        },
      };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const withAppErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.cause instanceof AppError) {
    throw new TRPCError({
      code: trpcCode[result.error.cause.code],
      message: result.error.cause.message,
      cause: result.error.cause,
    });
  }
  return result;
});

/** A procedure anybody may call: signing in, and nothing that shows data. */
export const publicProcedure = t.procedure.meta({ access: 'public' }).use(withAppErrors);

function procedureFor(role: PermissionRole) {
  return t.procedure
    .meta({ access: role })
    .use(withAppErrors)
    .use(async ({ ctx, next }) => {
      if (ctx.actor === null)
        throw new AppError('unauthenticated', 'Sign in first: this call carried no valid credential.');
      if (!roleAtLeast(ctx.actor.role, role)) {
        throw new AppError(
          'forbidden',
          `This needs the role ${role}; you are ${ctx.actor.role}. An admin can change that under Settings.`,
        );
      }
      return next({ ctx: { ...ctx, actor: ctx.actor } });
    });
}

export const viewerProcedure = procedureFor('viewer');
export const responderProcedure = procedureFor('responder');
export const managerProcedure = procedureFor('manager');
export const adminProcedure = procedureFor('admin');
