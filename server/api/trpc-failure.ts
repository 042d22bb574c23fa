import { TRPCError } from '@trpc/server';
import { AppError } from '#server/api/app-error.ts';
import { trpcCode } from '#server/api/trpc.ts';
import type { Logger } from '#server/ports/logger.ts';

/** An expected failure outside a procedure, so that it is answered with its own code and not as ours. */
export function trpcFailure(error: unknown): unknown {
  return error instanceof AppError
    ? new TRPCError({ code: trpcCode[error.code], message: error.message, cause: error })
    : error;
}

/** Only what nobody expected reaches the log; refusals are the caller's to read. */
export function reportTrpcError(logger: Logger, error: TRPCError, path: string | undefined, traceId: string): void {
  if (error.code !== 'INTERNAL_SERVER_ERROR' || error.cause instanceof AppError) return;
  logger.error('call failed', { traceId, path, error: error.cause ?? error });
}
