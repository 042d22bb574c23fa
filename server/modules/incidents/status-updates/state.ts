import type { StatusUpdate } from '#server/contract/status-update.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { PartStore } from '#server/database/incident-parts.ts';

/** A status page or a list, as it is at this moment. */
export interface UpdateTarget {
  kind: 'statuspage' | 'list';
  id: string;
  name: string;
  channelId: string;
  /** One mail each; a page has a single, empty one. */
  addresses: string[];
  /** Why nothing can go there. */
  fault: string | null;
  /** The same as long as the same readers get it by the same way. */
  seal: string;
}

export interface StatusUpdateStore extends PartStore<StatusUpdate> {
  /** The number of the next update of an incident, whose row is locked. */
  nextNumber(tx: Tx, incidentId: string): Promise<number>;
  /** The newest update of an incident that was sent. */
  newestSent(tx: Tx, incidentId: string): Promise<string | null>;
}

/** The way out of updates: named targets, and a queue that is written in the transaction that decides. */
export interface UpdateOutbox {
  /** In the order named; one that is gone comes back with a fault. */
  targets(tx: Tx, wanted: { statusPages: readonly string[]; lists: readonly string[] }): Promise<UpdateTarget[]>;
  queue(tx: Tx, at: string, update: StatusUpdate, targets: readonly UpdateTarget[]): Promise<void>;
  /** What failed waits again. */
  again(tx: Tx, at: string, updateId: string): Promise<void>;
  /** From which severity on an update that leaves the center has to be approved. */
  approverFrom(tx: Tx): Promise<Severity | null>;
}
