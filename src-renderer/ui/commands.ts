// What can be done from the keyboard right now. Screens register commands while they are mounted; the frame binds the
// keys, shows the hinted ones in the foot and lists all under `?`.
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Command {
  /** In tinykeys' notation: `a`, `g h`, `Shift+A`, `$mod+Enter`. */
  keys: string;
  label: string;
  run: () => void;
  /** Shown in the foot. */
  hint?: boolean;
  group?: string;
  /** Listed with the reason, not run. */
  unavailable?: string | null;
}

interface CommandStore {
  /** Later registrations win over earlier ones with the same keys. */
  layers: { key: number; commands: readonly Command[] }[];
  nextKey: number;
  register: (commands: readonly Command[]) => () => void;
}

export const useCommandStore = create<CommandStore>((set, get) => ({
  layers: [],
  nextKey: 1,
  register: (commands) => {
    const key = get().nextKey;
    set((state) => ({ nextKey: key + 1, layers: [...state.layers, { key, commands }] }));
    return () => set((state) => ({ layers: state.layers.filter((layer) => layer.key !== key) }));
  },
}));

/** Registers while the caller is mounted. The functions may change at every render; the keys and labels seldom do. */
export function useCommands(commands: readonly Command[]): void {
  const register = useCommandStore((state) => state.register);
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  // Everything in a command but its function, as text: registering anew at every render would bind all keys anew.
  const shape = JSON.stringify(commands.map(({ run: _run, ...rest }) => rest));
  useEffect(() => {
    const shapes = JSON.parse(shape) as Omit<Command, 'run'>[];
    return register(shapes.map((rest, index) => ({ ...rest, run: () => latest.current[index]?.run() })));
  }, [register, shape]);
}

/** The commands in force: of several with the same keys, the one registered last. */
export function activeCommands(layers: CommandStore['layers']): Command[] {
  const byKeys = new Map<string, Command>();
  for (const layer of layers) {
    for (const command of layer.commands) {
      byKeys.delete(command.keys);
      byKeys.set(command.keys, command);
    }
  }
  return [...byKeys.values()];
}

/** Keys as a person reads them: `⇧ A`, `Ctrl Enter`, `g h`. A modifier in brackets may be held or not. */
export function keyLabel(keys: string): string {
  const mac = navigator.platform.startsWith('Mac');
  const names: Record<string, string> = {
    $mod: mac ? '⌘' : 'Ctrl',
    Shift: '⇧',
    Escape: 'Esc',
    ArrowLeft: '←',
    ArrowRight: '→',
  };
  return keys
    .split('+')
    .filter((part) => !/^\[.+\]$/.test(part))
    .map((part) => names[part] ?? part)
    .join(' ');
}

const singleKeysKey = 'tocsin.single-keys';

/** Whether keys without a modifier do anything; a person may switch them off under Settings. */
export const useKeyPreference = create<{ singleKeys: boolean; setSingleKeys: (on: boolean) => void }>((set) => ({
  singleKeys: window.localStorage.getItem(singleKeysKey) !== 'off',
  setSingleKeys: (on) => {
    window.localStorage.setItem(singleKeysKey, on ? 'on' : 'off');
    set({ singleKeys: on });
  },
}));
