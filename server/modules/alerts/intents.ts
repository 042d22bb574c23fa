// What people do to alerts, as intents: acknowledge, take that back, resolve, reopen; one or many at a time.
import type { Actor } from '#server/api/context.ts';
import type { AlertEvent } from '#server/contract/alert.ts';
import { canSee } from '#server/contract/audience.ts';
import type { Tx } from '#server/database/transaction.ts';
import {
  decideAcknowledged,
  decideReopened,
  decideResolved,
  decideUnacknowledged,
} from '#server/modules/alerts/by-hand.ts';
import type { AlertDecision } from '#server/modules/alerts/decision.ts';
import type { AlertChange, AlertState, AlertStore, ApplyAlertChanges } from '#server/modules/alerts/state.ts';
import type { IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import type { Silences } from '#server/modules/silences/service.ts';
import type { SilenceStore } from '#server/modules/silences/state.ts';
import type { Random } from '#server/ports/random.ts';

type AlertActionKind = 'alert.acknowledge' | 'alert.unacknowledge' | 'alert.resolve' | 'alert.reopen';

export function createAlertIntents(deps: {
  alerts: Pick<AlertStore, 'lockByIds' | 'lockLatest'>;
  incidents: Pick<IncidentStore, 'lockByIds'>;
  gate: SilenceStore['gate'];
  silences: Pick<Silences, 'mark'>;
  apply: ApplyAlertChanges;
  random: Pick<Random, 'uuid'>;
}): IntentHandlers<AlertActionKind> {
  const { alerts, incidents, gate, silences, apply, random } = deps;

  async function act(
    tx: Tx,
    at: string,
    actor: Actor,
    ids: string[],
    decide: (alert: AlertState) => AlertDecision,
  ): Promise<IntentOutcome> {
    const found = await visible(tx, actor, ids);
    return settle(tx, at, found, found.map(decide));
  }

  async function visible(tx: Tx, actor: Actor, ids: string[]): Promise<AlertState[]> {
    const found = await alerts.lockByIds(tx, [...new Set(ids)]);
    return found.filter((alert) => canSee(alert.audience, actor.teamIds));
  }

  async function settle(tx: Tx, at: string, found: AlertState[], decisions: AlertDecision[]): Promise<IntentOutcome> {
    if (found.length === 0)
      return { outcome: 'rejected', code: 'not-found', reason: 'None of these alerts is here, or yours to see.' };
    const changes: AlertChange[] = [];
    const events: AlertEvent[] = [];
    for (const decision of decisions) {
      if (decision.kind === 'unchanged') continue;
      changes.push(...decision.changes);
      events.push(...decision.events);
    }
    if (changes.length === 0) {
      const first = decisions[0];
      const reason = first?.kind === 'unchanged' ? first.reason : 'Nothing to change.';
      return { outcome: 'noop', by: null, at: found[0]?.acknowledgedAt ?? found[0]?.resolvedAt ?? null, reason };
    }
    const saved = await apply(tx, at, changes, events);
    const only = found.length === 1 ? saved.find((alert) => alert.id === found[0]?.id) : undefined;
    return { outcome: 'applied', version: only?.version ?? null };
  }

  return {
    'alert.acknowledge': (tx, { actor, intent, at, actedAt }) =>
      act(tx, at, actor, intent.action.alertIds, (alert) => decideAcknowledged(alert, actor, actedAt, random.uuid)),

    'alert.unacknowledge': (tx, { actor, intent, at, actedAt }) =>
      act(tx, at, actor, intent.action.alertIds, (alert) => decideUnacknowledged(alert, actor, actedAt, random.uuid)),

    'alert.resolve': (tx, { actor, intent, at }) =>
      act(tx, at, actor, intent.action.alertIds, (alert) => decideResolved(alert, actor, at, random.uuid)),

    async 'alert.reopen'(tx, { actor, intent, at }) {
      await gate(tx, 'shared');
      const found = await visible(tx, actor, intent.action.alertIds);
      const newest = await alerts.lockLatest(tx, found);
      const closed = await closedIncidents(tx, found);
      const decisions = found.map((alert) => {
        const latest = newest.find((other) => sameKey(other, alert)) ?? alert;
        return outOfClosed(decideReopened(alert, latest, actor, at, random.uuid), closed, at);
      });
      const looked: AlertDecision[] = [];
      for (const decision of decisions) {
        if (decision.kind === 'unchanged') looked.push(decision);
        else {
          const marked = await silences.mark(tx, at, decision.changes);
          looked.push({ kind: 'changed', changes: marked.changes, events: [...decision.events, ...marked.events] });
        }
      }
      return settle(tx, at, found, looked);
    },
  };

  async function closedIncidents(tx: Tx, found: AlertState[]): Promise<Set<string>> {
    const ids = [...new Set(found.map((alert) => alert.incidentId).filter((id) => id !== null))];
    const states = await incidents.lockByIds(tx, ids);
    return new Set(states.filter((incident) => incident.status === 'resolved').map((incident) => incident.id));
  }

  /** An alert that fires again cannot stay in a closed incident: the rules find its place anew, unless a hand did. */
  function outOfClosed(decision: AlertDecision, closed: ReadonlySet<string>, at: string): AlertDecision {
    if (decision.kind === 'unchanged') return decision;
    const events = [...decision.events];
    const changes = decision.changes.map(({ before, after }): AlertChange => {
      if (after.incidentId === null || after.placedBy !== null || !closed.has(after.incidentId))
        return { before, after };
      const cause = 'Its incident is closed; the rules look for its place anew.';
      events.push({ id: random.uuid(), alertId: after.id, at, kind: 'ungrouped', cause, actorId: null });
      return { before, after: { ...after, incidentId: null, groupReason: null, audience: null } };
    });
    return { kind: 'changed', changes, events };
  }
}

function sameKey(a: AlertState, b: AlertState): boolean {
  return a.integrationId === b.integrationId && a.dedupKey === b.dedupKey;
}
