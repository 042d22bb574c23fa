// What each node and edge of the picture looks like. Pure.
import type { ChangeEvent } from '#server/contract/incident.ts';
import type { CanvasEdge } from '../../ui/graph/edge-paths.ts';
import type { Place, Places } from '../../ui/graph/places.ts';
import { shortAgo } from '../../ui/time.tsx';
import type { Health } from './health.ts';
import { clusterHealth, lineOf, markLabel } from './map-words.ts';
import type { NodeLook } from './map-node.tsx';
import type { Scene, SceneNode } from './scene.ts';
import type { MapGraph } from './map-graph.ts';

export interface Looking {
  graph: MapGraph;
  scene: Scene;
  health: ReadonlyMap<string, Health>;
  pins: Places;
  changes: ReadonlyMap<string, readonly ChangeEvent[]>;
  minuteMs: number;
  cursor: string | null;
  focus: string | null;
  /** Nodes in the blast radius; null while none is shown. */
  blast: ReadonlySet<string> | null;
  /** What is looked for; empty for nothing. */
  search: string;
  movable: boolean;
}

export function nodeLooks(looking: Looking): { id: string; data: NodeLook; movable: boolean }[] {
  return looking.scene.nodes.map((node) => ({
    id: node.id,
    data: lookOf(node, looking),
    movable: looking.movable && node.opens === null && (looking.graph.nodes.get(node.id)?.service ?? null) !== null,
  }));
}

function lookOf(node: SceneNode, looking: Looking): NodeLook {
  const { graph, health, scene, pins, changes, blast, cursor, focus } = looking;
  const own = node.members.flatMap((id) => health.get(id) ?? []);
  const [first] = own;
  const cluster = node.opens !== null || node.members.length > 1;
  const drawn =
    cluster || first === undefined
      ? clusterHealth(own)
      : { mark: first.mark, line: lineOf(first), label: markLabel(first) };
  const change = cluster || scene.nodes.length > changesMax ? undefined : changes.get(node.id)?.[0];
  const found = matches(node, looking);
  return {
    name: node.name,
    ...drawn,
    cluster,
    unknown: !cluster && graph.nodes.get(node.id)?.service === null,
    old: own.some(({ why }) => why === 'old'),
    cursor: node.id === cursor,
    focus: node.id === focus,
    dim: looking.search === '' ? blast !== null && !node.members.some((id) => blast.has(id)) : !found,
    pinned: pins.has(node.id),
    change:
      change === undefined ? null : `${change.title}, ${shortAgo(looking.minuteMs + 60_000 - Date.parse(change.at))}`,
  };
}

/** More nodes than this leave no room for what changed. */
const changesMax = 80;

/** Whether a node, or one that it stands for, is looked for. */
export function matches(node: SceneNode, { graph, search }: Pick<Looking, 'graph' | 'search'>): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted !== '' && node.members.some((id) => isNamed(graph, id, wanted));
}

/** By its name or another name of it. */
export function isNamed(graph: MapGraph, id: string, wanted: string): boolean {
  const node = graph.nodes.get(id);
  if (node === undefined) return false;
  if (node.name.toLowerCase().includes(wanted)) return true;
  return node.service?.aliases.some((alias) => alias.toLowerCase().includes(wanted)) ?? false;
}

export function edgeLooks({ graph, scene, blast, cursor }: Looking): CanvasEdge[] {
  return scene.edges.map(({ from, to }) => {
    const own = from === cursor || to === cursor;
    const out = blast !== null && !(blast.has(from) && blast.has(to));
    const unknown = graph.nodes.get(to)?.service === null;
    return { from, to, look: own ? 'strong' : unknown ? 'dashed' : out ? 'faint' : 'plain' };
  });
}

/** Over each column of a focus: how far it is from there. */
export function captionsOf(scene: Scene, places: Places, graph: MapGraph): { id: string; text: string; at: Place }[] {
  const columns = new Map<number, Place>();
  let focus = '';
  for (const { id, distance } of scene.nodes) {
    const place = places.get(id);
    if (distance === null || place === undefined) continue;
    if (distance === 0) focus = graph.nodes.get(id)?.name ?? '';
    const held = columns.get(distance);
    columns.set(distance, held === undefined || place.x < held.x ? place : held);
  }
  const top = Math.min(...[...places.values()].map(({ y }) => y)) - 56;
  return [...columns].map(([distance, { x }]) => ({
    id: `${distance}`,
    text: captionText(distance, focus),
    at: { x, y: top },
  }));
}

function captionText(distance: number, focus: string): string {
  if (distance === 0) return 'focus';
  if (distance === -1) return `calls ${focus}`;
  if (distance === 1) return `${focus} calls`;
  return `${Math.abs(distance)} hops ${distance < 0 ? 'up' : 'down'}`;
}
