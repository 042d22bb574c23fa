import { useEffect, useState } from 'react';
import type { Replica } from '../../replica/replica.ts';
import { useSession } from '../../session.tsx';
import { columns } from '../../ui/graph/columns.ts';
import { loadLayout } from '../../ui/graph/load-graph.ts';
import { allPlaced, type NodeSize, type Places, settle } from '../../ui/graph/places.ts';
import { createKeptPlaces, type KeptPlaces } from './kept-places.ts';
import type { Scene } from './scene.ts';

export const nodeSize: NodeSize = { width: 168, height: 56 };

/**
 * More nodes than this stand in columns. Measured on 500 with 1,500 edges: elk needs two seconds and more of the
 * processor for what columns do in about ten milliseconds.
 */
const laidOutMax = 120;

export interface Placed {
  /** The scene the places are of. */
  key: string;
  places: Places;
  /** Why they are in plain columns; null when they were laid out. */
  plain: string | null;
}

/** Places that were seen: a service that comes or goes moves no other. Of a sign-in that ended none are held. */
const seenBy = new WeakMap<Replica, KeptPlaces>();
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
  const { replica, serverUrl } = useSession();
  const seen = seenOf(replica, serverUrl);
  const unseen = scene !== null && scene.nodes.length <= laidOutMax && seen.of(scene.key) === undefined;
  useEffect(() => {
    // One that cannot be fetched is said when there is something to lay out.
    if (unseen)
      void loadLayout()
        .then((layout) => layout.warm())
        .catch(() => undefined);
  }, [unseen]);
  useEffect(() => {
    // An empty one is not placed: what comes into it next is waited for.
    if (scene === null || scene.nodes.length === 0) return undefined;
    const { key, edges } = scene;
    const ids = scene.nodes.map(({ id }) => id);
    const partition = partitionOf(scene);
    const show = (fresh: Places, plain: string | null): void => {
      const places = settle(ids, fresh, seen.of(key) ?? nothing, pins, nodeSize);
      // Plain columns are for now only: the next time the layout is tried again.
      if (plain === null) seen.keep(key, places);
      setPlaced({ key, places, plain });
    };
    if (allPlaced(ids, seen.of(key) ?? nothing, pins)) {
      show(nothing, null);
      return undefined;
    }
    if (ids.length > laidOutMax) {
      show(columns(ids, edges, nodeSize, partition), null);
      return undefined;
    }
    const stop = new AbortController();
    loadLayout()
      .then((layout) => layout.run({ ids, edges, size: nodeSize, ...(partition && { partition }) }, stop.signal))
      .then(
        (fresh) => {
          if (!stop.signal.aborted) show(fresh, null);
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          show(columns(ids, edges, nodeSize, partition), error instanceof Error ? error.message : String(error));
        },
      );
    return () => stop.abort();
  }, [scene, pins, round, seen]);
  return {
    placed: scene === null || placed?.key !== scene.key ? null : placed,
    again: () => {
      if (scene !== null) seen.forget(scene.key);
      setRound((before) => before + 1);
    },
  };
}

function seenOf(replica: Replica, serverUrl: string): KeptPlaces {
  const known = seenBy.get(replica);
  if (known !== undefined) return known;
  const seen = createKeptPlaces(window.localStorage, serverUrl);
  seenBy.set(replica, seen);
  return seen;
}

/** Around a focus the columns are the hops. */
function partitionOf({ nodes }: Scene): ReadonlyMap<string, number> | undefined {
  if (nodes.every(({ distance }) => distance === null)) return undefined;
  const least = Math.min(...nodes.map(({ distance }) => distance ?? 0));
  return new Map(nodes.map(({ id, distance }) => [id, (distance ?? 0) - least]));
}
