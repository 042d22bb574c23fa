// Every error outside tRPC leaves in the one shape of the contract, without a stack.
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, type ErrorCode, httpStatus } from '#server/api/app-error.ts';
import { invalidInputMessage } from '#server/api/invalid-input.ts';
import type { ErrorAnswer } from '#server/contract/ingest.ts';
import type { Logger } from '#server/ports/logger.ts';

const unexpectedMessage = 'Something failed on the server. Try again; the trace id finds it in the log.';

const messages: Partial<Record<number, string>> = {
  400: 'The request could not be read: it is not what this address takes.',
  404: 'There is nothing at this address, or it is not yours to see.',
  405: 'This address does not take that method; the Allow header lists those it takes.',
  408: 'The request took too long to arrive. Send it again.',
  413: 'The request is larger than this address takes. Send less at once.',
  414: 'The address is too long.',
  415: 'The content type is not one this address takes; send application/json.',
  431: 'The headers are larger than this server takes.',
};

export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const found = describe(error);
  if (found.status >= 500 && !(found.known instanceof AppError)) {
    logger.error('request failed', {
      traceId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      error: found.known,
    });
  }
  if (found.retryAfterSeconds !== undefined) void reply.header('retry-after', String(found.retryAfterSeconds));
  return reply
    .code(found.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorAnswer(found.code, found.message, request.id, found.current)));
}

export function errorAnswer(code: string, message: string, traceId: string, current?: unknown): ErrorAnswer {
  return { error: { code, message, traceId }, ...(current === undefined || current === null ? {} : { current }) };
}

interface Described {
  status: number;
  code: string;
  message: string;
  known: unknown;
  current?: unknown;
  retryAfterSeconds?: number | undefined;
}

function describe(error: unknown): Described {
  if (error instanceof AppError) {
    const { code, message, current, retryAfterSeconds } = error;
    return { status: httpStatus[code], code, message, known: error, current, retryAfterSeconds };
  }
  if (error instanceof TRPCError) return describeTrpc(error);
  const status = statusOf(error);
  return { status, code: codeOf(status), message: messages[status] ?? unexpectedMessage, known: error };
}

function describeTrpc(error: TRPCError): Described {
  if (error.cause instanceof AppError) return describe(error.cause);
  if (error.cause instanceof z.core.$ZodError) {
    return { status: 400, code: 'invalid', message: invalidInputMessage(error.cause), known: error };
  }
  const status = getHTTPStatusCodeFromError(error);
  return { status, code: codeOf(status), message: messages[status] ?? unexpectedMessage, known: error.cause ?? error };
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function codeOf(status: number): ErrorCode | 'internal' {
  if (status >= 500) return 'internal';
  const code = (Object.keys(httpStatus) as ErrorCode[]).find((name) => httpStatus[name] === status);
  return code ?? 'malformed';
}
