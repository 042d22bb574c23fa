import { useMemo } from 'react';
import type { ChangeEvent } from '#server/contract/incident.ts';
import { useFreshness, useTable, useTablesWhole } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import type { Place, Places } from '../../ui/graph/places.ts';
import { anyReporting } from '../now/feeds.ts';
import { type Health, healthOfAll } from './health.ts';
import { type Scene, sceneOf, type View } from './scene.ts';
import { type MapGraph, mapGraph } from './map-graph.ts';
import { inOneSpelling } from './owners.ts';

const recentMs = 2 * 3_600_000;

export interface MapFacts {
  graph: MapGraph;
  health: ReadonlyMap<string, Health>;
  scene: Scene;
  pins: Places;
  /** Changes of the last two hours by node, newest first. */
  changes: ReadonlyMap<string, readonly ChangeEvent[]>;
  teamName: (id: string) => string | null;
  fresh: boolean;
  reporting: boolean;
  /** Server time, to the minute. */
  minuteMs: number;
}

/** Nothing here is computed more often than what it is of changes: the clock ticks once a minute. */
export function useMap(view: View): MapFacts {
  const services = useTable('service');
  const teams = useTable('team');
  const alerts = useTable('alert');
  const integrations = useTable('integration');
  const changeTable = useTable('change');
  const { state } = useFreshness();
  // With a part of the alerts nothing can be called well.
  const whole = useTablesWhole();
  const fresh = whole && (state === 'live' || state === 'lagging');
  const minuteMs = useServerStep(60_000);
  const reporting = useMemo(
    () => anyReporting(integrations.rows.values(), minuteMs),
    // The wrapper is new whenever a row changed.
    [integrations, minuteMs],
  );
  const teamName = useMemo(() => (id: string) => teams.rows.get(id)?.name ?? null, [teams]);
  const graph = useMemo(() => mapGraph(inOneSpelling(services.rows.values(), teams.rows.values())), [services, teams]);
  const health = useMemo(
    () => healthOfAll(graph, alerts.rows.values(), { fresh, reporting }),
    [graph, alerts, fresh, reporting],
  );
  const { focus, hops, team, kind } = view;
  const scene = useMemo(
    () => sceneOf(graph, { focus, hops, team, kind }, teamName),
    [graph, focus, hops, team, kind, teamName],
  );
  const pins = useMemo(() => {
    const found = new Map<string, Place>();
    for (const { id, pin } of services.rows.values()) if (pin !== null) found.set(id, pin);
    return found;
  }, [services]);
  const changes = useMemo(
    () => changesByNode(graph, changeTable.rows.values(), minuteMs - recentMs),
    [graph, changeTable, minuteMs],
  );
  return useMemo(
    () => ({ graph, health, scene, pins, changes, teamName, fresh, reporting, minuteMs }),
    [graph, health, scene, pins, changes, teamName, fresh, reporting, minuteMs],
  );
}

function changesByNode(graph: MapGraph, changes: Iterable<ChangeEvent>, fromMs: number) {
  const found = new Map<string, ChangeEvent[]>();
  for (const change of changes) {
    if (change.service === null || Date.parse(change.at) < fromMs) continue;
    const id = graph.find(change.service);
    if (id === undefined) continue;
    found.set(id, [...(found.get(id) ?? []), change]);
  }
  for (const list of found.values()) list.sort((a, b) => b.at.localeCompare(a.at));
  return found;
}
