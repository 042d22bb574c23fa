import { AppError } from '#server/api/app-error.ts';

const lostStates = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03']);
const lostSystemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);
const lostMessages =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|not queryable|client was closed|cannot use a pool after/i;
const retryStates = new Set(['40001', '40P01', '23505']);

/** Serialization failure, deadlock, or two transactions that made the same key at once: a second run may go through. */
export function isWorthRetrying(error: unknown): boolean {
  return retryStates.has(sqlState(error));
}

/** The database is away; what the statement asked for is not to blame. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'unavailable';
  const code = sqlState(error);
  if (lostStates.has(code) || lostSystemCodes.has(code) || /^080(?:00|01|03|04|06)$/.test(code)) return true;
  return code === '' && error instanceof Error && lostMessages.test(error.message);
}

/** The transaction lay idle for too long: whoever ran it stood still, and the database took its locks away. */
export function isStandstill(error: unknown): boolean {
  return sqlState(error instanceof AppError ? error.cause : error) === '25P03';
}

/** Class 53: disk full, out of memory. Also not the statement's fault. */
export function isOutOfResources(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'disk-full';
  return sqlState(error).startsWith('53') || sqlState(error) === 'ENOSPC';
}

/** Says no more than that an earlier statement of its transaction has failed. */
export function isAftermath(error: unknown): boolean {
  return sqlState(error) === '25P02';
}

/** What callers may see of a failure that is the database's own; anything else passes as it is. */
export function asAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (isConnectionLost(error)) {
    return new AppError(
      'unavailable',
      'The database does not answer, so nothing was changed for certain. Try again in a few seconds.',
      {
        retryAfterSeconds: 5,
        cause: error,
      },
    );
  }
  if (sqlState(error) === '53100' || sqlState(error) === 'ENOSPC') {
    return new AppError(
      'disk-full',
      'The disk of the database is full. Free some space; work goes on by itself then.',
      {
        retryAfterSeconds: 30,
        cause: error,
      },
    );
  }
  return error;
}

function sqlState(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
