import { useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useFreshness, useTable, useTablesWhole } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { heatSpan, stormHeat } from '../alerts/storm-heat.ts';
import { healthOfAll } from '../map/health.ts';
import { mapGraph } from '../map/map-graph.ts';
import { anyReporting } from '../now/feeds.ts';
import type { WallEvent } from './rotation.ts';
import { wallEntry } from './wall-facts.ts';
import { type MapRoom, wallMap } from './wall-map.ts';
import { firingByService, mapTitle, newest, type Picture, recentChanges, timelineTail } from './wall-pictures.ts';

interface Pictures {
  pictures: Picture[];
  /** What of the incidents shown is new, each with the picture it is in. */
  events: WallEvent[];
}

/** Nobody reads a wall faster than this. */
const redrawMs = 1_000;

/** Only pictures that have something in them; an empty one would waste twenty seconds of everybody's attention. */
export function usePictures(
  shown: readonly Incident[],
  namesAllowed: boolean,
  redact: (text: string) => string,
  room: MapRoom,
  widthOf: (name: string) => number,
): Pictures {
  // Drawn at once when it has been read: until then no service seems to have an alert, and a wall must not say so.
  const whole = useTablesWhole();
  const timeline = usePaced(useTable('timeline'), whole, redrawMs);
  const alerts = usePaced(useTable('alert'), whole, redrawMs);
  const changes = useTable('change');
  const services = useTable('service');
  const integrations = useTable('integration');
  const { state } = useFreshness();
  const fresh = state === 'live' || state === 'lagging';
  const minute = useServerStep(60_000);
  const { width, rows } = room;

  const graph = useMemo(() => mapGraph(services.rows.values()), [services]);
  const map = useMemo(() => {
    const reporting = anyReporting(integrations.rows.values(), minute);
    const health = healthOfAll(graph, alerts.rows.values(), { fresh, reporting });
    const involved = new Set(shown.flatMap((incident) => incident.services.flatMap((name) => graph.find(name) ?? [])));
    return wallMap(graph, health, involved, { width, rows }, widthOf);
  }, [graph, alerts, integrations, shown, fresh, minute, width, rows, widthOf]);

  // oxlint-disable-next-line react/preserve-manual-memoization -- a sentence changes nothing that this depends on
  return useMemo(() => {
    const pictures: Picture[] = [];
    if (whole && map.nodes.length > 0) pictures.push({ id: 'map', title: mapTitle(map, fresh), map });
    const lines = timelineTail(timeline.rows.values(), shown, (entry) => wallEntry(entry, namesAllowed, redact));
    if (lines.length > 0) pictures.push({ id: 'timeline', title: t`Timeline`, lines });
    const open = [...alerts.rows.values()].filter((alert) => !alert.suppressed);
    const heat = stormHeat(open, heatSpan(1, minute));
    if (heat.rows.length > 0) {
      const title = t`Alerts by service in the last hour, ${heat.most} at once at most`;
      pictures.push({ id: 'alerts', title, heat, firing: firingByService(open) });
    }
    const recent = recentChanges(changes.rows.values(), minute, namesAllowed ? (text) => text : redact);
    if (recent.length > 0) pictures.push({ id: 'changes', title: t`Changes in the last hour`, lines: recent });
    const there = new Set(pictures.map(({ id }) => id));
    const events = newest(shown, timeline.rows.values(), open, changes.rows.values(), there);
    return { pictures, events };
  }, [map, timeline, alerts, changes, shown, namesAllowed, redact, fresh, minute, whole]);
}
