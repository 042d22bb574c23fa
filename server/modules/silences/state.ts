import type { Silence } from '#server/contract/silence.ts';
import type { Tx } from '#server/database/transaction.ts';

/** A silence with what has been done about its start and its end. */
export interface SilenceState extends Omit<Silence, 'suppressedCount'> {
  /** The alerts that fired already when it started, or was changed, have been looked through. */
  started: boolean;
  /** It is over, and what it suppressed has been let go. */
  finished: boolean;
}

/** Silences inside a running transaction. `T` is the transaction, as in the other stores. */
export interface SilenceStore<T = Tx> {
  /**
   * Held to the end of the transaction. Whoever may mark alerts shares it; whoever changes what is silenced has it
   * alone: so no alert fires unmarked beside a silence that starts, and none stays marked beside one that ends.
   */
  gate(tx: T, mode: 'shared' | 'alone'): Promise<void>;
  listActive(tx: T, at: string): Promise<SilenceState[]>;
  /** Not locked: whose start or end has come and is not dealt with. */
  listDue(tx: T, at: string): Promise<SilenceState[]>;
  lockById(tx: T, id: string): Promise<SilenceState | null>;
  /** Inserts new ones (version 1), updates the others, and writes their feed rows. */
  save(tx: T, at: string, silences: SilenceState[]): Promise<void>;
  /** Publishes how many alerts they suppress now; call it after the alerts were saved. */
  recount(tx: T, at: string, silenceIds: string[]): Promise<void>;
}
