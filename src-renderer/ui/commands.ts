// What can be done right now. Screens register commands while they are mounted; the frame binds their keys, shows the
// hinted ones in the foot, lists those with keys under `?`, and all of them in the palette.
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { EntityName } from '#server/contract/replica.ts';
import { keyCatalog } from './key-catalog.ts';
import type { Keymap } from './keymap.ts';

export interface Command {
  /** What it means, the same on every screen: `acknowledge`, `list.next`. Keys are given to this name. */
  id: string;
  /** The keys it has unless the person chose others; left out, they are the catalogue's; null: only from the palette. */
  keys?: string | null;
  /** Beside its own keys, and not to be changed. */
  also?: readonly string[];
  label: string;
  run: () => void;
  /** Shown in the foot. */
  hint?: boolean;
  group?: string;
  /** Listed with the reason, not run. */
  unavailable?: string | null;
  /** Stands for a key that means nothing here: pressed it says why, but it is not among the keys in force. */
  idle?: boolean;
  /** Words a person may look for it by, beside the label. */
  keywords?: string;
  /** What it acts on; the palette names it. */
  about?: CommandSubject | null;
  /** Works inside dialogs and menus as well. */
  inDialogs?: boolean;
}

export interface CommandSubject {
  entity: EntityName;
  id: string;
  title: string;
}

/** A command in force, with the keys that run it now. */
export interface ActiveCommand extends Command {
  keys: string | null;
}

type Level = 'everywhere' | 'screen';
interface Layer {
  key: number;
  level: Level;
  commands: readonly Command[];
}

interface CommandStore {
  layers: readonly Layer[];
  nextKey: number;
  register: (commands: readonly Command[], level: Level) => () => void;
}

export const useCommandStore = create<CommandStore>((set, get) => ({
  layers: [],
  nextKey: 1,
  register: (commands, level) => {
    const key = get().nextKey;
    set((state) => ({ nextKey: key + 1, layers: [...state.layers, { key, level, commands }] }));
    return () => set((state) => ({ layers: state.layers.filter((layer) => layer.key !== key) }));
  },
}));

/** Registers while the caller is mounted. The functions may change at every render; the rest seldom does. */
export function useCommands(commands: readonly Command[], level: Level = 'screen'): void {
  const register = useCommandStore((state) => state.register);
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  // Everything in a command but its function, as text: registering anew at every render would bind all keys anew.
  const shape = JSON.stringify(commands.map(({ run: _run, ...rest }) => rest));
  useEffect(() => {
    const shapes = JSON.parse(shape) as Omit<Command, 'run'>[];
    // By its name: a command may have moved to another place of the list since.
    const run = (id: string): void => latest.current.find((command) => command.id === id)?.run();
    return register(
      shapes.map((rest) => ({ ...rest, run: () => run(rest.id) })),
      level,
    );
  }, [register, shape, level]);
}

/**
 * The commands in force: of several with the same name the one registered last, and of several with the same keys that
 * one has them. What a screen registers comes before what works everywhere.
 */
export function activeCommands(layers: readonly Layer[], keymap: Keymap): ActiveCommand[] {
  const byId = new Map<string, Command>();
  for (const level of ['everywhere', 'screen'] satisfies Level[]) {
    for (const layer of layers) {
      if (layer.level !== level) continue;
      for (const command of layer.commands) {
        byId.delete(command.id);
        byId.set(command.id, command);
      }
    }
  }
  const owners = new Map<string, string>();
  for (const command of byId.values()) {
    const keys = keysOf(command, keymap);
    if (keys !== null) owners.set(keys, command.id);
  }
  return [...byId.values()].map((command) => {
    const keys = keysOf(command, keymap);
    return { ...command, keys: keys !== null && owners.get(keys) === command.id ? keys : null };
  });
}

/** The keys a command would have on its own: the person's choice, else its own, else the catalogue's. */
export function keysOf(command: { id: string; keys?: string | null }, keymap: Keymap): string | null {
  const chosen = keymap[command.id];
  if (chosen !== undefined) return chosen;
  return command.keys === undefined ? (keyCatalog[command.id]?.keys ?? null) : command.keys;
}
