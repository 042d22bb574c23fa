import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { activeCommands, type ActiveCommand, useCommandStore } from '../../ui/commands.ts';
import { bindingOf, isSingleKey, useKeymap } from '../../ui/keymap.ts';
import { useToasts } from '../../ui/toast.tsx';
import { ignoredKey } from './ignored-key.ts';

const windows = navigator.platform === 'Win32';

/** Binds the keys of every command that is registered. Stands once in the frame. */
export function useKeyBindings(): void {
  const layers = useCommandStore((state) => state.layers);
  const keymap = useKeymap((state) => state.keymap);
  const singleKeys = useKeymap((state) => state.singleKeys);
  const show = useToasts((state) => state.show);
  useEffect(() => {
    const everywhere: Bindings = {};
    const outsideDialogs: Bindings = {};
    for (const command of activeCommands(layers, keymap)) {
      const run = (event: KeyboardEvent): void => {
        event.preventDefault();
        if ((command.unavailable ?? null) === null) command.run();
        else show({ icon: 'refused', text: `${command.label}: ${command.unavailable}` });
      };
      for (const keys of keysInForce(command, singleKeys)) {
        (command.inDialogs === true ? everywhere : outsideDialogs)[bindingOf(keys, windows)] = run;
      }
    }
    const stops = [
      tinykeys(window, everywhere, { ignore: (event) => event.repeat || event.isComposing }),
      tinykeys(window, outsideDialogs, { ignore: ignoredKey }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [layers, keymap, singleKeys, show]);
}

type Bindings = Record<string, (event: KeyboardEvent) => void>;

function keysInForce({ keys, also }: ActiveCommand, singleKeys: boolean): string[] {
  return [...(keys === null ? [] : [keys]), ...(also ?? [])].filter((each) => singleKeys || !isSingleKey(each));
}
