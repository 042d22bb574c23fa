// Declare, attach, detach, split and merge: actions that touch several incidents and their alerts.
import { canSee } from '#server/contract/audience.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { type ActingDeps, createActing, idTaken, peopleOf } from '#server/modules/incidents/acting.ts';
import { type Decision, notFound, type Rejected } from '#server/modules/incidents/decision.ts';
import { decideDeclare } from '#server/modules/incidents/declare.ts';
import type { IntentContext, IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';
import type { Regrouped } from '#server/modules/incidents/membership.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import { decideAttach, decideDetach, decideMerge, decideSplit, type Group } from '#server/modules/incidents/regroup.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

export type RegroupKind = `incident.${'declare' | 'merge' | 'split' | 'attach-alerts' | 'detach-alerts'}`;

interface Locked {
  incidents: Map<string, IncidentState>;
  /** The alerts asked for. */
  alerts: AlertState[];
  /** The incidents asked for, and those that hold one of the alerts. */
  groups: Group[];
}

export function createRegroupHandlers(deps: ActingDeps): IntentHandlers<RegroupKind> {
  const { incidents, tasks, alerts, consoleKept, cadence, random } = deps;
  const acting = createActing(deps);

  /** Alerts before incidents, each in the order of their ids, as the pipeline locks them. */
  async function lock(
    tx: Tx,
    { actor }: IntentContext,
    wanted: { incidentIds: string[]; alertIds: string[] },
  ): Promise<Locked | Rejected> {
    const alertIds = [...new Set(wanted.alertIds)];
    const moving = await alerts.lockByIds(tx, alertIds);
    const missing = alertIds.length - moving.filter((alert) => canSee(alert.audience, actor.teamIds)).length;
    if (missing > 0) return notFound(`${missing} of the ${alertIds.length} alerts are not there, or not yours to see.`);
    const holders = moving.map((alert) => alert.incidentId).filter((id) => id !== null);
    const found = await incidents.lockByIds(tx, [...new Set([...wanted.incidentIds, ...holders])]);
    const byId = new Map(found.map((incident) => [incident.id, incident]));
    for (const id of wanted.incidentIds) {
      const incident = byId.get(id);
      if (incident === undefined || !canSee(incident.restrictedTo, actor.teamIds)) {
        return notFound('There is no incident with this id, or it is not yours to see.');
      }
    }
    const members = await alerts.membersOf(
      tx,
      found.map((incident) => incident.id),
    );
    const groups = found.map((incident) => {
      return { incident, members: members.filter((alert) => alert.incidentId === incident.id) };
    });
    return { incidents: byId, alerts: moving, groups };
  }

  async function apply(
    tx: Tx,
    context: IntentContext,
    incidentId: string,
    decision: Decision<Regrouped>,
    current: IncidentState | null,
  ): Promise<IntentOutcome> {
    if (decision.outcome !== 'applied') {
      const body = current === null ? null : publicIncident(current);
      return acting.refuse(tx, context, incidentId, decision, { entity: 'incident', body });
    }
    const { next, entries } = decision;
    await incidents.save(tx, context.at, next.incidents);
    await alerts.save(tx, context.at, next.alerts);
    await alerts.addEvents(
      tx,
      next.events.map((event) => ({ ...event, id: random.uuid() })),
    );
    await acting.addEntries(tx, context, incidentId, entries);
    return {
      outcome: 'applied',
      version: next.incidents.find((incident) => incident.id === incidentId)?.version ?? null,
    };
  }

  async function isFree(tx: Tx, incidentId: string): Promise<boolean> {
    return (await incidents.lockByIds(tx, [incidentId])).length === 0;
  }

  return {
    async 'incident.declare'(tx, context) {
      const { action } = context.intent;
      const locked = await lock(tx, context, { incidentIds: [], alertIds: action.alertIds });
      if ('outcome' in locked) return locked;
      if (!(await isFree(tx, action.incidentId))) return idTaken;
      const [number] = await incidents.nextNumbers(tx, 1);
      const decision = await acting.decide(tx, context, null, [], (facts) =>
        decideDeclare(action, number!, locked.alerts, locked.groups, cadence(), facts),
      );
      return apply(tx, context, action.incidentId, decision, null);
    },

    async 'incident.attach-alerts'(tx, context) {
      const { incidentId, alertIds } = context.intent.action;
      const locked = await lock(tx, context, { incidentIds: [incidentId], alertIds });
      if ('outcome' in locked) return locked;
      const target = locked.incidents.get(incidentId)!;
      const decision = await acting.decide(tx, context, target, [], (facts) =>
        decideAttach(target, locked.alerts, locked.groups, facts),
      );
      return apply(tx, context, incidentId, decision, target);
    },

    async 'incident.detach-alerts'(tx, context) {
      const { incidentId, alertIds } = context.intent.action;
      const locked = await lock(tx, context, { incidentIds: [incidentId], alertIds });
      if ('outcome' in locked) return locked;
      const group = locked.groups.find(({ incident }) => incident.id === incidentId)!;
      const decision = await acting.decide(tx, context, group.incident, [], (facts) =>
        decideDetach(group, locked.alerts, facts),
      );
      return apply(tx, context, incidentId, decision, group.incident);
    },

    async 'incident.split'(tx, context) {
      const { incidentId, alertIds, newIncidentId, title } = context.intent.action;
      const locked = await lock(tx, context, { incidentIds: [incidentId], alertIds });
      if ('outcome' in locked) return locked;
      if (!(await isFree(tx, newIncidentId))) return idTaken;
      const [number] = await incidents.nextNumbers(tx, 1);
      const group = locked.groups.find(({ incident }) => incident.id === incidentId)!;
      const fresh = { id: newIncidentId, number: number!, title };
      const decision = await acting.decide(tx, context, group.incident, [], (facts) =>
        decideSplit(group, locked.alerts, fresh, facts),
      );
      return apply(tx, context, incidentId, decision, group.incident);
    },

    async 'incident.merge'(tx, context) {
      const { incidentId, into } = context.intent.action;
      await alerts.lockByIncidents(tx, [incidentId]);
      const locked = await lock(tx, context, { incidentIds: [...new Set([incidentId, into])], alertIds: [] });
      if ('outcome' in locked) return locked;
      const incident = locked.incidents.get(incidentId)!;
      const target = locked.incidents.get(into)!;
      // Once more: what joined until we had the incident.
      const source = { incident, members: await alerts.lockByIncidents(tx, [incidentId]) };
      const asks = await consoleKept.waitingAsks(tx, incidentId);
      const left = { tasks: await tasks.ofIncident(tx, incidentId), asks };
      const involved = [...peopleOf(incident), ...asks.map((ask) => ask.ownerId)];
      const decision = await acting.decide(tx, context, incident, involved, (facts) =>
        decideMerge(source, target, left, facts),
      );
      return apply(tx, context, incidentId, decision, incident);
    },
  };
}
