/**
 * Which element draws which row. A row that stays keeps its own, and one that comes takes over that of one that left
 * between the same neighbours: to write other words into a row costs the browser less than half of making one anew, and
 * to move one in the page as much as making it. Where keeping rows would make too many anew, as when a filter leaves a
 * few of them over, each place keeps its element instead.
 */
export function createRowElements(): (ids: readonly string[]) => number[] {
  let drawn: readonly string[] = [];
  let elements: readonly number[] = [];
  let made = 0;
  return (ids) => {
    const stays = inOrder(ids, drawn);
    const places = placesBetween(ids, stays, drawn.length);
    const anew = places.filter((place) => place === null).length;
    const taken = 2 * anew > stays.size ? ids.map((_, i) => (i < elements.length ? i : null)) : places;
    elements = taken.map((place) => (place === null ? made++ : (elements[place] as number)));
    drawn = ids;
    return [...elements];
  };
}

/** Rows that are drawn already and stand in the same order as before, as many as there can be: by id, the place then. */
function inOrder(ids: readonly string[], drawn: readonly string[]): ReadonlyMap<string, number> {
  const placeOf = new Map(drawn.map((id, place) => [id, place]));
  const known = ids.flatMap((id) => {
    const place = placeOf.get(id);
    return place === undefined ? [] : { id, place };
  });
  /** The longest run that ends with each, and the one before it in that run. */
  const lengths: number[] = [];
  const before: number[] = [];
  let last = -1;
  for (const [i, { place }] of known.entries()) {
    let best = -1;
    for (let j = 0; j < i; j += 1) {
      if ((known[j]?.place ?? 0) < place && (lengths[j] ?? 0) > (lengths[best] ?? 0)) best = j;
    }
    before.push(best);
    lengths.push((lengths[best] ?? 0) + 1);
    if ((lengths[i] ?? 0) > (lengths[last] ?? 0)) last = i;
  }
  const run = new Map<string, number>();
  for (let at = last; at >= 0; at = before[at] ?? -1) {
    const { id, place } = known[at] as { id: string; place: number };
    run.set(id, place);
  }
  return run;
}

/** For each row the place whose element it takes, always a later one than the row before it; null without one. */
function placesBetween(ids: readonly string[], stays: ReadonlyMap<string, number>, end: number): (number | null)[] {
  const next: number[] = [];
  let until = end;
  for (const id of ids.toReversed()) {
    until = stays.get(id) ?? until;
    next.push(until);
  }
  next.reverse();
  let free = 0;
  return ids.map((id, i) => {
    const own = stays.get(id);
    const place = own ?? (free < (next[i] as number) ? free : null);
    if (place !== null) free = place + 1;
    return place;
  });
}
