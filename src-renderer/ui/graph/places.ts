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
