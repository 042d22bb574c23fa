// Every interleaving in a small scope: two servers, three alerts, two people, one policy of two steps. The atomic steps of
// paging (lock and decide, commit, claim, send, record, acknowledge, flap, tick, crash) run the product's own decisions.
import { begin, isDue, keyOf, type Model, structuredCopy } from '#server/testkit/paging-sim/explore-model.ts';
import { type ExploreBugs, movesOf } from '#server/testkit/paging-sim/explore-moves.ts';

export interface Explored {
  states: number;
  transitions: number;
  /** The first broken promise and how to get there. */
  broken: { promise: string; path: string[] } | null;
}

export function explore(bugs: ExploreBugs = {}, limits = { ticks: 3, flips: 1, crashes: 1 }): Explored {
  const first = begin();
  const seen = new Set([keyOf(first)]);
  const stack: { model: Model; path: string[] }[] = [{ model: first, path: [] }];
  let transitions = 0;
  for (let here = stack.pop(); here !== undefined; here = stack.pop()) {
    const moves = movesOf(here.model, bugs, limits);
    for (const [name, move] of moves) {
      transitions += 1;
      const next = structuredCopy(here.model);
      const promise = move(next) ?? brokenIn(next);
      const path = [...here.path, name];
      if (promise !== null) return { states: seen.size, transitions, broken: { promise, path } };
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      stack.push({ model: next, path });
    }
    const last = moves.length === 0 ? brokenAtEnd(here.model) : null;
    if (last !== null) return { states: seen.size, transitions, broken: { promise: last, path: here.path } };
  }
  return { states: seen.size, transitions, broken: null };
}

function brokenIn(model: Model): string | null {
  const twice = model.fired.find((key, index) => model.fired.indexOf(key) !== index);
  return twice === undefined ? null : `step ${twice} fired twice`;
}

/** Nobody can do anything more: then nothing may be left. */
function brokenAtEnd(model: Model): string | null {
  if (model.notes.some((note) => note.status === 'pending' || note.status === 'sending'))
    return 'a message never went out';
  const stuck = model.paging.findIndex(
    (state) => state.changed || (state.status === 'waiting' && isDue(state, model.tick)),
  );
  return stuck < 0 ? null : `paging of incident ${stuck} is due and nobody takes it`;
}
