import type { Tx } from '#server/database/transaction.ts';
import type { EntryDraft } from '#server/modules/ledger/trace.ts';

/** The ledger inside a running transaction: entries commit with what they explain. */
export interface LedgerStore<T = Tx> {
  append(tx: T, entries: readonly EntryDraft[]): Promise<void>;
}
