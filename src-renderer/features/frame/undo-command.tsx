import { useReplica, useSession } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { useToasts } from '../../ui/toast.tsx';
import { undoOf, useUndoStack } from '../../undo.ts';
import { actionTitle } from '../incidents/action-words.ts';

/** Takes back the latest action of this window: unsent, or by its opposite. */
export function UndoCommand() {
  const { replica } = useSession();
  const outbox = useReplica((state) => state.outbox);
  const done = useUndoStack((state) => state.done);
  const show = useToasts((state) => state.show);
  const last = done.at(-1);

  const undo = async (): Promise<void> => {
    const undoing = undoOf(done, outbox, replica.view.visible);
    if (undoing === null) return;
    // One that stands is passed over: the next press is about the one before.
    useUndoStack.setState({ done: done.slice(0, -1) });
    const title = actionTitle(undoing.done.action);
    if (undoing.kind === 'stands')
      return show({ icon: 'refused', text: `Not undone: ${title}. For ${undoing.reason}.` });
    if (undoing.kind === 'discard') {
      await replica.outbox.discard(undoing.done.id);
      return show({ text: `Undone before it was sent: ${title}` });
    }
    const submitted = await replica.outbox.submit(undoing.action);
    if (submitted.ok) show({ text: `Undone: ${title}` });
    else show({ icon: 'refused', text: `Not undone: ${title}. For ${submitted.reason}.` });
  };

  useCommands(
    [
      {
        id: 'undo',
        label: last === undefined ? 'undo' : `undo: ${actionTitle(last.action)}`.slice(0, 80),
        group: 'Everywhere',
        unavailable: last === undefined ? 'nothing was done in this window yet' : null,
        run: () => void undo(),
      },
    ],
    'everywhere',
  );
  return null;
}
