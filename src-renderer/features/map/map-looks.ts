// What each node and edge of the picture looks like. Pure.
import type { ChangeEvent } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import type { CanvasEdge } from '../../ui/graph/edge-paths.ts';
import type { Place, Places } from '../../ui/graph/places.ts';
import { shortAgo } from '../../ui/time.tsx';
import type { Health } from './health.ts';
import { clusterHealth, lineOf, markLabel } from './map-words.ts';
import { type NodeLook, pinRoom } from './map-node.tsx';
import type { Fit } from './node-text.ts';
import type { Scene, SceneNode } from './scene.ts';
import type { MapGraph } from './map-graph.ts';
import { suspectPath } from './suspect-path.ts';

export interface Looking {
  graph: MapGraph;
  scene: Scene;
  health: ReadonlyMap<string, Health>;
  pins: Places;
  changes: ReadonlyMap<string, readonly ChangeEvent[]>;
  minuteMs: number;
  cursor: string | null;
  focus: string | null;
  /** The service that is asked about: the one that is peeked at, else the focus. */
  centre: string | null;
  /** Nodes in the blast radius; null while none is shown. */
  blast: ReadonlySet<string> | null;
  /** What is looked for; empty for nothing. */
  search: string;
  movable: boolean;
  fit: Fit;
}

export function nodeLooks(looking: Looking): { id: string; data: NodeLook; movable: boolean }[] {
  const suspects = new Set(suspectsOf(looking));
  return looking.scene.nodes.map((node) => ({
    id: node.id,
    data: lookOf(node, looking, suspects),
    movable: looking.movable && node.opens === null && (looking.graph.nodes.get(node.id)?.service ?? null) !== null,
  }));
}

function lookOf(node: SceneNode, looking: Looking, suspects: ReadonlySet<string>): NodeLook {
  const { graph, health, scene, pins, changes, blast, cursor, focus, fit } = looking;
  const own = node.members.flatMap((id) => health.get(id) ?? []);
  const [first] = own;
  const cluster = node.opens !== null || node.members.length > 1;
  const drawn =
    cluster || first === undefined
      ? clusterHealth(own)
      : { mark: first.mark, line: lineOf(first), label: markLabel(first) };
  const change = cluster || scene.nodes.length > changesMax ? undefined : changes.get(node.id)?.[0];
  const found = matches(node, looking);
  const pinned = pins.has(node.id);
  const beside = pinned ? pinRoom : 0;
  return {
    name: node.name,
    ...drawn,
    shortName: fit(node.name, 'name', beside),
    shortLine: fit(drawn.line, 'line', beside),
    farName: fit(node.name, 'far', beside),
    cluster,
    unknown: !cluster && graph.nodes.get(node.id)?.service === null,
    old: own.some(({ why }) => why === 'old'),
    cursor: node.id === cursor,
    focus: node.id === focus,
    dim:
      looking.search === '' ? blast !== null && !node.members.some((id) => blast.has(id) || suspects.has(id)) : !found,
    pinned,
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

export function edgeLooks(looking: Looking): CanvasEdge[] {
  const { graph, scene, blast, cursor } = looking;
  const path = suspectsOf(looking);
  // The suspect comes first, and what calls it after it.
  const suspect = new Set(path.slice(1).map((caller, at) => `${caller} ${path[at]}`));
  return scene.edges.map(({ from, to }) => {
    const own = from === cursor || to === cursor;
    const out = blast !== null && !(blast.has(from) && blast.has(to));
    const unknown = graph.nodes.get(to)?.service === null;
    const look = own ? 'strong' : unknown ? 'dashed' : out ? 'faint' : 'plain';
    return { from, to, look: suspect.has(`${from} ${to}`) ? 'suspect' : look };
  });
}

function suspectsOf(looking: Looking): string[] {
  return looking.centre === null ? [] : suspectPath(looking, looking.centre).map(({ id }) => id);
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
  if (distance === 0) return t`focus`;
  if (distance === -1) return t`calls ${focus}`;
  if (distance === 1) return t`${focus} calls`;
  return distance < 0 ? t`${-distance} hops up` : t`${distance} hops down`;
}
