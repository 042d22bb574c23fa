// A few services as boxes large enough to be read from afar: the ones of the incidents and the sick ones first, then who
// calls them and whom they call. Pure.
import { severityRank } from '#server/contract/severity.ts';
import type { Health } from '../map/health.ts';
import type { Edge, MapGraph } from '../map/map-graph.ts';

export interface WallMap {
  nodes: WallNode[];
  edges: (Edge & { strong: boolean })[];
  /** Services with an open alert, and those of them that have no room. */
  sick: number;
  left: number;
  /** Their widths, each as wide as its longest name. */
  columns: number[];
  rows: number;
}

interface WallNode {
  id: string;
  name: string;
  mark: Health['mark'];
  column: number;
  /** May lie between two rows. */
  row: number;
}

/** Lengths in sizes of the type. */
export interface MapRoom {
  width: number;
  rows: number;
}

export const nodeGap = 1.3;
const widthLeast = 4.6;
const widthMost = 10.5;

/** `involved`: nodes that the incidents of the wall name; `widthOf` a node with this name. */
export function wallMap(
  graph: MapGraph,
  health: ReadonlyMap<string, Health>,
  involved: ReadonlySet<string>,
  room: MapRoom,
  widthOf: (name: string) => number,
): WallMap {
  const sick = [...graph.nodes.keys()].filter((id) => isSick(health.get(id)));
  const wanted = wantedFirst(graph, health, involved, sick);
  const wide = (ids: readonly string[]): number =>
    Math.min(widthMost, Math.max(widthLeast, ...ids.map((id) => widthOf(graph.nodes.get(id)?.name ?? id))));
  const fits = (columns: readonly string[][]): boolean =>
    columns.reduce((sum, ids) => sum + wide(ids) + nodeGap, -nodeGap) <= room.width;
  let columns: string[][] = [];
  // As many columns as have room for their names.
  for (let most = Math.max(1, Math.floor((room.width + nodeGap) / (widthLeast + nodeGap))); most >= 1; most -= 1) {
    columns = laidOut(graph, wanted, { columns: most, rows: room.rows }, fits);
    if (fits(columns)) break;
  }
  const drawn = new Set(columns.flat());
  const edges = graph.edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  const ordered = inOrder(columns, edges);
  const rows = Math.max(0, ...ordered.map(({ length }) => length));
  return {
    nodes: ordered.flatMap((ids, column) =>
      ids.map((id, row) => ({
        id,
        name: graph.nodes.get(id)?.name ?? id,
        mark: markOf(health.get(id)),
        column,
        row: row + (rows - ids.length) / 2,
      })),
    ),
    edges: edges.map(({ from, to }) => ({ from, to, strong: isSick(health.get(from)) && isSick(health.get(to)) })),
    sick: sick.length,
    left: sick.filter((id) => !drawn.has(id)).length,
    columns: ordered.map(wide),
    rows,
  };
}

/** What it was when last heard, for old data; only what was well then is unknown now. */
function markOf(health: Health | undefined): Health['mark'] {
  return health?.was ?? health?.mark ?? 'unknown';
}

function isSick(health: Health | undefined): boolean {
  const mark = markOf(health);
  return mark !== 'ok' && mark !== 'unknown';
}

interface Wanted {
  /** To be shown while there is any room. */
  first: string[];
  /** Beside them, where they fit without pushing anything. */
  near: string[];
}

/** The worst first. */
function wantedFirst(
  graph: MapGraph,
  health: ReadonlyMap<string, Health>,
  involved: ReadonlySet<string>,
  sick: readonly string[],
): Wanted {
  const degree = (id: string): number => (graph.calls.get(id)?.length ?? 0) + (graph.callers.get(id)?.length ?? 0);
  const rank = (id: string): number => {
    const mark = markOf(health.get(id));
    return mark === 'ok' || mark === 'unknown' ? 9 : severityRank(mark);
  };
  const byUrgency = (a: string, b: string): number =>
    rank(a) - rank(b) ||
    Number(involved.has(b)) - Number(involved.has(a)) ||
    degree(b) - degree(a) ||
    (a < b ? -1 : a > b ? 1 : 0);
  const first = [...new Set([...sick, ...[...involved].filter((id) => graph.nodes.has(id))])].toSorted(byUrgency);
  // With nothing wrong the ones that most depends on.
  if (first.length === 0) return { first: [], near: [...graph.nodes.keys()].toSorted(byUrgency).slice(0, triedMost) };
  const around = new Set(first.flatMap((id) => [...(graph.calls.get(id) ?? []), ...(graph.callers.get(id) ?? [])]));
  for (const id of first) around.delete(id);
  return { first, near: [...around].toSorted(byUrgency).slice(0, triedMost) };
}

/** Of what lies around, as many are tried: more would not fit anyway. */
const triedMost = 40;

function laidOut(
  graph: MapGraph,
  { first, near }: Wanted,
  room: { columns: number; rows: number },
  fits: (columns: readonly string[][]) => boolean,
): string[][] {
  const chosen = first.slice(0, room.columns * room.rows);
  let layers = layersOf(graph, chosen);
  for (const id of near) {
    const next = layersOf(graph, [...layers.flat(), id]);
    const low = next.length <= Math.max(room.columns, layers.length) && next.every(({ length }) => length <= room.rows);
    if (low && fits(next)) layers = next;
  }
  if (layers.length <= room.columns && layers.every(({ length }) => length <= room.rows)) return layers;
  return folded(layers, chosen, room);
}

/** By the longest way from a caller. */
function layersOf(graph: MapGraph, ids: readonly string[]): string[][] {
  const inside = new Set(ids);
  const layer = new Map<string, number>();
  const depth = (id: string, path: ReadonlySet<string>): number => {
    const known = layer.get(id);
    if (known !== undefined) return known;
    const callers = (graph.callers.get(id) ?? []).filter((from) => inside.has(from) && !path.has(from));
    const own = Math.max(0, ...callers.map((from) => depth(from, new Set([...path, id])) + 1));
    layer.set(id, own);
    return own;
  };
  for (const id of ids) depth(id, new Set([id]));
  const layers: string[][] = [];
  for (const id of ids) (layers[layer.get(id) ?? 0] ??= []).push(id);
  return layers.filter((each) => each.length > 0);
}

/** Too many for the columns they belong into: only the chosen, each as near to its own as there is room. */
function folded(
  layers: readonly string[][],
  chosen: readonly string[],
  room: { columns: number; rows: number },
): string[][] {
  const layerOf = new Map(layers.flatMap((ids, layer) => ids.map((id) => [id, layer] as const)));
  const fold = Math.min(1, room.columns / layers.length);
  const columns: string[][] = Array.from({ length: room.columns }, () => []);
  for (const id of chosen) {
    const own = Math.floor((layerOf.get(id) ?? 0) * fold);
    const nearest = [...columns.keys()].toSorted((a, b) => Math.abs(a - own) - Math.abs(b - own) || b - a);
    const free = nearest.find((column) => (columns[column]?.length ?? 0) < room.rows);
    if (free !== undefined) columns[free]?.push(id);
  }
  return columns.filter((ids) => ids.length > 0);
}

/** Each column by where its neighbours in the one before stand, so that few lines cross. */
function inOrder(columns: readonly string[][], edges: readonly Edge[]): string[][] {
  const row = new Map<string, number>();
  return columns.map((ids) => {
    const middle = (id: string): number => {
      const near = edges.flatMap(({ from, to }) => (to === id ? (row.get(from) ?? []) : []));
      return near.length === 0 ? ids.indexOf(id) : near.reduce((sum, at) => sum + at, 0) / near.length;
    };
    const ordered = ids.toSorted((a, b) => middle(a) - middle(b));
    for (const [at, id] of ordered.entries()) row.set(id, at);
    return ordered;
  });
}
