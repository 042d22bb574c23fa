// Actions on one incident and what is written in it.
import { sameAudience } from '#server/contract/audience.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { type ActingDeps, createActing, idTaken, peopleOf } from '#server/modules/incidents/acting.ts';
import { type Decision, type Facts, notFound } from '#server/modules/incidents/decision.ts';
import {
  decideAddLink,
  decideImpact,
  decideRemoveLink,
  decideSeverity,
  decideTitle,
} from '#server/modules/incidents/fields.ts';
import type { IntentHandler, IntentHandlers } from '#server/modules/incidents/intents.ts';
import { publicIncident } from '#server/modules/incidents/public.ts';
import { decideRestrict } from '#server/modules/incidents/restriction.ts';
import {
  decideAcceptRole,
  decideDeclineRole,
  decideOfferRole,
  decideReleaseRole,
  decideTakeRole,
} from '#server/modules/incidents/roles.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { decideMove, decideReopen, mergedElsewhere } from '#server/modules/incidents/status.ts';
import { decideNote, decideStar } from '#server/modules/incidents/updates.ts';

export type IncidentKind =
  | `incident.${'acknowledge' | 'mitigate' | 'resolve' | 'reopen' | 'set-severity' | 'set-title' | 'set-impact'}`
  | `incident.${'take' | 'offer' | 'accept' | 'decline' | 'release'}-role`
  | `incident.${'note' | 'star' | 'add-link' | 'remove-link' | 'restrict'}`;

export function createIncidentHandlers(deps: ActingDeps): IntentHandlers<IncidentKind> {
  const { incidents, timeline, tasks, alerts, postmortems, consoleKept, chat, cadence } = deps;
  const acting = createActing(deps);

  /** An action that changes the incident's own row. `elsewhere` says what was wanted of one that was merged away. */
  function onIncident<K extends IncidentKind>(
    rule: (incident: IncidentState, action: ActionOf<K>, facts: Facts) => Decision<IncidentState>,
    options: {
      elsewhere?: string;
      involved?: (action: ActionOf<K>) => string[];
    } = {},
  ): IntentHandler<K> {
    return async (tx, context) => {
      const { action } = context.intent;
      const { incidentId } = action as ActionOf<IncidentKind>;
      const incident = await acting.lock(tx, context, incidentId);
      if ('outcome' in incident) return incident;
      const involved = [...peopleOf(incident), ...(options.involved?.(action) ?? [])];
      const decision = await acting.decide(tx, context, incident, involved, (facts) => {
        const merged = options.elsewhere === undefined ? null : mergedElsewhere(incident, options.elsewhere, facts);
        return merged ?? rule(incident, action, facts);
      });
      if (decision.outcome !== 'applied') {
        return acting.refuse(tx, context, incident.id, decision, {
          entity: 'incident',
          body: publicIncident(incident),
        });
      }
      const entries = acting.entriesOf(context, incident.id, decision.entries);
      await incidents.save(tx, context.at, [decision.next]);
      await incidents.addTimeline(tx, entries);
      return { outcome: 'applied', version: decision.next.version };
    };
  }

  const reopen: IntentHandler<'incident.reopen'> = async (tx, context) => {
    const incident = await acting.lock(tx, context, context.intent.action.incidentId);
    if ('outcome' in incident) return incident;
    const open = incident.groupKey === null ? null : await incidents.openInGroup(tx, incident.groupKey);
    const other = open?.id === incident.id ? null : open;
    const again = onIncident<'incident.reopen'>((state, _action, facts) => decideReopen(state, facts, other), {
      elsewhere: 'reopen it',
    });
    return again(tx, context);
  };

  const restrict: IntentHandler<'incident.restrict'> = async (tx, context) => {
    const { incidentId } = context.intent.action;
    // Alerts before incidents, as the pipeline locks them; and again, for what joined until we had the incident.
    await alerts.lockByIncidents(tx, [incidentId]);
    const before = await acting.lock(tx, context, incidentId);
    if ('outcome' in before) return before;
    const outcome = await onIncident<'incident.restrict'>(decideRestrict)(tx, context);
    if (outcome.outcome !== 'applied') return outcome;
    const [after] = await incidents.lockByIds(tx, [incidentId]);
    const audience = after?.restrictedTo ?? null;
    if (sameAudience(before.restrictedTo, audience)) return outcome;
    const members = await alerts.lockByIncidents(tx, [incidentId]);
    await alerts.save(
      tx,
      context.at,
      members.map((alert) => ({ ...alert, version: alert.version + 1, audience })),
    );
    await timeline.reissue(tx, context.at, incidentId, before.restrictedTo, audience);
    await tasks.reissue(tx, context.at, incidentId, before.restrictedTo, audience);
    await postmortems.reissue(tx, context.at, incidentId, before.restrictedTo, audience);
    await chat.reissue(tx, context.at, incidentId, before.restrictedTo, audience);
    await consoleKept.reissue(tx, context.at, incidentId, before.restrictedTo, audience);
    return outcome;
  };

  const note: IntentHandler<'incident.note'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    if (!(await acting.entryIsNew(tx, action.entryId))) return idTaken;
    const decision = await acting.decide(tx, context, null, [], (facts) => decideNote(action, facts));
    if (decision.outcome !== 'applied') {
      return acting.refuse(tx, context, incident.id, decision, { entity: 'incident', body: publicIncident(incident) });
    }
    await acting.addEntries(tx, context, incident.id, decision.entries);
    return { outcome: 'applied', version: 1 };
  };

  const star: IntentHandler<'incident.star'> = async (tx, context) => {
    const { action } = context.intent;
    const incident = await acting.lock(tx, context, action.incidentId);
    if ('outcome' in incident) return incident;
    const entry = await timeline.find(tx, action.entryId);
    if (entry?.incidentId !== incident.id) return notFound('There is no such entry on the timeline of this incident.');
    const decision = await acting.decide(tx, context, null, [], () => decideStar(entry, action));
    if (decision.outcome !== 'applied') {
      return acting.refuse(tx, context, incident.id, decision, { entity: 'timeline', body: entry });
    }
    await timeline.save(tx, context.at, decision.next, incident.restrictedTo);
    return { outcome: 'applied', version: decision.next.version };
  };

  return {
    'incident.acknowledge': onIncident((incident, _action, facts) => decideMove(incident, 'acknowledge', facts), {
      elsewhere: 'acknowledge it',
    }),
    'incident.mitigate': onIncident((incident, _action, facts) => decideMove(incident, 'mitigate', facts), {
      elsewhere: 'mark it mitigated',
    }),
    'incident.resolve': onIncident((incident, _action, facts) => decideMove(incident, 'resolve', facts), {
      elsewhere: 'resolve it',
    }),
    'incident.reopen': reopen,
    'incident.set-severity': onIncident(
      (incident, action, facts) => decideSeverity(incident, action, cadence(), facts),
      { elsewhere: 'set its severity' },
    ),
    'incident.set-title': onIncident(decideTitle),
    'incident.set-impact': onIncident(decideImpact),
    'incident.take-role': onIncident((incident, { role }, facts) => decideTakeRole(incident, role, facts), {
      elsewhere: 'take a role',
    }),
    'incident.offer-role': onIncident(
      (incident, { role, to, briefing = null }, facts) => decideOfferRole(incident, role, to, facts, briefing),
      { elsewhere: 'offer a role', involved: ({ to }) => [to] },
    ),
    'incident.accept-role': onIncident((incident, { role }, facts) => decideAcceptRole(incident, role, facts), {
      elsewhere: 'accept a role',
    }),
    'incident.decline-role': onIncident((incident, { role }, facts) => decideDeclineRole(incident, role, facts)),
    'incident.release-role': onIncident((incident, { role }, facts) => decideReleaseRole(incident, role, facts)),
    'incident.note': note,
    'incident.star': star,
    'incident.add-link': onIncident(decideAddLink),
    'incident.remove-link': onIncident(decideRemoveLink),
    'incident.restrict': restrict,
  };
}
