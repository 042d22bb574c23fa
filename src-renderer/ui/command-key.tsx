import { keysOf } from './commands.ts';
import { Kbd } from './kbd.tsx';
import { isSingleKey, keyLabel, useKeymap } from './keymap.ts';

/** The keys that a command has for this person now; nothing where it has none. */
export function CommandKey({ id }: { id: string }) {
  const keys = useKeymap(({ keymap, singleKeys }) => {
    const own = keysOf({ id }, keymap);
    return own === null || (!singleKeys && isSingleKey(own)) ? null : own;
  });
  return keys === null ? null : <Kbd>{keyLabel(keys)}</Kbd>;
}
