import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { isAftermath } from '#server/database/database-error.ts';

/** A running transaction on one connection. Stores take it as their first argument, so that effects commit together. */
export type Tx = Pick<PoolClient, 'query'>;

/** What a module that only reads asks for. */
export interface SqlReader {
  query<R extends QueryResultRow = QueryResultRow>(query: string | QueryConfig, values?: unknown[]): Promise<R[]>;
}

/** What a module that changes things asks for. */
export interface Transactor {
  /** Runs again, a few times, when the database asks for it; so `fn` may run more than once. */
  withTransaction<T>(fn: (tx: Tx) => Promise<T>, options?: { readOnly?: boolean }): Promise<T>;
}

/** A transaction that is lent to a body, and taken away from it at the end. */
export interface LentTx {
  tx: Tx;
  /**
   * From here on statements are refused. Several travel together; when one has failed, a branch that goes on would write
   * outside of any transaction, or inside the next one of this connection.
   */
  end(): void;
  /** The statement that failed first, where the error only says that one before it did. */
  cause(error: unknown): unknown;
}

export function lend(connection: Tx): LentTx {
  let over = false;
  let first: unknown;
  const run = connection.query.bind(connection) as (...args: unknown[]) => unknown;
  const query = (...args: unknown[]) => {
    if (over) return Promise.reject(new Error('this transaction has ended'));
    const answer = run(...args);
    if (answer instanceof Promise) answer.catch((error: unknown) => (first ??= error));
    return answer;
  };
  return {
    tx: { query: query as Tx['query'] },
    end: () => void (over = true),
    cause: (error) => (isAftermath(error) ? (first ?? error) : error),
  };
}

const waking = new WeakMap<Tx, Set<string>>();

/** Once this transaction has committed, those who listen on `channel` look again. Nobody is woken when it does not. */
export function wakeAfterCommit(tx: Tx, channel: string): void {
  const channels = waking.get(tx) ?? new Set();
  waking.set(tx, channels.add(channel));
}

/** For the pool, at the end of a transaction: whom it wakes, and forgets them. */
export function takeWaking(tx: Tx): ReadonlySet<string> {
  const channels = waking.get(tx) ?? new Set();
  waking.delete(tx);
  return channels;
}
