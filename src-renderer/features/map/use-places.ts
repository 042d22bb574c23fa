import { useEffect, useState } from 'react';
import { loadLayout } from '../../ui/graph/load-graph.ts';
import { allPlaced, columns, type NodeSize, type Places, settle } from '../../ui/graph/places.ts';
import type { Scene } from './scene.ts';

export const nodeSize: NodeSize = { width: 168, height: 56 };

export interface Placed {
  /** The scene the places are of. */
  key: string;
  places: Places;
  /** Why they are in plain columns; null when they were laid out. */
  plain: string | null;
}

/** Places that were seen, by scene: a service that comes or goes moves no other. */
const seen = new Map<string, Places>();
const nothing: Places = new Map();

export interface PlacesOf {
  /** Null while the first layout of this scene is computed. */
  placed: Placed | null;
  /** Forgets what was seen; pinned services stay. */
  again: () => void;
}

export function usePlaces(scene: Scene | null, pins: Places): PlacesOf {
  const [placed, setPlaced] = useState<Placed | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (scene === null) return undefined;
    const { key } = scene;
    const ids = scene.nodes.map(({ id }) => id);
    const show = (fresh: Places, plain: string | null): void => {
      const places = settle(ids, fresh, seen.get(key) ?? nothing, pins, nodeSize);
      // Plain columns are for now only: the next time the layout is tried again.
      if (plain === null) seen.set(key, places);
      setPlaced({ key, places, plain });
    };
    if (allPlaced(ids, seen.get(key) ?? nothing, pins)) {
      show(nothing, null);
      return undefined;
    }
    const stop = new AbortController();
    loadLayout()
      .then((layout) => layout({ ids, edges: scene.edges, size: nodeSize, ...partitionOf(scene) }, stop.signal))
      .then(
        (fresh) => {
          if (!stop.signal.aborted) show(fresh, null);
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          show(columns(ids, scene.edges, nodeSize), error instanceof Error ? error.message : String(error));
        },
      );
    return () => stop.abort();
  }, [scene, pins, round]);
  return {
    placed: scene === null || placed?.key !== scene.key ? null : placed,
    again: () => {
      if (scene !== null) seen.delete(scene.key);
      setRound((before) => before + 1);
    },
  };
}

/** Around a focus the columns are the hops. */
function partitionOf({ nodes }: Scene): { partition?: ReadonlyMap<string, number> } {
  const least = Math.min(...nodes.map(({ distance }) => distance ?? 0));
  if (nodes.every(({ distance }) => distance === null)) return {};
  return { partition: new Map(nodes.map(({ id, distance }) => [id, (distance ?? 0) - least])) };
}
