// Nodes in columns, each to the right of what calls it. Pure, and done at once: so a large graph is drawn, and any graph
// whose layout took too long or could not be computed.
import type { NodeSize, Place, Places } from './places.ts';

interface Edge {
  from: string;
  to: string;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

const gap = 24;
const minimumRows = 12;

/** `given` says the column of each node, from the left; without it, it is the longest way from a start. */
export function columns(
  ids: readonly string[],
  edges: readonly Edge[],
  size: NodeSize,
  given?: ReadonlyMap<string, number>,
): Places {
  const drawn = new Set(ids);
  const own = edges.filter(({ from, to }) => from !== to && drawn.has(from) && drawn.has(to));
  const calls = grouped(own.map(({ from, to }) => [from, to]));
  const callers = grouped(own.map(({ from, to }) => [to, from]));
  const column = given ?? longestWays(ids, calls, callers);
  const stacks: string[][] = [];
  for (const id of ids) (stacks[column.get(id) ?? 0] ??= []).push(id);
  return folded(untangled(Object.values(stacks), calls, callers), size);
}

function grouped(pairs: readonly [string, string][]): Neighbours {
  const found = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const held = found.get(key);
    if (held === undefined) found.set(key, [value]);
    else held.push(value);
  }
  return found;
}

function longestWays(ids: readonly string[], calls: Neighbours, callers: Neighbours): Map<string, number> {
  const waiting = new Map(ids.map((id) => [id, callers.get(id)?.length ?? 0]));
  const column = new Map<string, number>();
  const left = new Set(ids);
  while (left.size > 0) {
    const free = [...left].filter((id) => waiting.get(id) === 0);
    // A circle has no start: its first node is taken for one.
    const begin = free.length > 0 ? free : [...left].slice(0, 1);
    for (const id of begin) {
      left.delete(id);
      const at = column.get(id) ?? 0;
      column.set(id, at);
      for (const other of calls.get(id) ?? []) {
        waiting.set(other, (waiting.get(other) ?? 0) - 1);
        if (left.has(other)) column.set(other, Math.max(column.get(other) ?? 0, at + 1));
      }
    }
  }
  // One long line of a circle, or of a chain, would leave nothing to be read.
  const wide = Math.max(...column.values()) > 3 * Math.sqrt(ids.length) + 4;
  if (wide) for (const [i, id] of ids.entries()) column.set(id, i % Math.ceil(Math.sqrt(ids.length)));
  return column;
}

/** Measured on 500 nodes and 1,500 edges: more of them untangle nothing more. */
const sweeps = 4;

/** To and fro, each node moves to the middle of its neighbours' heights: so fewer lines cross. */
function untangled(stacks: readonly string[][], calls: Neighbours, callers: Neighbours): readonly string[][] {
  const height = new Map<string, number>();
  const stand = (stack: readonly string[]): void => {
    for (const [i, id] of stack.entries()) height.set(id, (i + 0.5) / stack.length);
  };
  const heightOf = (id: string): number => height.get(id) ?? 0;
  for (const stack of stacks) stand(stack);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const rightwards = sweep % 2 === 0;
    const neighbours = rightwards ? callers : calls;
    for (const stack of rightwards ? stacks : stacks.toReversed()) {
      const wanted = new Map(stack.map((id) => [id, mean((neighbours.get(id) ?? [id]).map(heightOf))]));
      stack.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      stand(stack);
    }
  }
  return stacks;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Columns too tall for a screen become several, side by side: a hundred rows would leave nothing to be read. They are
 * filled row by row, so that each node stays at the height that untangled its lines.
 */
function folded(stacks: readonly (readonly string[])[], size: NodeSize): Places {
  const count = stacks.reduce((sum, { length }) => sum + length, 0);
  const most = Math.max(minimumRows, Math.ceil(Math.sqrt(count) * 1.1));
  const apart = stacks.some(({ length }) => length > most) ? 120 : 80 - gap;
  const places = new Map<string, Place>();
  let left = 0;
  for (const stack of stacks) {
    const wide = Math.ceil(stack.length / most);
    for (const [i, id] of stack.entries())
      places.set(id, { x: left + (i % wide) * (size.width + gap), y: Math.floor(i / wide) * (size.height + gap) });
    left += wide * (size.width + gap) + apart;
  }
  return places;
}
