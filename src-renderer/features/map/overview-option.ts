// The overview as options of the drawing library: a dot for each service, its form and colour by its worst open alert.
import type { GraphSeriesOption } from 'echarts/charts';
import type { ChartLook } from '../../ui/chart/look.ts';
import { type ChartOption, tooltipLook } from '../../ui/chart/option.ts';
import { type Health, rankOf } from './health.ts';
import { isNamed } from './map-looks.ts';
import { clusterHealth, lineOf } from './map-words.ts';
import type { Edge, MapGraph } from './map-graph.ts';
import type { OverviewPlaces, Patch } from './overview-places.ts';

export interface OverviewQuestion extends OverviewPlaces {
  graph: MapGraph;
  health: ReadonlyMap<string, Health>;
  search: string;
}

/** Lines at most: more of them would cover the dots. */
export const linesMax = 2_000;

type Dot = NonNullable<GraphSeriesOption['data']>[number];

export function overviewOption(question: OverviewQuestion, look: ChartLook): ChartOption {
  const { graph, health, places, patches, search } = question;
  const wanted = search.trim().toLowerCase();
  const dots: Dot[] = [];
  for (const id of drawnOrder(graph, health)) {
    const node = graph.nodes.get(id);
    const own = health.get(id);
    const at = places.get(id);
    if (node === undefined || own === undefined || at === undefined) continue;
    dots.push({
      id,
      name: node.name,
      x: at.x,
      y: at.y,
      ...formOf(own, look),
      ...(wanted === '' || isNamed(graph, id, wanted) ? {} : { itemStyle: { color: look.line, opacity: 0.5 } }),
      value: lineOf(own),
    } as Dot);
  }
  return {
    tooltip: { ...tooltipLook(look), formatter: '{b}\n{c}' },
    series: [
      {
        type: 'graph',
        layout: 'none',
        preserveAspect: 'contain',
        roam: true,
        scaleLimit: { min: 0.5, max: 40 },
        nodeScaleRatio: 0.4,
        left: 32,
        right: 32,
        top: 20,
        bottom: 64,
        data: [...captions(patches, look), ...dots],
        links: wanted === '' ? hurtEdges(graph, health).map(({ from, to }) => ({ source: from, target: to })) : [],
        edgeSymbol: ['none', 'arrow'],
        edgeSymbolSize: 4,
        lineStyle: { color: look.text, width: 1, opacity: 0.7 },
        // Only teams have labels: one prepared for each of ten thousand dots takes seconds. Names are in the tooltip.
        label: { show: false },
        emphasis: {
          scale: false,
          itemStyle: { borderColor: look.text, borderWidth: 2, opacity: 1 },
        },
      },
    ],
  };
}

/** Worst last, so that nothing lies over it. */
export function drawnOrder(graph: MapGraph, health: ReadonlyMap<string, Health>): string[] {
  const rank = (id: string): number => {
    const own = health.get(id);
    return own === undefined ? 0 : rankOf(own);
  };
  return [...graph.nodes.keys()].toSorted((a, b) => rank(b) - rank(a));
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
  const teams = patches.length === 1 ? '1 team' : `${patches.length.toLocaleString('en')} teams`;
  return `Overview of ${teams}: ${all.line}. The table says the same.`;
}

/** The form says what the colour says. */
function formOf({ mark }: Health, look: ChartLook): { symbol: string; symbolSize: number; itemStyle: object } {
  switch (mark) {
    case 'sev1':
      return { symbol: 'circle', symbolSize: 12, itemStyle: { color: look.severity.sev1 } };
    case 'sev2':
      return { symbol: 'triangle', symbolSize: 11, itemStyle: { color: look.severity.sev2 } };
    case 'sev3':
      return { symbol: 'diamond', symbolSize: 11, itemStyle: { color: look.severity.sev3 } };
    case 'info':
      return { symbol: 'rect', symbolSize: 7, itemStyle: { color: look.severity.info } };
    case 'ok':
      return { symbol: 'circle', symbolSize: 6, itemStyle: { color: look.bar } };
    default:
      return {
        symbol: 'circle',
        symbolSize: 6,
        itemStyle: { color: look.canvas, borderColor: look.faint, borderWidth: 1 },
      };
  }
}

function captions(patches: readonly Patch[], look: ChartLook): Dot[] {
  return patches.map(
    ({ team, name, count, at, radius }) =>
      ({
        id: `team:${team}`,
        name: `${name}, ${count.toLocaleString('en')}`,
        x: at.x,
        y: at.y - radius - 12,
        // Without a mark of its own it would have no label.
        symbol: 'circle',
        symbolSize: 1,
        itemStyle: { color: 'transparent' },
        emphasis: { disabled: true },
        cursor: 'default',
        tooltip: { show: false },
        label: {
          show: true,
          position: 'inside',
          formatter: '{b}',
          color: look.muted,
          fontFamily: look.font,
          fontSize: 12,
        },
      }) as Dot,
  );
}
