import { create } from 'zustand';
import { activeCommands, type Command, keyLabel, useCommandStore } from '../../ui/commands.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';

export const useShortcutSheet = create<{ open: boolean; toggle: () => void; close: () => void }>((set) => ({
  open: false,
  toggle: () => set((state) => ({ open: !state.open })),
  close: () => set({ open: false }),
}));

export function ShortcutSheet() {
  const { open, close } = useShortcutSheet();
  const layers = useCommandStore((state) => state.layers);
  if (!open) return null;
  const groups = new Map<string, Command[]>();
  for (const command of activeCommands(layers)) {
    const group = command.group ?? 'On this screen';
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return (
    <Dialog title="Shortcuts" open onClose={close} wide>
      {[...groups].map(([group, commands]) => (
        <section key={group} className="sheet-list" aria-label={group}>
          <h3>{group}</h3>
          {commands.map((command) => (
            <div key={command.keys} className="line">
              <Kbd>{keyLabel(command.keys)}</Kbd>
              <span className="visually-hidden">{keyLabel(command.keys)}</span>
              <span className={(command.unavailable ?? null) === null ? '' : 'faint'}>{command.label}</span>
              {(command.unavailable ?? null) === null ? null : (
                <span className="small-text faint clip">{command.unavailable}</span>
              )}
            </div>
          ))}
        </section>
      ))}
    </Dialog>
  );
}
