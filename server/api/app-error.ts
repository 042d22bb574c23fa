/** Expected failures. The public message says what happened, why, and what to do; the detail goes to the log only. */
export type ErrorCode =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'timeout'
  | 'conflict'
  | 'too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'overloaded'
  | 'unavailable'
  | 'disk-full';

/** The HTTP contract of the product: one status per code. */
export const httpStatus: Record<ErrorCode, number> = {
  malformed: 400,
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  timeout: 408,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  overloaded: 503,
  unavailable: 503,
  'disk-full': 507,
};

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Seconds for the Retry-After header. */
  readonly retryAfterSeconds: number | undefined;
  readonly detail: unknown;
  /** The entity as it is now, for `conflict`. */
  readonly current: unknown;

  constructor(
    code: ErrorCode,
    publicMessage: string,
    options: { detail?: unknown; retryAfterSeconds?: number; current?: unknown; cause?: unknown } = {},
  ) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.current = options.current;
  }
}
