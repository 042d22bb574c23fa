// How far something spreads along the dependencies.
import type { MapGraph } from './map-graph.ts';

export type Direction = 'up' | 'down';

/**
 * Nodes within so many hops, each with its distance; the start itself is 0. `up` goes to what depends on it: what can
 * break with it. `down` goes to what it depends on: what can have broken it.
 */
export function reach(
  graph: MapGraph,
  start: string,
  direction: Direction,
  hops = Number.POSITIVE_INFINITY,
): Map<string, number> {
  const next = direction === 'up' ? graph.callers : graph.calls;
  const found = new Map<string, number>();
  if (!graph.nodes.has(start)) return found;
  found.set(start, 0);
  let edge = [start];
  for (let distance = 1; edge.length > 0 && distance <= hops; distance += 1) {
    const beyond: string[] = [];
    for (const id of edge) {
      for (const other of next.get(id) ?? []) {
        if (found.has(other)) continue;
        found.set(other, distance);
        beyond.push(other);
      }
    }
    edge = beyond;
  }
  return found;
}

/** The node, what depends on it and what it depends on, so many hops either way; callers have negative distances. */
export function around(graph: MapGraph, start: string, hops: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const [id, distance] of reach(graph, start, 'up', hops)) found.set(id, distance === 0 ? 0 : -distance);
  for (const [id, distance] of reach(graph, start, 'down', hops)) {
    const held = found.get(id);
    if (held === undefined || distance < Math.abs(held)) found.set(id, distance);
  }
  return found;
}
