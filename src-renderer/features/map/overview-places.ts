// Where the dots of the overview stand: a round patch for each team, by names alone, so that nothing moves when health
// does. Pure.
import type { Place, Places } from '../../ui/graph/places.ts';
import { teamOf, teamWords } from './scene.ts';
import type { MapGraph } from './map-graph.ts';

export interface Patch {
  team: string;
  name: string;
  count: number;
  at: Place;
  radius: number;
}

export interface OverviewPlaces {
  places: Places;
  patches: readonly Patch[];
}

/** Between the middles of two dots. */
const apart = 14;
const gap = 40;
const captionHeight = 26;
/** Seeds of a sunflower: each dot turns by the golden angle, so a patch fills evenly whatever its size. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5));

export function overviewPlaces(graph: MapGraph, teamName: (id: string) => string | null): OverviewPlaces {
  const teams = new Map<string, string[]>();
  // The graph is in the order of names.
  for (const node of graph.nodes.values()) {
    const team = teamOf(node, teamName);
    const held = teams.get(team);
    if (held === undefined) teams.set(team, [node.id]);
    else held.push(node.id);
  }
  const sized = [...teams]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([team, ids]) => ({ team, ids, radius: radiusOf(ids.length) }));
  const area = sized.reduce((sum, { radius }) => sum + (2 * radius + gap) * (2 * radius + gap + captionHeight), 0);
  const width = Math.max(Math.sqrt(area * 1.9), ...sized.map(({ radius }) => 2 * radius + gap));

  const places = new Map<string, Place>();
  const patches: Patch[] = [];
  let left = 0;
  let top = 0;
  let tallest = 0;
  for (const { team, ids, radius } of sized) {
    if (left > 0 && left + 2 * radius > width) {
      left = 0;
      top += tallest + gap + captionHeight;
      tallest = 0;
    }
    const middle = { x: left + radius, y: top + captionHeight + radius };
    patches.push({ team, name: teamWords(team), count: ids.length, at: middle, radius });
    for (const [i, id] of ids.entries()) {
      const far = apart * 0.56 * Math.sqrt(i + 0.5);
      const turn = i * goldenAngle;
      places.set(id, { x: middle.x + far * Math.cos(turn), y: middle.y + far * Math.sin(turn) });
    }
    left += 2 * radius + gap;
    tallest = Math.max(tallest, 2 * radius);
  }
  return { places, patches };
}

function radiusOf(count: number): number {
  // Room for the team's name over a patch of few.
  return Math.max(44, apart * 0.56 * Math.sqrt(count + 0.5) + apart / 2);
}
