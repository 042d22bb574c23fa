// Which binding a press completes. Pure but for what it remembers of a sequence that has begun.
import { matchKeybindingPress, parseKeybinding } from 'tinykeys';

/** Between two presses of one sequence. */
const patienceMs = 1_000;
const modifiers: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta']);

type Press = ReturnType<typeof parseKeybinding>[number];
interface Sequence {
  binding: string;
  presses: readonly Press[];
}

/**
 * `isMeant` tells whether a press counts for a binding, or belongs to what is focused. A sequence that has begun comes before
 * a single key, so that `g a` acknowledges nothing; once it is done, nothing of it is left.
 */
export function createKeyPresses(bindings: readonly string[]) {
  const sequences: Sequence[] = bindings.map((binding) => ({ binding, presses: parseKeybinding(binding) }));
  let begun: Sequence[] = [];
  let begunAt = 0;

  /** The binding that is complete with this press; null while there is none. */
  return (event: KeyboardEvent, isMeant: (binding: string) => boolean): string | null => {
    // Browsers tell of a field that was filled in by itself as of a key without a name.
    if (!event.key || modifiers.has(event.key)) return null;
    const fits = ({ binding, presses: [next] }: Sequence): boolean =>
      next !== undefined && matchKeybindingPress(event, next) && isMeant(binding);
    const goesOn = event.timeStamp - begunAt < patienceMs ? begun.filter(fits) : [];
    const found = goesOn.length > 0 ? goesOn : sequences.filter(fits);
    // A key that is held is one press.
    if (event.repeat && found.length === 0) return null;
    begun = found.flatMap(({ binding, presses: [, ...rest] }) =>
      rest.length === 0 ? [] : [{ binding, presses: rest }],
    );
    begunAt = event.timeStamp;
    return begun.length > 0 ? null : (found[0]?.binding ?? null);
  };
}
