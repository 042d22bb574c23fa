// What senders are told: the product's own shapes, and PagerDuty's where its clients expect them.
import { AppError, type ErrorCode, httpStatus } from '#server/api/app-error.ts';
import type { AcceptAnswer, ErrorAnswer } from '#server/contract/ingest.ts';
import type { Endpoint } from '#server/modules/ingest/endpoints.ts';
import { AllRejected, type Taken } from '#server/modules/ingest/service.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const oneAccepted = JSON.stringify({
  status: 'accepted',
  accepted: 1,
  rejected: [],
  duplicate: false,
} satisfies AcceptAnswer);

export function acceptedBody(endpoint: Endpoint, taken: Taken): string {
  if (endpoint.answers === 'events-v2') {
    const duplicate = taken.duplicate ? { duplicate: true } : {};
    if (endpoint.format === 'change')
      return JSON.stringify({ status: 'success', message: 'Change event processed', ...duplicate });
    return JSON.stringify({
      status: 'success',
      message: 'Event processed',
      dedup_key: taken.dedupKeys[0] ?? '',
      ...duplicate,
    });
  }
  const { accepted, rejected, duplicate } = taken;
  if (accepted === 1 && rejected.length === 0 && !duplicate) return oneAccepted;
  return JSON.stringify({ status: 'accepted', accepted, rejected, duplicate } satisfies AcceptAnswer);
}

/** `known` is false for a failure that no rule foresaw; the caller logs it. */
export function refusal(error: unknown, endpoint: Endpoint | null, traceId: string): Answer & { known: boolean } {
  const found = read(error);
  // Alertmanager drops what gets a 4xx and tries again what gets a 5xx.
  const code = endpoint?.answers === 'alertmanager' && found.code === 'rate-limited' ? 'overloaded' : found.code;
  const status = httpStatus[code];
  const headers: Record<string, string> = {};
  const seconds = found.retryAfterSeconds ?? (status === 503 || status === 429 ? 5 : undefined);
  if (seconds !== undefined) headers['retry-after'] = String(seconds);
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="tocsin ingest"';
  const answer: ErrorAnswer = {
    error: { code, message: found.message, traceId },
    ...(error instanceof AllRejected ? { rejected: error.rejected } : {}),
  };
  const body =
    endpoint?.answers === 'events-v2' ? { ...pagerDutyRefusal(error, code, found.message), ...answer } : answer;
  return { status, headers, body: JSON.stringify(body), known: found.known };
}

interface Found {
  code: ErrorCode;
  message: string;
  retryAfterSeconds: number | undefined;
  known: boolean;
}

const byStatus: Partial<Record<number, [ErrorCode, string]>> = {
  408: ['timeout', 'The request took too long to arrive. Send it again.'],
  413: ['too-large', 'The body is larger than one post may carry. Send it in parts.'],
  415: ['unsupported-media-type', 'The Content-Type cannot be read. Send application/json.'],
};

function read(error: unknown): Found {
  if (error instanceof AppError) {
    const { code, message, retryAfterSeconds } = error;
    return { code, message, retryAfterSeconds, known: true };
  }
  // Fastify's own refusals: broken framing, lengths that do not hold.
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const [code, message] = byStatus[status] ?? ['malformed', 'The request is broken and nothing of it was taken.'];
    return { code, message, retryAfterSeconds: undefined, known: true };
  }
  return {
    code: 'unavailable',
    message:
      'The server failed while it took this, so nothing was taken. Send it again; the trace id finds it in the log.',
    retryAfterSeconds: 5,
    known: false,
  };
}

function pagerDutyRefusal(
  error: unknown,
  code: ErrorCode,
  message: string,
): { status: string; message: string; errors: string[] } {
  if (code === 'malformed') {
    return {
      status: 'Unrecognized object',
      message: 'Event object format is unrecognized',
      errors: ['JSON parse error'],
    };
  }
  if (code === 'invalid') {
    const reasons = error instanceof AllRejected ? (error.rejected[0]?.reason ?? message).split('; ') : [message];
    return { status: 'invalid event', message: 'Event object is invalid', errors: reasons };
  }
  return { status: code === 'unauthenticated' ? 'invalid key' : code, message, errors: [message] };
}
