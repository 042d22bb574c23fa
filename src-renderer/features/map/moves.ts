// Where the keyboard goes on the picture.
import type { Places } from '../../ui/graph/places.ts';
import type { Edge } from './map-graph.ts';

/** Reading order: column by column from the left, each from its top. */
export function inOrder(ids: readonly string[], places: Places): string[] {
  const at = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  return ids.toSorted((a, b) => at(a).x - at(b).x || at(a).y - at(b).y || (a < b ? -1 : 1));
}

/** Along an edge to the neighbour that stands nearest in height. */
export function follow(from: string, way: 'calls' | 'callers', edges: readonly Edge[], places: Places): string | null {
  const here = places.get(from)?.y ?? 0;
  let best: { id: string; far: number } | null = null;
  for (const edge of edges) {
    const other = way === 'calls' ? (edge.from === from ? edge.to : null) : edge.to === from ? edge.from : null;
    if (other === null) continue;
    const far = Math.abs((places.get(other)?.y ?? 0) - here);
    if (best === null || far < best.far || (far === best.far && other < best.id)) best = { id: other, far };
  }
  return best?.id ?? null;
}
