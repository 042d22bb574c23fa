// Edges as one path for each look: fifteen hundred elements would cost more at every frame than they show.
import type { NodeSize, Place, Places } from './places.ts';

export type EdgeLook = 'plain' | 'strong' | 'faint' | 'dashed';

export interface CanvasEdge {
  from: string;
  to: string;
  look: EdgeLook;
}

/** From the right side of the caller to the left side of what it calls, with the head of the arrow. */
export function edgePaths(edges: readonly CanvasEdge[], places: Places, size: NodeSize): [EdgeLook, string][] {
  const parts = new Map<EdgeLook, string[]>();
  for (const { from, to, look } of edges) {
    const a = places.get(from);
    const b = places.get(to);
    if (a === undefined || b === undefined) continue;
    const held = parts.get(look) ?? [];
    held.push(edgePath(a, b, size));
    parts.set(look, held);
  }
  const order: EdgeLook[] = ['faint', 'plain', 'dashed', 'strong'];
  return order.flatMap((look) => {
    const path = parts.get(look);
    return path === undefined ? [] : [[look, path.join('')] satisfies [EdgeLook, string]];
  });
}

function edgePath(a: Place, b: Place, { width, height }: NodeSize): string {
  const x1 = round(a.x + width);
  const y1 = round(a.y + height / 2);
  const x2 = round(b.x);
  const y2 = round(b.y + height / 2);
  const bend = round(Math.max(28, Math.min(120, Math.abs(x2 - x1) / 2)));
  const head = `M${x2 - 7} ${y2 - 4}L${x2} ${y2}L${x2 - 7} ${y2 + 4}`;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}${head}`;
}

function round(value: number): number {
  return Math.round(value);
}
