// Where the nodes of a graph stand. Pure: what was computed afresh is fitted to what people already saw and pinned.

export interface Place {
  x: number;
  y: number;
}
export type Places = ReadonlyMap<string, Place>;

export interface NodeSize {
  width: number;
  height: number;
}

const gap = 24;

/**
 * Pinned nodes stand exactly where they were put, those that were drawn before stay where they were, and the rest comes
 * from the fresh layout, moved as a whole to where the others are and then down to the first free spot.
 */
export function settle(ids: readonly string[], fresh: Places, kept: Places, pins: Places, size: NodeSize): Places {
  const places = new Map<string, Place>();
  const taken = createTaken(size);
  const stand = (id: string, place: Place): void => {
    places.set(id, place);
    taken.add(place);
  };
  for (const id of ids) {
    const pin = pins.get(id);
    if (pin !== undefined) stand(id, pin);
  }
  for (const id of ids) {
    const place = kept.get(id);
    if (place !== undefined && !places.has(id)) stand(id, place);
  }
  const shift = shiftOf(places, fresh);
  for (const id of ids) {
    if (places.has(id)) continue;
    const raw = fresh.get(id) ?? { x: 0, y: 0 };
    let place = { x: Math.round(raw.x + shift.x), y: Math.round(raw.y + shift.y) };
    while (!taken.free(place)) place = { x: place.x, y: place.y + size.height + gap };
    stand(id, place);
  }
  return places;
}

/** Whether a layout has to be computed at all. */
export function allPlaced(ids: readonly string[], kept: Places, pins: Places): boolean {
  return ids.every((id) => pins.has(id) || kept.has(id));
}

/** How far those that have a place are from where the fresh layout has them, on average. */
function shiftOf(places: Places, fresh: Places): Place {
  let x = 0;
  let y = 0;
  let count = 0;
  for (const [id, place] of places) {
    const raw = fresh.get(id);
    if (raw === undefined) continue;
    x += place.x - raw.x;
    y += place.y - raw.y;
    count += 1;
  }
  return count === 0 ? { x: 0, y: 0 } : { x: x / count, y: y / count };
}

/** Cells of the size of a node: two that overlap are in the same one or in neighbours. */
function createTaken({ width, height }: NodeSize) {
  const cells = new Map<string, Place[]>();
  const cell = (place: Place): [number, number] => [Math.floor(place.x / width), Math.floor(place.y / height)];
  return {
    add(place: Place): void {
      const key = cell(place).join(' ');
      cells.set(key, [...(cells.get(key) ?? []), place]);
    },
    free(place: Place): boolean {
      const [column, row] = cell(place);
      for (let x = column - 1; x <= column + 1; x += 1) {
        for (let y = row - 1; y <= row + 1; y += 1) {
          for (const other of cells.get(`${x} ${y}`) ?? [])
            if (Math.abs(other.x - place.x) < width && Math.abs(other.y - place.y) < height) return false;
        }
      }
      return true;
    },
  };
}

/** Columns by the longest way from a start: what is shown when the layout took too long or could not be computed. */
export function columns(
  ids: readonly string[],
  edges: readonly { from: string; to: string }[],
  size: NodeSize,
): Places {
  const drawn = new Set(ids);
  const next = new Map<string, string[]>();
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { from, to } of edges) {
    if (!drawn.has(from) || !drawn.has(to) || from === to) continue;
    next.set(from, [...(next.get(from) ?? []), to]);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const column = new Map<string, number>();
  const left = new Set(ids);
  while (left.size > 0) {
    const free = [...left].filter((id) => waiting.get(id) === 0);
    // A circle has no start: its first node is taken for one.
    const begin = free.length > 0 ? free : [...left].slice(0, 1);
    for (const id of begin) {
      left.delete(id);
      const own = column.get(id) ?? 0;
      column.set(id, own);
      for (const other of next.get(id) ?? []) {
        waiting.set(other, (waiting.get(other) ?? 0) - 1);
        if (left.has(other)) column.set(other, Math.max(column.get(other) ?? 0, own + 1));
      }
    }
  }
  // One long line of a circle, or of a chain, would leave nothing to be read.
  const wide = Math.max(...column.values()) > 3 * Math.sqrt(ids.length) + 4;
  if (wide) for (const [i, id] of ids.entries()) column.set(id, i % Math.ceil(Math.sqrt(ids.length)));
  const rows = new Map<number, number>();
  const raw = new Map(
    ids.map((id) => {
      const at = column.get(id) ?? 0;
      const row = rows.get(at) ?? 0;
      rows.set(at, row + 1);
      return [id, { x: at * (size.width + 80), y: row * (size.height + gap) }];
    }),
  );
  return fold(raw, size);
}

/** Columns too tall for a screen become several, side by side: a hundred rows would leave nothing to be read. */
export function fold(places: Places, size: NodeSize): Places {
  const byColumn = new Map<number, [string, Place][]>();
  for (const entry of places) {
    const held = byColumn.get(entry[1].x);
    if (held === undefined) byColumn.set(entry[1].x, [entry]);
    else held.push(entry);
  }
  const most = Math.max(minimumRows, Math.ceil(Math.sqrt(places.size) * 1.1));
  if ([...byColumn.values()].every(({ length }) => length <= most)) return places;
  const folded = new Map<string, Place>();
  let left = 0;
  for (const [, column] of [...byColumn].toSorted(([a], [b]) => a - b)) {
    const rowsHere = Math.ceil(column.length / Math.ceil(column.length / most));
    for (const [i, [id]] of column.toSorted(([, a], [, b]) => a.y - b.y).entries()) {
      const x = left + Math.floor(i / rowsHere) * (size.width + gap);
      folded.set(id, { x, y: (i % rowsHere) * (size.height + gap) });
    }
    left += Math.ceil(column.length / rowsHere) * (size.width + gap) + 120;
  }
  return folded;
}

const minimumRows = 12;
