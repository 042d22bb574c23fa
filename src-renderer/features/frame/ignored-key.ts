import { defaultKeybindingsHandlerIgnore } from 'tinykeys';

const ownKeys = new Set(['Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);
const pressable = 'a[href], button, summary, label, [role="separator"]';
const lineKeys = new Set(['Home', 'End']);
const textFields = 'input, textarea, select, [contenteditable="true"]';

/** Whether a key belongs to what is focused, and not to the commands. */
export function ignoredKey(event: KeyboardEvent, heldToo = false): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  // Inside a dialog or a menu its own keys count.
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return true;
  // AltGr types a letter, whatever modifiers it is reported with.
  const bare = (!event.ctrlKey && !event.metaKey) || event.getModifierState('AltGraph');
  // On a link, a button or the line between two panes these keys are its own.
  if (bare && ownKeys.has(event.key) && target.closest(pressable) !== null) return true;
  if (bare && lineKeys.has(event.key) && target.matches('[role="separator"]')) return true;
  // A held Ctrl+Enter in a text field is meant for the form; Ctrl+Z there takes back what was typed.
  if (!bare) return event.key.toLowerCase() === 'z' && target.matches(textFields);
  if (heldToo && event.repeat) return event.isComposing || target.matches(textFields);
  return defaultKeybindingsHandlerIgnore(event) || target.matches(textFields);
}
