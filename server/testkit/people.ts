import type { Actor } from '#server/api/context.ts';
import type { ActionKind, ActionOf } from '#server/contract/intent.ts';
import type { IntentContext } from '#server/modules/incidents/intents.ts';
import type { Random } from '#server/ports/random.ts';

export function anActor(change: Partial<Actor> = {}): Actor {
  return {
    userId: '00000000-0000-7000-8000-00000000000a',
    name: 'Ada',
    role: 'admin',
    teamIds: [],
    sessionId: null,
    ...change,
  };
}

/** What a handler of intents is given, without the endpoint around it. */
export function anIntent<K extends ActionKind>(
  action: ActionOf<K>,
  given: { at: string; random: Random; actor?: Actor; baseVersion?: number | null },
): IntentContext<ActionOf<K>> {
  const { at, random, actor = anActor(), baseVersion = null } = given;
  return { actor, at, actedAt: at, intent: { id: random.uuid(), at, baseVersion, dependsOn: null, action } };
}
