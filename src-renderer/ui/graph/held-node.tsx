// The node under the hand: it and its lines are layers of their own, so that a move paints nothing else anew and no other
// node is asked.
import { type Ref, useImperativeHandle, useMemo, useState } from 'react';
import { type CanvasEdge, edgePaths } from './edge-paths.ts';
import type { NodeSize, Place, Places } from './places.ts';

export type Move = (place: Place) => void;

/** Past React, which would look at every node: by how far the hand moved it from where it stands; null puts it back. */
export function moveNode(graph: HTMLElement | null, id: string, to: Place | null, from: Place | undefined): void {
  const node = graph?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  if (node === null || node === undefined) return;
  node.style.transform =
    to === null || from === undefined ? 'none' : `translate(${to.x - from.x}px, ${to.y - from.y}px)`;
}

interface HeldLinesProps {
  id: string;
  edges: readonly CanvasEdge[];
  places: Places;
  size: NodeSize;
  move: Ref<Move>;
}

export function HeldLines({ id, edges, places, size, move }: HeldLinesProps) {
  const [place, setPlace] = useState<Place | null>(null);
  useImperativeHandle(move, () => setPlace, []);
  const paths = useMemo(() => {
    const near = new Map<string, Place>();
    for (const { from, to } of edges)
      for (const end of [from, to]) {
        const at = end === id ? (place ?? places.get(end)) : places.get(end);
        if (at !== undefined) near.set(end, at);
      }
    return edgePaths(edges, near, size);
  }, [id, edges, places, size, place]);
  return (
    <svg className="graph-lines held" aria-hidden="true">
      {paths.map(([look, path], index) => (
        <path key={index} className={`graph-edge ${look}`} d={path} />
      ))}
    </svg>
  );
}
