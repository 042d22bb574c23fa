// Layouts computed in a worker, one at a time. An abort or the deadline ends the worker itself: elk cannot be asked to
// stop, and would hold a core for a picture that nobody waits for.
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { fold, type NodeSize, type Place, type Places } from './places.ts';

export interface LayoutInput {
  ids: readonly string[];
  edges: readonly { from: string; to: string }[];
  size: NodeSize;
  /** The column a node stands in, from the left: hops from the focus. Without it elk chooses. */
  partition?: ReadonlyMap<string, number>;
}

/** What elk's own face gives: `terminateWorker` ends it for good. */
export interface Elk {
  layout(graph: ElkNode): Promise<ElkNode>;
  terminateWorker(): void;
}

export class LayoutDeadline extends Error {
  override name = 'LayoutDeadline';
}

export type Layout = ReturnType<typeof createLayout>;

export function createLayout(deps: {
  open: (failed: (reason: Error) => void) => Elk;
  after: (ms: number, callback: () => void) => () => void;
  deadlineMs: number;
}) {
  const { after, deadlineMs } = deps;
  let elk: Elk | null = null;
  let stopRunning: ((reason: Error) => void) | null = null;

  return function layout(input: LayoutInput, signal: AbortSignal): Promise<Places> {
    stopRunning?.(new Error('Another layout was asked for.'));
    if (signal.aborted) return Promise.reject(new Error('The layout is not wanted any more.'));
    return new Promise((resolve, reject) => {
      const engine = (elk ??= deps.open((reason) => stop(reason)));
      const unwanted = (): void => stop(new Error('The layout is not wanted any more.'));
      const late = (): void => stop(new LayoutDeadline(`The layout took longer than ${deadlineMs / 1000} s.`));
      const cancel = after(deadlineMs, late);
      signal.addEventListener('abort', unwanted);
      function end(): void {
        cancel();
        signal.removeEventListener('abort', unwanted);
        if (stopRunning === stop) stopRunning = null;
      }
      function stop(reason: Error): void {
        end();
        engine.terminateWorker();
        if (elk === engine) elk = null;
        reject(reason);
      }
      stopRunning = stop;
      engine.layout(elkGraph(input)).then(
        (graph) => {
          end();
          resolve(placesOf(input, graph));
        },
        (reason: unknown) => stop(reason instanceof Error ? reason : new Error(String(reason))),
      );
    });
  };
}

/** More nodes than this are laid out more coarsely: measured, the finer way takes twice as long or longer. */
const largeFrom = 120;
const largeOptions = {
  'elk.layered.thoroughness': '1',
  'elk.layered.nodePlacement.strategy': 'SIMPLE',
  'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
  'elk.layered.spacing.nodeNodeBetweenLayers': '72',
};
const smallOptions = { 'elk.layered.thoroughness': '7', 'elk.layered.spacing.nodeNodeBetweenLayers': '72' };

/** Ids are indices: a name of the catalog means nothing to elk. */
function elkGraph({ ids, edges, size, partition }: LayoutInput): ElkNode {
  const index = new Map(ids.map((id, i) => [id, `n${i}`]));
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.spacing.nodeNode': '32',
      'elk.spacing.componentComponent': '48',
      'elk.aspectRatio': '1.7',
      'elk.edgeRouting': 'POLYLINE',
      'elk.randomSeed': '1',
      ...(ids.length > largeFrom ? largeOptions : smallOptions),
      ...(partition === undefined ? {} : { 'elk.partitioning.activate': 'true' }),
    },
    children: ids.map((id, i) => {
      const column = partition?.get(id);
      const layoutOptions = column === undefined ? {} : { 'elk.partitioning.partition': `${column}` };
      return { id: `n${i}`, ...size, layoutOptions };
    }),
    edges: edges.flatMap(({ from, to }, i) => {
      const source = index.get(from);
      const target = index.get(to);
      if (source === undefined || target === undefined || from === to) return [];
      return [{ id: `e${i}`, sources: [source], targets: [target] }];
    }),
  };
}

function placesOf({ ids, size }: LayoutInput, graph: ElkNode): Places {
  const places = new Map<string, Place>();
  for (const child of graph.children ?? []) {
    const id = ids[Number(child.id.slice(1))];
    if (id !== undefined) places.set(id, { x: Math.round(child.x ?? 0), y: Math.round(child.y ?? 0) });
  }
  return ids.length > largeFrom ? fold(places, size) : places;
}
