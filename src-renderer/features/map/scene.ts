// What is drawn: everything while it is not too much, else one node for each team or kind; or what lies around a focus.
import { serviceKinds } from '#server/contract/service.ts';
import { t } from '../../language/words.ts';
import { around } from './reach.ts';
import { type Edge, type GraphNode, keyOf, type MapGraph } from './map-graph.ts';

/** More single services than this are drawn as clusters. */
export const drawnMax = 500;
/** Clusters that are drawn at most. */
export const clustersMax = 300;

export interface View {
  /** Node in the middle, with so many hops around it. */
  focus: string | null;
  hops: number;
  /** A cluster that was opened: its team, of those its kind. */
  team: string | null;
  kind: string | null;
}

export interface SceneNode {
  id: string;
  name: string;
  /** Nodes of the graph it stands for; one, but for a cluster. */
  members: readonly string[];
  /** Opens a cluster. */
  opens: { team: string | null; kind: string | null } | null;
  /** Hops from the focus, callers negative; null without one. */
  distance: number | null;
}

export interface Scene {
  /** Names what is drawn: places are remembered by it. */
  key: string;
  nodes: readonly SceneNode[];
  edges: readonly Edge[];
  /** Services that are not drawn at all. */
  left: number;
}

const noTeam = 'none';

export function sceneOf(graph: MapGraph, view: View, teamName: (id: string) => string | null): Scene {
  if (view.focus !== null && graph.nodes.has(view.focus)) {
    const distances = around(graph, view.focus, view.hops);
    const nodes = [...distances.keys()].toSorted().flatMap((id) => graph.nodes.get(id) ?? []);
    const kept = nearest(nodes, distances);
    return single(`${view.focus} ${view.hops}`, graph, kept, (id) => distances.get(id) ?? null);
  }
  const within = [...graph.nodes.values()].filter(
    (node) =>
      (view.team === null || keyOf(teamOf(node, teamName)) === keyOf(view.team)) &&
      (view.kind === null || kindOf(node) === view.kind),
  );
  const key = `all ${view.team ?? ''} ${view.kind ?? ''}`;
  if (within.length <= drawnMax) return single(key, graph, within, () => null);
  const byTeam = view.team === null && view.kind === null;
  const labels = new Set(within.map((node) => teamOf(node, teamName)));
  if (byTeam && labels.size > 1 && labels.size <= clustersMax) {
    return clustered(`${key} teams`, graph, within, (node) => {
      const team = teamOf(node, teamName);
      return { id: `team:${team}`, name: team === noTeam ? t`No team` : team, opens: { team, kind: null } };
    });
  }
  if (view.kind === null) {
    return clustered(`${key} kinds`, graph, within, (node) => {
      const kind = kindOf(node);
      return { id: `kind:${kind}`, name: kindWords(kind), opens: { team: view.team, kind } };
    });
  }
  // One kind of one team, and still too many: by the beginning of the name, which cannot be opened further.
  return clustered(`${key} names`, graph, within, (node) => {
    const letter = node.name.slice(0, 1).toLowerCase();
    return { id: `name:${letter}`, name: `${letter}…`, opens: null };
  });
}

export function teamOf(node: GraphNode, teamName: (id: string) => string | null): string {
  if (node.service === null) return noTeam;
  const { teamId, ownerText } = node.service;
  return (teamId === null ? null : teamName(teamId)) ?? (ownerText.trim() || noTeam);
}

export function teamWords(team: string): string {
  return team === noTeam ? t`No team` : team;
}

function kindOf(node: GraphNode): string {
  return node.service?.kind ?? 'undescribed';
}

export function kindWords(kind: string): string {
  const plural: Record<(typeof serviceKinds)[number], string> = {
    service: t`Services`,
    database: t`Databases`,
    queue: t`Queues`,
    cache: t`Caches`,
    network: t`Network`,
    host: t`Hosts`,
    external: t`External`,
  };
  return kind === 'undescribed' ? t`Not in the catalog` : (plural[kind as keyof typeof plural] ?? kind);
}

/** Of a focus with too much around it, what is nearest. */
function nearest(nodes: readonly GraphNode[], distances: ReadonlyMap<string, number>): readonly GraphNode[] {
  if (nodes.length <= drawnMax) return nodes;
  const far = ({ id }: GraphNode): number => Math.abs(distances.get(id) ?? 0);
  return nodes.toSorted((a, b) => far(a) - far(b)).slice(0, drawnMax);
}

function single(
  key: string,
  graph: MapGraph,
  nodes: readonly GraphNode[],
  distance: (id: string) => number | null,
): Scene {
  const drawn = new Set(nodes.map(({ id }) => id));
  return {
    key,
    nodes: nodes.map(({ id, name }) => ({ id, name, members: [id], opens: null, distance: distance(id) })),
    edges: graph.edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to)),
    left: graph.nodes.size - drawn.size,
  };
}

function clustered(
  key: string,
  graph: MapGraph,
  nodes: readonly GraphNode[],
  clusterOf: (node: GraphNode) => Pick<SceneNode, 'id' | 'name' | 'opens'>,
): Scene {
  const clusters = new Map<string, Omit<SceneNode, 'members'> & { members: string[] }>();
  const home = new Map<string, string>();
  for (const node of nodes) {
    const cluster = clusterOf(node);
    const held = clusters.get(cluster.id);
    if (held === undefined) clusters.set(cluster.id, { ...cluster, members: [node.id], distance: null });
    else held.members.push(node.id);
    home.set(node.id, cluster.id);
  }
  const edges = new Map<string, Edge>();
  for (const edge of graph.edges) {
    const from = home.get(edge.from);
    const to = home.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    edges.set(`${from}\n${to}`, { from, to });
  }
  return {
    key,
    nodes: [...clusters.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    edges: [...edges.values()],
    left: graph.nodes.size - nodes.length,
  };
}
