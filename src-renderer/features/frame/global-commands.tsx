import { useEffect } from 'react';
import { defaultKeybindingsHandlerIgnore, tinykeys } from 'tinykeys';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { activeCommands, type Command, useCommands, useCommandStore, useKeyPreference } from '../../ui/commands.ts';
import { useToasts } from '../../ui/toast.tsx';
import { useShortcutSheet } from './shortcut-sheet.tsx';

/** Binds what is registered, and registers what works everywhere. */
export function GlobalCommands() {
  const toggleSheet = useShortcutSheet((state) => state.toggle);
  useCommands([
    { keys: 'g h', label: 'Now', group: 'Go to', run: () => navigate(paths.now()) },
    { keys: 'g i', label: 'Incidents', group: 'Go to', run: () => navigate(paths.incidents()) },
    { keys: 'g a', label: 'Alerts', group: 'Go to', run: () => navigate(paths.alerts()) },
    { keys: 'g o', label: 'On-call', group: 'Go to', run: () => navigate(paths.oncall()) },
    { keys: 'g w', label: 'War room', group: 'Go to', run: () => navigate(paths.wall()) },
    { keys: '$mod+,', label: 'Settings', group: 'Go to', run: () => navigate(paths.settings()) },
    { keys: '[Shift]+?', label: 'shortcuts', group: 'Everywhere', run: toggleSheet, hint: true },
  ]);
  useKeyBindings();
  return null;
}

function useKeyBindings(): void {
  const layers = useCommandStore((state) => state.layers);
  const singleKeys = useKeyPreference((state) => state.singleKeys);
  const show = useToasts((state) => state.show);
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const command of activeCommands(layers)) {
      if (!singleKeys && isSingleKey(command)) continue;
      bindings[command.keys] = (event) => {
        event.preventDefault();
        if ((command.unavailable ?? null) === null) command.run();
        else show({ icon: 'refused', text: `${command.label}: ${command.unavailable}` });
      };
    }
    return tinykeys(window, bindings, { ignore: ignoreEvent });
  }, [layers, singleKeys, show]);
}

/** Keys without Ctrl or ⌘ can be switched off (WCAG 2.1.4). */
function isSingleKey(command: Command): boolean {
  return !command.keys.includes('$mod') && command.keys !== 'Escape';
}

const ownKeys = new Set(['Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

function ignoreEvent(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  // Inside a dialog or a menu its own keys count; a held Ctrl+Enter in a text field is meant for the form.
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return true;
  const bare = !event.ctrlKey && !event.metaKey;
  // On a link or a button these keys are its own.
  if (bare && ownKeys.has(event.key) && target.closest('a[href], button, summary, label') !== null) return true;
  return (
    bare &&
    (defaultKeybindingsHandlerIgnore(event) || target.matches('input, textarea, select, [contenteditable="true"]'))
  );
}
