import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';

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
