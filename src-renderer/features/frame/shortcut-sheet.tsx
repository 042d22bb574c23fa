import { create } from 'zustand';
import { t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { activeCommands, type ActiveCommand, useCommandStore } from '../../ui/commands.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { keyLabel, useKeymap } from '../../ui/keymap.ts';

export const useShortcutSheet = create<{ open: boolean; toggle: () => void; close: () => void }>((set) => ({
  open: false,
  toggle: () => set((state) => ({ open: !state.open })),
  close: () => set({ open: false }),
}));

export function ShortcutSheet() {
  const { open, close } = useShortcutSheet();
  const layers = useCommandStore((state) => state.layers);
  const keymap = useKeymap((state) => state.keymap);
  if (!open) return null;
  const groups = new Map<string, (ActiveCommand & { keys: string })[]>();
  for (const command of activeCommands(layers, keymap)) {
    const { keys } = command;
    if (keys === null || command.idle === true) continue;
    const group = command.group ?? 'On this screen';
    groups.set(group, [...(groups.get(group) ?? []), { ...command, keys }]);
  }
  return (
    <Dialog title={t`Shortcuts`} open onClose={close} wide>
      {[...groups].map(([group, commands]) => (
        <section key={group} className="sheet-list" aria-label={term(group)}>
          <h3>{term(group)}</h3>
          {commands.map((command) => (
            <div key={command.id} className="line">
              <Kbd>{keyLabel(command.keys)}</Kbd>
              <span className="visually-hidden">{keyLabel(command.keys)}</span>
              {(command.unavailable ?? null) === null ? (
                <span>{command.label}</span>
              ) : (
                <span className="faint">
                  {command.label}
                  {/* Under it: beside it there is room for half of it. */}
                  <span className="small-text sheet-why">{command.unavailable}</span>
                </span>
              )}
            </div>
          ))}
        </section>
      ))}
      <a className="sheet-more" href={paths.settings('keyboard')} onClick={close}>
        {t`Give them other keys`}
      </a>
    </Dialog>
  );
}
