// Edges as few paths: fifteen hundred elements would cost more at every frame than they show. Not one for all of them
// either: it would be drawn whole for each part of the picture that comes into sight.
import type { NodeSize, Place, Places } from './places.ts';

export type EdgeLook = 'plain' | 'strong' | 'faint' | 'dashed' | 'suspect';

export interface CanvasEdge {
  from: string;
  to: string;
  look: EdgeLook;
}

const edgesAPath = 48;

interface Line {
  from: Place;
  to: Place;
}

/** From the right side of the caller to the left side of what it calls, with the head of the arrow. */
export function edgePaths(edges: readonly CanvasEdge[], places: Places, size: NodeSize): [EdgeLook, string][] {
  const lines = new Map<EdgeLook, Line[]>();
  for (const edge of edges) {
    const from = places.get(edge.from);
    const to = places.get(edge.to);
    if (from === undefined || to === undefined) continue;
    const held = lines.get(edge.look);
    if (held === undefined) lines.set(edge.look, [{ from, to }]);
    else held.push({ from, to });
  }
  const order: EdgeLook[] = ['faint', 'plain', 'dashed', 'strong', 'suspect'];
  return order.flatMap((look) => pathsOf(lines.get(look) ?? [], size).map((path): [EdgeLook, string] => [look, path]));
}

/** Those that begin near each other share a path. */
function pathsOf(lines: readonly Line[], size: NodeSize): string[] {
  const sorted = lines.toSorted((a, b) => a.from.x - b.from.x || a.from.y - b.from.y || a.to.x - b.to.x);
  const paths: string[] = [];
  for (let at = 0; at < sorted.length; at += edgesAPath) {
    paths.push(
      sorted
        .slice(at, at + edgesAPath)
        .map(({ from, to }) => edgePath(from, to, size))
        .join(''),
    );
  }
  return paths;
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
