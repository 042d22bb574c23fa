import type { Alert, AlertEvent } from '#server/contract/alert.ts';
import type { Tx } from '#server/database/transaction.ts';

/** An alert with what only the server needs to know about it. Instants are RFC 3339 strings, as in the contract. */
export interface AlertState extends Alert {
  serviceId: string | null;
  dedupKey: string;
  groupKey: string | null;
  ruleId: string | null;
  /** The person who placed it by hand; rules leave it alone from then on. */
  placedBy: string | null;
  /** Times of the last changes between firing and resolved, oldest first, carried over from the key's earlier alerts. */
  transitions: string[];
  /** Teams that may see it: those of its incident; null is everyone. */
  audience: string[] | null;
}

export interface AlertKey {
  integrationId: string;
  dedupKey: string;
}

/** Alerts inside a running transaction. `T` is the transaction: SQL in the product, a memory model in the simulation. */
export interface AlertStore<T = Tx> {
  /** For each key its newest alert, firing or resolved; rows are locked in id order. */
  lockLatest(tx: T, keys: AlertKey[]): Promise<AlertState[]>;
  lockByIds(tx: T, ids: string[]): Promise<AlertState[]>;
  /** All alerts of these incidents, locked. */
  lockByIncidents(tx: T, incidentIds: string[]): Promise<AlertState[]>;
  /** Firing, not suppressed alerts that wait for their group's minimum count, seen since the given instant. */
  lockWaiting(tx: T, groupKeys: string[], since: string): Promise<AlertState[]>;
  /** Resolved alerts of these incidents that still flap; not locked. They hold their incident open. */
  flappingIn(tx: T, incidentIds: string[]): Promise<{ id: string; incidentId: string }[]>;
  /**
   * Where alerts of open, unrestricted incidents fire on these services: each incident with each of them, and when its
   * newest alert began. Not locked.
   */
  firingOn(tx: T, serviceIds: string[]): Promise<{ incidentId: string; serviceId: string; newestAt: string }[]>;
  /**
   * Inserts new ones (version 1), updates the others, and writes their feed rows. The version is the one to be stored;
   * whoever could see an alert before and may not any more is told that it is gone.
   */
  save(tx: T, at: string, alerts: AlertState[]): Promise<void>;
  /** The same for alerts of which nothing changed but the count, when it was last seen, what came of late, and the end time. */
  saveRepeats(tx: T, at: string, alerts: AlertState[]): Promise<void>;
  addEvents(tx: T, events: AlertEvent[]): Promise<void>;
}

/** What only this module's own workers and handlers ask for. */
export interface DueAlertStore<T = Tx> {
  /** Firing alerts whose source's end time has passed, locked. Rows that others hold are left for the next round. */
  lockExpired(tx: T, now: string, limit: number): Promise<AlertState[]>;
  /** Flapping alerts whose last change was before the given instant, locked. */
  lockSettled(tx: T, lastChangeBefore: string, limit: number): Promise<AlertState[]>;
}

/** What silences ask for. */
export interface FiringAlertStore<T = Tx> {
  /** Firing alerts by id, after the given one, locked. */
  lockFiring(tx: T, after: string | null, limit: number): Promise<AlertState[]>;
  lockSuppressedBy(tx: T, silenceId: string, limit: number): Promise<AlertState[]>;
}

/** One alert before and after a change; `before` is null for a new one. */
export interface AlertChange {
  before: AlertState | null;
  after: AlertState;
}

/** Groups what changed, follows it up in the incidents, and saves alerts, events, incidents and timeline entries. */
export type ApplyAlertChanges<T = Tx> = (
  tx: T,
  at: string,
  changes: AlertChange[],
  events: AlertEvent[],
) => Promise<AlertState[]>;
