import pg from 'pg';
import { columnTypes } from '#server/database/column-types.ts';
import { asAppError, isConnectionLost, isWorthRetrying } from '#server/database/database-error.ts';
import { lend, type SqlReader, takeWaking, type Transactor, type Tx } from '#server/database/transaction.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

/** Where the database is: a URL, or what `pg` takes (host may be the folder of a Unix socket). */
export type DatabaseAddress =
  | { connectionString: string }
  | { host: string; port?: number; user: string; database: string; password?: string };

export interface Database extends SqlReader, Transactor {
  pool: pg.Pool;
  /** A connection of its own with the same settings, for a caller that keeps it; `impatient` waits no longer than the pool. */
  connect(options?: { impatient?: boolean }): Promise<pg.Client>;
  /** Called after each commit that somebody waits for (`wakeAfterCommit`). The returned function ends it. */
  onCommit(listener: (channels: ReadonlySet<string>) => void): () => void;
  close(): Promise<void>;
}

const maxTries = 6;
/** A server that stops inside a transaction loses it, and its locks, so that another goes on within 10 s (R11). */
const standstillMs = 5_000;

export function createDatabase(deps: {
  address: DatabaseAddress;
  logger: Logger;
  clock: Clock;
  random: Random;
  max?: number;
  statementTimeoutMs?: number;
  /** How long a transaction that writes may lie idle; for tests. */
  standstillMs?: number;
}): Database {
  const { logger, clock, random } = deps;
  // A little above the 30 s after which a consumer's attempt is cut, so that the cut is what ends it.
  const statementTimeoutMs = deps.statementTimeoutMs ?? 35_000;
  // A long report reads and computes in turn, and holds nobody up.
  const patientRead = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = ${2 * statementTimeoutMs}`;
  const settings: pg.ClientConfig = {
    ...deps.address,
    types: columnTypes,
    application_name: 'tocsin',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5_000,
    options: `-c timezone=UTC -c datestyle=ISO -c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=${deps.standstillMs ?? standstillMs}`,
  };
  // A network that swallows everything gives no error for many minutes; this ends the wait when the server's own limit has passed.
  const impatient = { query_timeout: Math.ceil(statementTimeoutMs * 1.15) };
  // Statements that do not wait for each other's answers travel together.
  const pool = new pg.Pool({
    ...settings,
    ...impatient,
    pipeline: true,
    max: deps.max ?? 10,
    idleTimeoutMillis: 30_000,
  });
  const listeners = new Set<(channels: ReadonlySet<string>) => void>();

  let closing = false;
  pool.on('error', (error) => {
    // The database may stop before it has read that we are leaving.
    if (!closing) logger.warn('an idle database connection was lost', { reason: error.message });
  });
  // A connection that breaks while it is lent out reports here; its user sees the failed query.
  pool.on('connect', (client) => client.on('error', () => {}));

  async function attempt<T>(
    fn: (tx: Tx) => Promise<T>,
    readOnly: boolean,
  ): Promise<{ result: T; waking: ReadonlySet<string> }> {
    const client = await pool.connect();
    let broken: Error | undefined;
    // What ends a connection between two statements is told here, and the next statement only that it is gone.
    let cut: Error | undefined;
    const noteCut = (error: Error) => (cut ??= error);
    client.on('error', noteCut);
    const lent = lend(client);
    try {
      // Not waited for: it travels with the first statement, which fails too when this does.
      const begun = client.query(readOnly ? patientRead : 'BEGIN');
      begun.catch(() => {});
      const result = await fn(lent.tx);
      lent.end();
      await begun;
      const end = await client.query('COMMIT');
      // A body that swallowed a failed statement: PostgreSQL answers COMMIT with ROLLBACK, without an error.
      if (end.command !== 'COMMIT')
        throw new Error('the transaction had failed inside, so nothing of it was committed');
      return { result, waking: takeWaking(lent.tx) };
    } catch (thrown) {
      lent.end();
      const error = lent.cause(thrown);
      if (isConnectionLost(error)) broken = error as Error;
      else await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw cut ?? error;
    } finally {
      client.off('error', noteCut);
      client.release(broken);
    }
  }

  /** It has committed, whatever happens here: an error must not look as if it had not, nor keep the others from hearing. */
  function tell(waking: ReadonlySet<string>): void {
    if (waking.size === 0) return;
    for (const listener of listeners) {
      try {
        listener(waking);
      } catch (error) {
        logger.error('a listener failed after a commit; what it looks after is seen at its next look', {
          reason: String(error),
        });
      }
    }
  }

  return {
    pool,
    async query<R extends pg.QueryResultRow>(query: string | pg.QueryConfig, values?: unknown[]) {
      try {
        return (await pool.query<R>(query as string, values)).rows;
      } catch (error) {
        throw asAppError(error);
      }
    },
    async withTransaction(fn, options = {}) {
      const readOnly = options.readOnly ?? false;
      for (let tries = 1; ; tries += 1) {
        try {
          const { result, waking } = await attempt(fn, readOnly);
          tell(waking);
          return result;
        } catch (error) {
          if (tries >= maxTries || !isWorthRetrying(error)) throw asAppError(error);
          await clock.sleep(random.number() * 5 * 2 ** tries);
        }
      }
    },
    async connect(options = {}) {
      const client = new pg.Client(options.impatient === true ? { ...settings, ...impatient } : settings);
      client.on('error', () => {});
      try {
        await client.connect();
      } catch (error) {
        throw asAppError(error);
      }
      return client;
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing = true;
      return pool.end();
    },
  };
}
