import { roleAtLeast } from '#server/contract/people.ts';
import type { SavedView } from '#server/contract/view.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import type { ViewStore } from '#server/modules/views/store.ts';

const viewsMax = 100;

/** A view belongs to who made it; a shared one can also be changed by a manager. */
export function createViewIntents({ views }: { views: ViewStore }): IntentHandlers<'view.save' | 'view.delete'> {
  return {
    async 'view.save'(tx, { actor, intent, at }) {
      const { viewId, name, filter, shared } = intent.action;
      const known = await views.lockById(tx, viewId);
      if (known === null) {
        if ((await views.countOf(tx, actor.userId)) >= viewsMax) {
          return { outcome: 'rejected', code: 'invalid', reason: `You have ${viewsMax} views. Delete one first.` };
        }
        const version = await views.firstVersion(tx, viewId);
        await views.save(tx, at, { id: viewId, version, name, filter, shared, ownerId: actor.userId }, false);
        return { outcome: 'applied', version };
      }
      const refusal = refuse(known, actor);
      if (refusal !== null) return refusal;
      if (intent.baseVersion !== null && known.version > intent.baseVersion) {
        return { outcome: 'conflict', reason: 'The view was changed since.', entity: 'view', current: known };
      }
      const next = { ...known, name, filter, shared, version: known.version + 1 };
      await views.save(tx, at, next, known.shared);
      return { outcome: 'applied', version: next.version };
    },

    async 'view.delete'(tx, { actor, intent, at }) {
      const known = await views.lockById(tx, intent.action.viewId);
      if (known === null) return { outcome: 'noop', by: null, at: null, reason: 'The view is gone already.' };
      const refusal = refuse(known, actor);
      if (refusal !== null) return refusal;
      await views.remove(tx, at, known);
      return { outcome: 'applied', version: null };
    },
  };
}

function refuse(view: SavedView, actor: { userId: string; role: Parameters<typeof roleAtLeast>[0] }) {
  if (view.ownerId === actor.userId || (view.shared && roleAtLeast(actor.role, 'manager'))) return null;
  // Somebody's own view is nobody else's business, not even that it is there.
  if (!view.shared) return { outcome: 'rejected', code: 'not-found', reason: 'There is no such view.' } as const;
  return {
    outcome: 'rejected',
    code: 'forbidden',
    reason: 'The view is somebody else\u2019s. Save it under a name of your own.',
  } as const;
}
