// The map as a table: teams, and under each its services, worst first. Pure.
import { type Health, rankOf } from './health.ts';
import { isNamed } from './map-looks.ts';
import { clusterHealth } from './map-words.ts';
import type { GraphNode, MapGraph } from './map-graph.ts';
import { teamOf, teamWords } from './scene.ts';
import type { MarkKind } from '../../ui/mark.tsx';

export type TableRow =
  | { kind: 'team'; id: string; name: string; open: boolean; mark: MarkKind; label: string; line: string }
  | { kind: 'service'; id: string; node: GraphNode; health: Health; calls: number; calledBy: number };

export interface TableQuestion {
  graph: MapGraph;
  health: ReadonlyMap<string, Health>;
  teamName: (id: string) => string | null;
  /** Nodes to list; null for all. */
  within: ReadonlySet<string> | null;
  search: string;
  /** Teams that are folded. */
  folded: ReadonlySet<string>;
}

export function tableRows(question: TableQuestion): TableRow[] {
  const { graph, health, teamName, within, folded } = question;
  const search = question.search.trim().toLowerCase();
  const teams = new Map<string, { node: GraphNode; health: Health }[]>();
  for (const node of graph.nodes.values()) {
    const own = health.get(node.id);
    if (own === undefined || (within !== null && !within.has(node.id))) continue;
    if (search !== '' && !isNamed(graph, node.id, search)) continue;
    const team = teamOf(node, teamName);
    const held = teams.get(team);
    if (held === undefined) teams.set(team, [{ node, health: own }]);
    else held.push({ node, health: own });
  }
  const sorted = [...teams].map(([team, members]) => ({
    team,
    members: members.toSorted((a, b) => rankOf(a.health) - rankOf(b.health) || (a.node.name < b.node.name ? -1 : 1)),
  }));
  const worst = ({ members }: (typeof sorted)[number]): number => {
    const [first] = members;
    return first === undefined ? 0 : rankOf(first.health);
  };
  sorted.sort((a, b) => worst(a) - worst(b) || (a.team < b.team ? -1 : 1));
  return sorted.flatMap(({ team, members }): TableRow[] => {
    const open = !folded.has(team);
    const head: TableRow = {
      kind: 'team',
      id: `team:${team}`,
      name: teamWords(team),
      open,
      ...clusterHealth(members.map((member) => member.health)),
    };
    if (!open) return [head];
    return [
      head,
      ...members.map(({ node, health: own }): TableRow => ({
        kind: 'service',
        id: node.id,
        node,
        health: own,
        calls: graph.calls.get(node.id)?.length ?? 0,
        calledBy: graph.callers.get(node.id)?.length ?? 0,
      })),
    ];
  });
}
