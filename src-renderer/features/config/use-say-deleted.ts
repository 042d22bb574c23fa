import type { Action } from '#server/contract/intent.ts';
import { t } from '../../language/words.ts';
import { useToasts } from '../../ui/toast.tsx';
import { useUndoStack } from '../../undo.ts';
import { useTakeBack } from '../frame/take-back.ts';

/** Says what was deleted in this window; it comes back by a button where it can. */
export function useSayDeleted(): (text: string, id: string) => void {
  const show = useToasts((state) => state.show);
  const takeBack = useTakeBack();
  return (text, id) => {
    // Not the latest of all: something else may have been done while the server was asked.
    const done = useUndoStack.getState().done.findLast(({ action }) => deletedBy(action) === id);
    const undo = { label: t`Undo`, run: () => void takeBack(done?.id) };
    show({ text, passing: true, ...((done?.inverse ?? null) === null ? {} : { action: undo }) });
  };
}

function deletedBy(action: Action): string | null {
  if (action.kind === 'config.delete') return action.documentId;
  if (action.kind === 'service.delete') return action.serviceId;
  return action.kind === 'rule.delete' ? action.ruleId : null;
}
