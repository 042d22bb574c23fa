import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { Tx } from '#server/database/transaction.ts';

/** An incident with what only the server needs to know about it. Instants are RFC 3339 strings, as in the contract. */
export interface IncidentState extends Incident {
  resolvePolicy: 'all' | 'first' | 'never';
  reopenSeconds: number;
  /** When its first life was acknowledged, kept as it is reopened: figures of how fast it was answered count this one. */
  firstAcknowledgedAt: string | null;
}

/** Incidents inside a running transaction. `T` is the transaction: SQL in the product, a memory model in the simulation. */
export interface IncidentStore<T = Tx> {
  lockByIds(tx: T, ids: string[]): Promise<IncidentState[]>;
  /**
   * For each group key its open incident, else the open one that its group joined; else the open incident into which the group's one was merged; else its most
   * recently resolved one that was not merged away. Locked in id order. Keyed by the group key asked for: after a merge
   * the incident's own `groupKey` is another one, and two keys may name one incident.
   */
  lockByGroups(tx: T, groupKeys: string[]): Promise<Map<string, IncidentState>>;
  /** Remembers groups that joined an incident of another one; `lockByGroups` then finds it by their keys as well. */
  addGroups(tx: T, groups: { groupKey: string; incidentId: string }[]): Promise<void>;
  nextNumbers(tx: T, count: number): Promise<number[]>;
  /** Inserts new ones (version 1), updates the others, and writes their feed rows to their audience. */
  save(tx: T, at: string, incidents: IncidentState[]): Promise<void>;
  /** Adds entries and their feed rows; entries of restricted incidents go to the incident's audience only. */
  addTimeline(tx: T, entries: TimelineEntry[]): Promise<void>;
}
