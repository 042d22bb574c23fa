// Layouts computed in a worker, one at a time. An abort or the deadline ends the worker itself: elk cannot be asked to
// stop, and would hold a core for a picture that nobody waits for.
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { t } from '../../language/words.ts';
import type { NodeSize, Place, Places } from './places.ts';

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

export interface Layout {
  /** Starts the worker, whose program takes a while to be read, before there is anything to lay out. */
  warm(): void;
  run(input: LayoutInput, signal: AbortSignal): Promise<Places>;
}

export function createLayout(deps: {
  open: (failed: (reason: Error) => void) => Elk;
  after: (ms: number, callback: () => void) => () => void;
  deadlineMs: number;
}): Layout {
  const { after, deadlineMs } = deps;
  let elk: Elk | null = null;
  let stopRunning: ((reason: Error) => void) | null = null;

  function engineOf(): Elk {
    elk ??= deps.open((reason) => {
      // One that nobody waits for is opened again by the next layout, which then says what is wrong.
      if (stopRunning === null) elk = null;
      else stopRunning(reason);
    });
    return elk;
  }

  function run(input: LayoutInput, signal: AbortSignal): Promise<Places> {
    stopRunning?.(new Error('Another layout was asked for.'));
    if (signal.aborted) return Promise.reject(new Error('The layout is not wanted any more.'));
    return new Promise((resolve, reject) => {
      const engine = engineOf();
      const unwanted = (): void => stop(new Error('The layout is not wanted any more.'));
      const late = (): void => stop(new LayoutDeadline(t`The layout took longer than ${deadlineMs / 1000} s.`));
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
  }

  return { warm: () => void engineOf(), run };
}

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
      'elk.layered.thoroughness': '7',
      'elk.layered.spacing.nodeNodeBetweenLayers': '72',
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

function placesOf({ ids }: LayoutInput, graph: ElkNode): Places {
  const places = new Map<string, Place>();
  for (const child of graph.children ?? []) {
    const id = ids[Number(child.id.slice(1))];
    if (id !== undefined) places.set(id, { x: Math.round(child.x ?? 0), y: Math.round(child.y ?? 0) });
  }
  return places;
}
