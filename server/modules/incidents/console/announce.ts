import type { IntentHandler } from '#server/modules/incidents/intents.ts';
import type { People } from '#server/modules/incidents/people.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import type { Random } from '#server/ports/random.ts';

interface AnnounceDeps {
  incidents: Pick<IncidentStore, 'lockByIds'>;
  people: People;
  /** Says something in the room of the incident, and wherever else that room is mirrored. */
  say: IntentHandler<'chat.post'>;
  random: Pick<Random, 'uuid'>;
}

type Accepting = 'incident.accept-role' | 'incident.take-role';

/** A role that was offered and is accepted is said in the room by who has it now: the timeline is not where people talk. */
export function withAnnouncement<K extends Accepting>(handler: IntentHandler<K>, deps: AnnounceDeps): IntentHandler<K> {
  const { incidents, people, say, random } = deps;

  return async (tx, context) => {
    // An action of either kind; the type system cannot follow the parameter.
    const { incidentId, role } = context.intent.action as { incidentId: string; role: string };
    const [before] = await incidents.lockByIds(tx, [incidentId]);
    const slot = before?.roles.find((each) => each.role === role);
    const outcome = await handler(tx, context);
    if (outcome.outcome !== 'applied' || slot?.offer?.to !== context.actor.userId) return outcome;
    const giver = slot.userId ?? slot.offer.by;
    const [person] = await people.read(tx, [giver]);
    const from = person?.name ?? 'somebody who has left';
    const text =
      slot.userId === null
        ? `I have the role ${role} now, offered by ${from}.`
        : `I have taken over as ${role} from ${from}.`;
    const action = { kind: 'chat.post', incidentId, messageId: random.uuid(), text, mentions: [], replyTo: null };
    await say(tx, { ...context, intent: { ...context.intent, action: { ...action, kind: 'chat.post' } } });
    return outcome;
  };
}
