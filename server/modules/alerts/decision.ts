// What every decision about an alert is put together from.
import type { AlertEvent, AlertEventKind } from '#server/contract/alert.ts';
import type { AlertChange, AlertState } from '#server/modules/alerts/state.ts';

/** This many changes between firing and resolved … */
const flappingTransitions = 5;
/** … within this time make an alert flap; this long without one settles it. */
export const flappingWindowMs = 10 * 60_000;
const transitionsKept = 20;

export type AlertDecision =
  | { kind: 'changed'; changes: AlertChange[]; events: AlertEvent[] }
  /** Nothing to do, and why. */
  | { kind: 'unchanged'; reason: string };

export type NewId = () => string;

export function resolved(
  alert: AlertState,
  before: AlertState,
  at: string,
  events: AlertEvent[],
  newId: NewId,
): AlertDecision {
  return marked(before, turned({ ...alert, status: 'resolved', resolvedAt: at }, at), at, events, newId);
}

/** Marks it as flapping if that change was one too many. */
export function marked(
  before: AlertState | null,
  after: AlertState,
  at: string,
  events: AlertEvent[],
  newId: NewId,
): AlertDecision {
  const since = shift(at, -flappingWindowMs);
  const recent = after.transitions.filter((time) => time > since).length;
  if (after.flapping || recent < flappingTransitions) return { kind: 'changed', changes: [{ before, after }], events };
  const cause = `It changed between firing and resolved ${recent} times in ${flappingWindowMs / 60_000} minutes.`;
  return {
    kind: 'changed',
    changes: [{ before, after: { ...after, flapping: true } }],
    events: [...events, event(after.id, at, 'flapping-started', cause, newId)],
  };
}

/** Notes a change between firing and resolved. */
export function turned(alert: AlertState, at: string): AlertState {
  return { ...alert, transitions: [...alert.transitions, at].slice(-transitionsKept) };
}

export function changed(before: AlertState, change: Partial<AlertState>, events: AlertEvent[]): AlertDecision {
  return { kind: 'changed', changes: [{ before, after: { ...before, ...change } }], events };
}

export function event(
  alertId: string,
  at: string,
  kind: AlertEventKind,
  cause: string,
  newId: NewId,
  actorId: string | null = null,
): AlertEvent {
  return { id: newId(), alertId, at, kind, cause, actorId };
}

export function shift(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
