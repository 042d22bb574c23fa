// Which teams own what an incident hurts, and have nobody in its room. Pure.
import type { Alert } from '#server/contract/alert.ts';
import type { Participant } from '#server/contract/console.ts';
import { nodeOf } from './health.ts';
import type { MapGraph } from './map-graph.ts';

export interface RoomFacts {
  graph: MapGraph;
  /** Those of the incident. */
  alerts: Iterable<Pick<Alert, 'serviceId' | 'service' | 'status'>>;
  participants: Iterable<Pick<Participant, 'userId' | 'releasedAt'>>;
  teamIdsOf: (userId: string) => readonly string[];
}

/** Team ids, each with the names of its services that have an open alert there. */
export function missingTeams({ graph, alerts, participants, teamIdsOf }: RoomFacts): Map<string, string[]> {
  const here = new Set<string>();
  for (const { userId, releasedAt } of participants)
    if (releasedAt === null) for (const teamId of teamIdsOf(userId)) here.add(teamId);
  const missing = new Map<string, string[]>();
  for (const alert of alerts) {
    const node = alert.status === 'firing' ? graph.nodes.get(nodeOf(graph, alert) ?? '') : undefined;
    const teamId = node?.service?.teamId ?? null;
    if (node === undefined || teamId === null || here.has(teamId)) continue;
    const names = missing.get(teamId) ?? [];
    if (!names.includes(node.name)) missing.set(teamId, [...names, node.name]);
  }
  return missing;
}
