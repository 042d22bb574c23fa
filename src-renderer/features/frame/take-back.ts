import { useCallback } from 'react';
import type { Action, ActionOf } from '#server/contract/intent.ts';
import { t } from '../../language/words.ts';
import type { Replica } from '../../replica/replica.ts';
import { useSession } from '../../session.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { type Undoing, undoOf, useUndoStack } from '../../undo.ts';
import { actionTitle } from '../incidents/action-words.ts';

/** Takes back what was done last in this window, or the intent that is named; says what came of it. */
export function useTakeBack(): (id?: string) => Promise<void> {
  const { replica } = useSession();
  const show = useToasts((state) => state.show);
  return useCallback(
    async (id) => {
      const { done } = useUndoStack.getState();
      const entry = id === undefined ? done.at(-1) : done.find((one) => one.id === id);
      if (entry === undefined) return;
      const undoing = undoOf([entry], replica.store.getState().outbox, replica.view.visible);
      if (undoing === null) return;
      // One that stands is passed over: the next press is about the one before.
      useUndoStack.setState({ done: done.filter((one) => one !== entry) });
      const title = actionTitle(entry.action);
      const why = await carriedOut(replica, undoing);
      if (why !== null) show({ icon: 'refused', text: t`Not undone: ${title}. For ${why}.` });
      else if (undoing.kind === 'discard') show({ text: t`Undone before it was sent: ${title}` });
      else if (undoing.kind === 'submit') show({ text: undoneWords(title, undoing.action) });
    },
    [replica, show],
  );
}

/** Null, or why it stands. */
export async function carriedOut(replica: Pick<Replica, 'outbox' | 'store'>, undoing: Undoing): Promise<string | null> {
  if (undoing.kind === 'stands') return undoing.reason;
  if (undoing.kind === 'discard') {
    await replica.outbox.discard(undoing.done.id);
    return null;
  }
  const submitted = await replica.outbox.submit(undoing.action);
  if (!submitted.ok) return submitted.reason;
  const { action } = undoing;
  if (!bringsBack(action)) return null;
  // Only the server can tell whether what was deleted still fits what is there by now.
  const result = await submitted.settled;
  if (result?.outcome === 'rejected') {
    await replica.outbox.discard(submitted.id);
    return result.reason.replace(/\.$/, '');
  }
  const { place, followUp = null } = undoing.done;
  if (followUp !== null) await replica.outbox.submit(followUp);
  if (action.kind !== 'service.save') await putInPlace(replica, action, place);
  return null;
}

function bringsBack(action: Action): action is ActionOf<'config.save' | 'rule.save' | 'service.save'> {
  return action.kind === 'config.save' || action.kind === 'rule.save' || action.kind === 'service.save';
}

/** What is tried in order comes back as the last one, and goes on from there. */
async function putInPlace(
  { outbox, store }: Pick<Replica, 'outbox' | 'store'>,
  action: ActionOf<'config.save' | 'rule.save'>,
  place: number | undefined,
): Promise<void> {
  if (place === undefined) return;
  const { route, rule } = store.getState().tables;
  const id = action.kind === 'rule.save' ? action.ruleId : action.documentId;
  const rows: Iterable<Ordered> = action.kind === 'rule.save' ? rule.rows.values() : route.rows.values();
  const others = [...rows]
    .filter((row) => row.id !== id && !row.builtIn)
    .toSorted((one, other) => one.position - other.position)
    .map((row) => row.id);
  if (place >= others.length) return;
  const order = others.toSpliced(place, 0, id);
  await outbox.submit(
    action.kind === 'rule.save' ? { kind: 'rule.order', ruleIds: order } : { kind: 'route.order', routeIds: order },
  );
}

interface Ordered {
  id: string;
  position: number;
  builtIn: boolean;
}

function undoneWords(title: string, done: Action): string {
  if (!bringsBack(done)) return t`Undone: ${title}`;
  const what = actionTitle(done);
  return done.kind === 'config.save' && done.document.kind === 'schedule'
    ? t`Back as it was: ${what}. Its overrides and swap requests do not come back.`
    : t`Back as it was: ${what}`;
}
