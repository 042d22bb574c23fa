import type { PoolClient } from 'pg';
import type { Database } from '#server/database/pool.ts';

/** A running transaction on one connection. Stores take it as their first argument, so that effects commit together. */
export type Tx = Pick<PoolClient, 'query'>;

/** What a module that only reads asks for. */
export type SqlReader = Pick<Database, 'query'>;

/** What a module that changes things asks for. Bodies may run more than once: the database may ask for a second try. */
export type Transactor = Pick<Database, 'withTransaction'>;
