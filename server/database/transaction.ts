import type { PoolClient } from 'pg';

/** A running transaction on one connection. Stores take it as their first argument, so that effects commit together. */
export type Tx = Pick<PoolClient, 'query'>;
