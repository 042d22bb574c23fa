import type { Acting } from '#server/modules/incidents/acting.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import type { People } from '#server/modules/incidents/people.ts';
import { decideEdit } from '#server/modules/postmortems/edit.ts';
import { decideState } from '#server/modules/postmortems/set-state.ts';
import type { PostmortemStore } from '#server/modules/postmortems/store.ts';
import type { Random } from '#server/ports/random.ts';

export function createPostmortemHandlers(deps: {
  acting: Pick<Acting, 'lock' | 'addEntries'>;
  people: People;
  postmortems: Pick<PostmortemStore, 'lock' | 'save'>;
  random: Pick<Random, 'uuid'>;
}): IntentHandlers<`postmortem.${'edit' | 'set-state'}`> {
  const { acting, people, postmortems, random } = deps;
  return {
    async 'postmortem.edit'(tx, context) {
      const { action, baseVersion } = context.intent;
      const { actor, at } = context;
      const incident = await acting.lock(tx, context, action.incidentId);
      if ('outcome' in incident) return incident;
      const owners = [...new Set(action.followUps.map((followUp) => followUp.ownerId).filter((id) => id !== null))];
      const known = owners.length === 0 ? [] : await people.read(tx, owners);
      if (known.length < owners.length) {
        return {
          outcome: 'rejected',
          code: 'not-found',
          reason: 'A follow-up has an owner who is not here. Pick another person.',
        };
      }
      const current = await postmortems.lock(tx, incident.id);
      const facts = { userId: actor.userId, at, baseVersion, newId: random.uuid(), incidentId: incident.id };
      const decision = decideEdit(current, action, facts);
      if (decision.outcome === 'noop') {
        return { outcome: 'noop', by: null, at: current?.updatedAt ?? null, reason: 'The review says so already.' };
      }
      await postmortems.save(tx, at, decision.next, incident.restrictedTo);
      // One entry a writer, not one a keystroke; and always one when another's words were overwritten.
      if (decision.replaced !== null || current?.updatedBy !== actor.userId) {
        const text = `${actor.name} ${decision.replaced === null ? 'edited the review' : 'edited the review from an older copy'}`;
        const detail = decision.replaced === null ? null : `Replaced:\n${decision.replaced}`;
        await acting.addEntries(tx, context, incident.id, [{ kind: 'edit', text, detail }]);
      }
      return { outcome: 'applied', version: decision.next.version };
    },

    async 'postmortem.set-state'(tx, context) {
      const { action } = context.intent;
      const { actor, at } = context;
      const incident = await acting.lock(tx, context, action.incidentId);
      if ('outcome' in incident) return incident;
      const current = await postmortems.lock(tx, incident.id);
      const decision = decideState(current, action.state, { userId: actor.userId, name: actor.name, at });
      switch (decision.outcome) {
        case 'rejected':
          return { outcome: 'rejected', code: 'invalid', reason: decision.reason };
        case 'noop':
          return { outcome: 'noop', by: null, at: current?.updatedAt ?? null, reason: 'The review stands so already.' };
        case 'applied':
          await postmortems.save(tx, at, decision.next, incident.restrictedTo);
          await acting.addEntries(tx, context, incident.id, [{ kind: 'edit', text: decision.text }]);
          return { outcome: 'applied', version: decision.next.version };
      }
    },
  };
}
