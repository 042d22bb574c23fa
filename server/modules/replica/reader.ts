import type { SqlReader } from '#server/database/transaction.ts';

/** Who reads: decides which restricted and personal things are in it. */
export interface ReplicaActor {
  userId: string;
  teamIds: readonly string[];
}

export interface ReplicaRow {
  id: string;
  version: number;
  /** The entity as the contract has it. */
  body: unknown;
  /** Where the next page goes on, when the order is another than by id. */
  cursor?: string;
}

/** Reads one page of one kind of entity for a snapshot, in a fixed order, only what the actor may see. */
export type ReplicaReader = (
  sql: SqlReader,
  actor: ReplicaActor,
  after: string | null,
  limit: number,
  at: string,
) => Promise<ReplicaRow[]>;
