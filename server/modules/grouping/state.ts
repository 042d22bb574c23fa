import type { GroupingRule } from '#server/contract/grouping.ts';
import type { Tx } from '#server/database/transaction.ts';

/** Grouping rules inside a running transaction. `T` is the transaction, as in the other stores. */
export interface RuleStore<T = Tx> {
  /** In the order of trial; the built-in one last. */
  list(tx: T): Promise<GroupingRule[]>;
  /** Held to the end of the transaction: of two that could open or complete the same group, the second waits. */
  lockGroups(tx: T, groupKeys: string[]): Promise<void>;
}
