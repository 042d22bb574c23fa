// Texts cut to the room that a node has for them. Not by clipping: whatever is clipped is a part of its own, which the
// browser puts together anew at every frame of a pan, a thousand of them for five hundred nodes.

export type Slot = 'name' | 'line' | 'far';
/** The text, or its beginning and an ellipsis. `beside` is the room that something else takes. */
export type Fit = (text: string, slot: Slot, beside?: number) => string;

/** As map.css draws them: without its mark, its padding and a pixel of doubt. */
const rooms: Readonly<Record<Slot, number>> = { name: 115, line: 115, far: 113 };

export function createFit(widthOf: (text: string, slot: Slot) => number): Fit {
  const known = new Map<string, string>();
  return (text, slot, beside = 0) => {
    const key = `${slot} ${beside} ${text}`;
    const held = known.get(key);
    if (held !== undefined) return held;
    const cut = cutTo(text, rooms[slot] - beside, (part) => widthOf(part, slot));
    if (known.size > 5_000) known.clear();
    known.set(key, cut);
    return cut;
  };
}

function cutTo(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text;
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  let fits = 0;
  let left = letters.length;
  while (fits < left) {
    const middle = (fits + left + 1) >>> 1;
    if (widthOf(shortened(letters, middle)) <= room) fits = middle;
    else left = middle - 1;
  }
  return shortened(letters, fits);
}

function shortened(letters: readonly string[], count: number): string {
  return `${letters.slice(0, count).join('').trimEnd()}…`;
}
