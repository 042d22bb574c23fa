import type { Escalation, Target } from '#server/contract/policy.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** The incident as paging last looked at it. */
export interface SeenIncident {
  status: IncidentState['status'];
  severity: Severity;
  alertCount: number;
  version: number;
}

/** A person's wish that the worker has yet to carry out. */
export interface Forced {
  by: string;
  byName: string;
  /** Through what: `client`, `API`, `Slack`, `text message`. Wishes of earlier versions do not say. */
  via?: string | null;
  at: string;
  /** Null: the next step now. */
  target: Target | null;
}

/** Paging of one incident with what only the server needs. */
export interface EscalationState extends Escalation {
  stepId: string | null;
  seen: SeenIncident;
  changed: boolean;
  forced: Forced | null;
  /** The run in which the administrators were paged instead, which they are once a run. */
  fallbackRun: number | null;
  audience: string[] | null;
}

/** Fires once: (incident, run, policy version, step, loop). */
export interface StepKey {
  incidentId: string;
  run: number;
  policyVersion: number;
  stepId: string;
  loop: number;
}

export interface FiredStep extends StepKey {
  dueAt: string;
  firedAt: string;
}

/** A round-robin step, and how often it had its turn. */
export interface Turn {
  policyId: string;
  stepId: string;
  next: number;
}

export interface EscalationStore<T = Tx> {
  /**
   * In the transaction that saves these incidents: makes their row, or marks it as changed and due at once. Paging of
   * those no longer triggered stops here and now, not when the worker comes round.
   */
  notice(tx: T, at: string, incidents: readonly IncidentState[]): Promise<void>;
  /** Due or changed, locked, those longest due first; those of `except` and rows that another server holds are passed over. */
  lockDue(tx: T, now: string, limit: number, except: readonly string[]): Promise<EscalationState[]>;
  /** Waits for whoever holds it. */
  lock(tx: T, incidentId: string): Promise<EscalationState | null>;
  /** Writes states whose rows are locked, and the feed rows of those that `shown` names. */
  save(tx: T, at: string, states: readonly EscalationState[], shown: ReadonlySet<string>): Promise<void>;
  /** The steps of these that had not fired before: the others must do nothing. */
  claimSteps(tx: T, steps: readonly FiredStep[]): Promise<StepKey[]>;
  /** Locks the counters of these policies' round-robin steps. */
  lockTurns(tx: T, steps: readonly { policyId: string; stepId: string }[]): Promise<Turn[]>;
  saveTurns(tx: T, turns: readonly Turn[]): Promise<void>;
}
