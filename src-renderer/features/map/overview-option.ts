// The overview as options of the drawing library: a dot for each service, its form and colour by its worst open alert.
import type { ScatterSeriesOption } from 'echarts/charts';
import { numberText, plural, t } from '../../language/words.ts';
import type { Aim } from '../../ui/chart/dots.ts';
import { dotsAxes, grown } from '../../ui/chart/dots-window.ts';
import type { ChartLook } from '../../ui/chart/look.ts';
import { type ChartOption, tooltipLook } from '../../ui/chart/option.ts';
import type { Health } from './health.ts';
import { isNamed } from './map-looks.ts';
import { clusterHealth, lineOf } from './map-words.ts';
import type { Edge, MapGraph } from './map-graph.ts';
import type { OverviewPlaces, Patch } from './overview-places.ts';

/** Dots that look the same: drawn as one, for ten thousand things of their own take the library seconds. */
export interface DotGroup {
  /** Its series. */
  id: string;
  mark: Health['mark'];
  /** Not what is looked for. */
  faded: boolean;
  services: string[];
}

export interface OverviewQuestion extends OverviewPlaces {
  graph: MapGraph;
  health: ReadonlyMap<string, Health>;
  groups: readonly DotGroup[];
  /** Nothing is looked for: then lines are drawn. */
  calm: boolean;
  zoom: number;
  /** Of the picture, in pixels. */
  width: number;
  height: number;
}

/** Lines at most: more of them would cover the dots. */
export const linesMax = 2_000;

/** Worst last, so that nothing lies over it. */
const marks: readonly Health['mark'][] = ['ok', 'unknown', 'info', 'sev3', 'sev2', 'sev1'];

/** In the order they are drawn. None is empty: the library does not know how to draw nothing at once. */
export function dotGroups(graph: MapGraph, health: ReadonlyMap<string, Health>, search: string): DotGroup[] {
  const wanted = search.trim().toLowerCase();
  const groups = [true, false].flatMap((faded) =>
    marks.map((mark): DotGroup => ({ id: faded ? `${mark} faded` : mark, mark, faded, services: [] })),
  );
  const known = new Map(groups.map((group) => [group.id, group]));
  for (const id of graph.nodes.keys()) {
    const mark = health.get(id)?.mark;
    if (mark === undefined) continue;
    const faded = wanted !== '' && !isNamed(graph, id, wanted);
    known.get(faded ? `${mark} faded` : mark)?.services.push(id);
  }
  return groups.filter(({ services }) => services.length > 0);
}

/** The service whose dot is meant, null beside all of them. */
export function serviceAt(places: OverviewPlaces['places'], aim: Aim): string | null {
  let found: string | null = null;
  let nearest = aim.reach;
  for (const [id, { x, y }] of places) {
    const far = Math.hypot(x - aim.x, y - aim.y);
    if (far > nearest) continue;
    found = id;
    nearest = far;
  }
  return found;
}

export function overviewOption(question: OverviewQuestion, look: ChartLook): ChartOption {
  const { places, patches, groups, calm, zoom } = question;
  const dots = groups.map(({ id, mark, faded, services }): ScatterSeriesOption => {
    const form = formOf(mark, look);
    return {
      id,
      type: 'scatter',
      large: true,
      largeThreshold: 0,
      progressive: 0,
      clip: false,
      dimensions: ['x', 'y'],
      data: pointsOf(services, places),
      symbol: form.symbol,
      itemStyle: faded ? { color: look.line, opacity: 0.5 } : { opacity: 1, ...form.style },
    };
  });
  return {
    ...dotsAxes(windowOf(question)),
    tooltip: { ...tooltipLook(look), triggerOn: 'none' },
    series: sized([linesBelow(question, calm, look), ...dots, captions(patches, look)], zoom),
  };
}

/** Only what another zoom changes. */
export function overviewSizes(groups: readonly DotGroup[], zoom: number): ChartOption {
  return {
    series: sized([{ id: linesId }, ...groups.map(({ id }) => ({ id })), { id: captionsId }] as Series[], zoom),
  };
}

/** A service by its name and what is known of it. */
export function wordsOf(graph: MapGraph, health: ReadonlyMap<string, Health>, id: string | null): string {
  const own = id === null ? undefined : health.get(id);
  return own === undefined ? '' : `${graph.nodes.get(id ?? '')?.name ?? ''}\n${lineOf(own)}`;
}

/** Where one service that hurts depends on another: the paths by which it spread. */
export function hurtEdges(graph: MapGraph, health: ReadonlyMap<string, Health>): Edge[] {
  const hurt = (id: string): boolean => {
    const mark = health.get(id)?.mark;
    return mark === 'sev1' || mark === 'sev2' || mark === 'sev3';
  };
  return graph.edges.filter(({ from, to }) => hurt(from) && hurt(to)).slice(0, linesMax);
}

/** In a sentence what the picture shows. */
export function overviewWords(graph: MapGraph, health: ReadonlyMap<string, Health>, patches: readonly Patch[]): string {
  const all = clusterHealth([...graph.nodes.keys()].flatMap((id) => health.get(id) ?? []));
  const teams = t`${plural(patches.length, { one: '1 team', other: '# teams' })}`;
  return t`Overview of ${teams}: ${all.line}. The table says the same.`;
}

const linesId = 'lines';
const captionsId = 'captions';

type Series = Extract<ChartOption['series'], readonly unknown[]>[number];

function sized(series: readonly Series[], zoom: number): Series[] {
  return series.map((each) => {
    const id = String(each.id);
    if (id === captionsId) return { ...each, label: { ...labelOf(each), fontSize: grown(12, zoom) } } as Series;
    const [mark] = id.split(' ');
    return { ...each, symbolSize: grown(sizes[mark as Health['mark']] ?? sizes.sev1, zoom) } as Series;
  });
}

function labelOf(series: Series): object {
  return 'label' in series && typeof series.label === 'object' ? series.label : {};
}

const sizes: Readonly<Record<Health['mark'], number>> = { sev1: 12, sev2: 11, sev3: 11, info: 7, ok: 6, unknown: 6 };

/** The form says what the colour says. */
function formOf(mark: Health['mark'], look: ChartLook): { symbol: string; style: object } {
  switch (mark) {
    case 'sev1':
      return { symbol: 'circle', style: { color: look.severity.sev1 } };
    case 'sev2':
      return { symbol: 'triangle', style: { color: look.severity.sev2 } };
    case 'sev3':
      return { symbol: 'diamond', style: { color: look.severity.sev3 } };
    case 'info':
      return { symbol: 'rect', style: { color: look.severity.info } };
    case 'ok':
      return { symbol: 'circle', style: { color: look.bar } };
    default:
      return { symbol: 'circle', style: { color: look.canvas, borderColor: look.faint, borderWidth: 1 } };
  }
}

function pointsOf(services: readonly string[], places: OverviewPlaces['places']): Float64Array {
  const points = new Float64Array(services.length * 2);
  for (const [i, id] of services.entries()) {
    const at = places.get(id);
    points[2 * i] = at?.x ?? Number.NaN;
    points[2 * i + 1] = at?.y ?? Number.NaN;
  }
  return points;
}

/** Lines from dot to dot; the dots themselves are drawn over them. */
function linesBelow({ graph, health, places }: OverviewQuestion, calm: boolean, look: ChartLook): Series {
  const edges = calm ? hurtEdges(graph, health) : [];
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return {
    id: linesId,
    type: 'graph',
    coordinateSystem: 'cartesian2d',
    z: 1,
    silent: true,
    symbol: 'none',
    data: [...ends].flatMap((id) => {
      const at = places.get(id);
      return at === undefined ? [] : [{ id, name: id, value: [at.x, at.y] }];
    }),
    links: edges.map(({ from, to }) => ({ source: from, target: to })),
    edgeSymbol: ['none', 'arrow'],
    edgeSymbolSize: 4,
    lineStyle: { color: look.text, width: 1, opacity: 0.7 },
  } as Series;
}

function captions(patches: readonly Patch[], look: ChartLook): Series {
  return {
    id: captionsId,
    type: 'scatter',
    z: 3,
    clip: false,
    silent: true,
    // Without a mark of its own it would have no label.
    symbol: 'circle',
    symbolSize: 1,
    itemStyle: { color: 'transparent' },
    data: patches.map(({ name, count, at, radius }) => ({
      name: `${name}, ${numberText(count)}`,
      value: [at.x, at.y - radius - captionAbove],
    })),
    label: {
      show: true,
      position: 'inside',
      formatter: '{b}',
      color: look.muted,
      fontFamily: look.font,
      fontSize: 12,
    },
  };
}

const captionAbove = 12;
/** Around all dots and captions, in pixels; below lies the legend. */
const room = { side: 32, top: 20, bottom: 64 };

/** The part of the plane that the picture shows when everything is in sight. */
function windowOf({ places, patches, width, height }: OverviewQuestion) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  const hold = (x: number, y: number): void => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  };
  for (const { x, y } of places.values()) hold(x, y);
  for (const { at, radius } of patches) hold(at.x, at.y - radius - captionAbove);
  const scale = Math.max(
    (right - left) / Math.max(1, width - 2 * room.side),
    (bottom - top) / Math.max(1, height - room.top - room.bottom),
    0.01,
  );
  const middle = room.top + (height - room.top - room.bottom) / 2;
  return {
    left: (left + right) / 2 - (width / 2) * scale,
    top: (top + bottom) / 2 - middle * scale,
    width: width * scale,
    height: height * scale,
  };
}
