import { useEffect, useMemo, useRef } from 'react';
import { capital } from '../../language/words.ts';
import { activeCommands, type ActiveCommand, useCommandStore } from '../../ui/commands.ts';
import { bindingOf, isSingleKey, useKeymap } from '../../ui/keymap.ts';
import { useToasts } from '../../ui/toast.tsx';
import { ignoredKey } from './ignored-key.ts';
import { createKeyPresses } from './key-presses.ts';

/** Binds the keys of every command that is registered. Stands once in the frame. */
export function useKeyBindings(): void {
  const layers = useCommandStore((state) => state.layers);
  const keymap = useKeymap((state) => state.keymap);
  const singleKeys = useKeymap((state) => state.singleKeys);
  const show = useToasts((state) => state.show);
  const commands = useMemo(
    () => commandsByBinding(activeCommands(layers, keymap), singleKeys, navigator.platform === 'Win32'),
    [layers, keymap, singleKeys],
  );
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  // Bound anew only where other keys come into force. New data gives commands other words all the time, and with each
  // binding a `g` that waits for its `h` would be forgotten.
  const bindings = [...commands.keys()].toSorted().join('\n');
  useEffect(() => {
    const pressed = createKeyPresses(bindings.split('\n'));
    const listen = (event: KeyboardEvent): void => {
      const command = latest.current.get(
        pressed(event, (binding) => isMeant(latest.current.get(binding), event)) ?? '',
      );
      if (command === undefined) return;
      event.preventDefault();
      if ((command.unavailable ?? null) === null) command.run();
      else show({ icon: 'refused', text: capital(`${command.label}: ${command.unavailable}`), passing: true });
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [bindings, show]);
}

/** Which command each binding, in tinykeys' notation, runs now. */
export function commandsByBinding(
  commands: readonly ActiveCommand[],
  singleKeys: boolean,
  windows: boolean,
): ReadonlyMap<string, ActiveCommand> {
  return new Map(
    commands.flatMap((command) =>
      [...(command.keys === null ? [] : [command.keys]), ...(command.also ?? [])]
        .filter((keys) => singleKeys || !isSingleKey(keys))
        .map((keys) => [bindingOf(keys, windows), command] as const),
    ),
  );
}

/** Held down, these go on: that is how one walks through a long list. */
const walks: ReadonlySet<string> = new Set([
  'list.next',
  'list.previous',
  'list.extend-down',
  'list.extend-up',
  'detail.next',
  'detail.previous',
]);

/** Not where the press belongs to what is focused, or is a key held too long. */
function isMeant(command: ActiveCommand | undefined, event: KeyboardEvent): boolean {
  if (command === undefined) return false;
  if (command.inDialogs === true) return !event.repeat && !event.isComposing;
  return !ignoredKey(event, walks.has(command.id));
}
