import { t } from '../../language/words.ts';
import { useCommands } from '../../ui/commands.ts';
import { useUndoStack } from '../../undo.ts';
import { actionTitle } from '../incidents/action-words.ts';
import { useTakeBack } from './take-back.ts';

/** Takes back the latest action of this window: unsent, or by its opposite. */
export function UndoCommand() {
  const last = useUndoStack((state) => state.done.at(-1));
  const takeBack = useTakeBack();
  useCommands(
    [
      {
        id: 'undo',
        label: last === undefined ? t`undo` : t`undo: ${actionTitle(last.action)}`.slice(0, 80),
        group: 'Everywhere',
        unavailable: last === undefined ? t`nothing was done in this window yet` : null,
        run: () => void takeBack(),
      },
    ],
    'everywhere',
  );
  return null;
}
