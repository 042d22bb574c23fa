// What actions on a task, an ask or a poll have in common: each is one row of an incident, found, decided on and written.
import type { EntityName } from '#server/contract/replica.ts';
import type { ActionKind, ActionOf } from '#server/contract/intent.ts';
import type { Tx } from '#server/database/transaction.ts';
import { type Acting, idTaken } from '#server/modules/incidents/acting.ts';
import { type Decision, type Facts, notFound } from '#server/modules/incidents/decision.ts';
import type { IntentContext, IntentHandler, IntentOutcome } from '#server/modules/incidents/intents.ts';
import type { PartStore } from '#server/database/incident-parts.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

interface Part {
  id: string;
  version: number;
  incidentId: string;
}

type People = readonly (string | null)[];

export interface PartActions<S extends Part> {
  /** Makes one under an id that the client chose. */
  add<K extends ActionKind>(how: {
    id(action: ActionOf<K>): string;
    /** People whose names or teams the rule needs. */
    involved(action: ActionOf<K>): People;
    /** How many of them are open, where there is a limit. */
    countOpen?(tx: Tx, incidentId: string): Promise<number>;
    rule(incident: IncidentState, action: ActionOf<K>, facts: Facts, open: number): Decision<S>;
  }): IntentHandler<K>;
  /** Changes one that is there. */
  change<K extends ActionKind>(
    rule: (incident: IncidentState, part: S, action: ActionOf<K>, facts: Facts) => Decision<S>,
  ): IntentHandler<K>;
}

export function createPartActions<S extends Part>(
  acting: Acting,
  kept: {
    entity: EntityName;
    store: Pick<PartStore<S>, 'lock' | 'save'>;
    toPublic(state: S): unknown;
    /** The id in an action on one that is there. */
    id(action: object): string;
    /** People whose names or teams its rules need, beside the new owner that an action names. */
    involved(part: S, incident: IncidentState): People;
    missing: string;
  },
): PartActions<S> {
  const { entity, store } = kept;

  async function write(
    tx: Tx,
    context: IntentContext,
    incident: IncidentState,
    decision: Decision<S>,
    current: { entity: string; body: unknown },
  ): Promise<IntentOutcome> {
    if (decision.outcome !== 'applied') return acting.refuse(tx, context, incident.id, decision, current);
    await store.save(tx, context.at, decision.next, incident.restrictedTo);
    await acting.addEntries(tx, context, incident.id, decision.entries);
    return { outcome: 'applied', version: decision.next.version };
  }

  return {
    add: (how) => async (tx, context) => {
      const { action } = context.intent;
      const incident = await acting.lock(tx, context, incidentOf(action));
      if ('outcome' in incident) return incident;
      if ((await store.lock(tx, how.id(action))) !== null) return idTaken;
      const open = (await how.countOpen?.(tx, incident.id)) ?? 0;
      const decision = await acting.decide(tx, context, incident, how.involved(action), (facts) =>
        how.rule(incident, action, facts, open),
      );
      return write(tx, context, incident, decision, { entity: 'incident', body: publicIncident(incident) });
    },

    change: (rule) => async (tx, context) => {
      const { action } = context.intent;
      const incident = await acting.lock(tx, context, incidentOf(action));
      if ('outcome' in incident) return incident;
      const part = await store.lock(tx, kept.id(action));
      if (part?.incidentId !== incident.id) return notFound(kept.missing);
      const newOwner = 'ownerId' in action && typeof action.ownerId === 'string' ? action.ownerId : null;
      const involved = [...kept.involved(part, incident), newOwner];
      const decision = await acting.decide(tx, context, incident, involved, (facts) =>
        rule(incident, part, action, facts),
      );
      return write(tx, context, incident, decision, { entity, body: kept.toPublic(part) });
    },
  };
}

/** Every action on a part names its incident; the type system cannot follow the parameter. */
function incidentOf(action: object): string {
  return (action as { incidentId: string }).incidentId;
}
