// What people make of an alert. Pure.
import {
  type AlertDecision,
  changed,
  event,
  marked,
  type NewId,
  resolved,
  turned,
} from '#server/modules/alerts/decision.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';

export interface Person {
  userId: string;
  name: string;
}

export function decideAcknowledged(alert: AlertState, by: Person, at: string, newId: NewId): AlertDecision {
  if (alert.acknowledged) return { kind: 'unchanged', reason: 'It is acknowledged already.' };
  if (alert.status !== 'firing') return { kind: 'unchanged', reason: 'It is resolved.' };
  return changed(alert, { acknowledged: true, acknowledgedBy: by.userId, acknowledgedAt: at }, [
    event(alert.id, at, 'acknowledged', `${by.name} acknowledged it.`, newId, by.userId),
  ]);
}

export function decideUnacknowledged(alert: AlertState, by: Person, at: string, newId: NewId): AlertDecision {
  if (!alert.acknowledged) return { kind: 'unchanged', reason: 'It is not acknowledged.' };
  return changed(alert, { acknowledged: false, acknowledgedBy: null, acknowledgedAt: null }, [
    event(alert.id, at, 'unacknowledged', `${by.name} took the acknowledgement back.`, newId, by.userId),
  ]);
}

/** By hand. If its source sends it again, that opens a new alert. */
export function decideResolved(alert: AlertState, by: Person, at: string, newId: NewId): AlertDecision {
  if (alert.status !== 'firing') return { kind: 'unchanged', reason: 'It is resolved already.' };
  return resolved(
    alert,
    alert,
    at,
    [event(alert.id, at, 'resolved', `${by.name} resolved it.`, newId, by.userId)],
    newId,
  );
}

/** By hand. `newest` is the newest alert of its key: only that one can fire again. */
export function decideReopened(
  alert: AlertState,
  newest: AlertState,
  by: Person,
  at: string,
  newId: NewId,
): AlertDecision {
  if (alert.status === 'firing') return { kind: 'unchanged', reason: 'It is firing already.' };
  if (newest.id !== alert.id)
    return { kind: 'unchanged', reason: 'Its source has sent a newer alert since; act on that one.' };
  const next = turned({ ...alert, status: 'firing', resolvedAt: null, endsAt: null }, at);
  const events = [event(alert.id, at, 'reopened', `${by.name} reopened it.`, newId, by.userId)];
  return marked(alert, next, at, events, newId);
}
