// The graph as a picture to pan and zoom. The only importer of xyflow; whoever draws a graph loads it through
// load-graph.ts. Everything that can be done here with a mouse has a command and a row in a table beside it.
import {
  getViewportForBounds,
  type Node,
  type NodeProps,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  useStoreApi,
  type Viewport,
  ViewportPortal,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { type ComponentType, memo, type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { type CanvasEdge, edgePaths } from './edge-paths.ts';
import './graph.css';
import { HeldLines, type Move, moveNode } from './held-node.tsx';
import { useSteady } from '../use-steady.ts';
import type { NodeSize, Place, Places } from './places.ts';

export interface GraphHandle {
  fit: () => void;
  zoom: (by: 1 | -1) => void;
  /** Brings a node into sight, if it is not. */
  show: (id: string) => void;
}

export interface GraphCanvasProps<D extends object> {
  /** Another scene begins with everything in sight. */
  scene: string;
  nodes: readonly { id: string; data: D; movable: boolean }[];
  edges: readonly CanvasEdge[];
  places: Places;
  size: NodeSize;
  /** What it is drawn into, as far as it is there. */
  within: () => HTMLElement | null;
  /** Draws one node; a constant. Its data is compared field by field. */
  Face: ComponentType<{ data: D }>;
  /** Nodes that a region is drawn around. */
  region: readonly string[];
  captions: readonly { id: string; text: string; at: Place }[];
  onPress: (id: string | null) => void;
  onOpen: (id: string) => void;
  onMove: (id: string, place: Place) => void;
  handle: Ref<GraphHandle>;
}

const zooms = { minZoom: 0.05, maxZoom: 2 } as const;
/** Room for the region around the outermost nodes, and for what lies over the foot of the picture. */
const padding = { top: '36px', x: '52px', bottom: '76px' } as const;
/** Few nodes are drawn no larger than this, but on a wide window, which is looked at from farther away. */
const fittedMost = 1.1;
const ordinaryWidth = 1_920;
/** Below this share names are drawn larger, or nobody could read them. */
const farZoom = 0.55;
/** Below this nobody could read them at all: only what hurts is marked. */
const farthestZoom = 0.22;

export function GraphCanvas<D extends object>(props: GraphCanvasProps<D>) {
  return (
    <ReactFlowProvider key={props.scene}>
      <Inside {...props} />
    </ReactFlowProvider>
  );
}

function Inside<D extends object>(props: GraphCanvasProps<D>) {
  const { edges, places, size, Face, region, captions, onPress, onOpen, onMove } = props;
  const [held, setHeld] = useState<string | null>(null);
  const moveLines = useRef<Move>(null);
  const store = useStoreApi();
  // Before the nodes are drawn, which take hold of what measures them.
  useState(() => keepMeasures(store));
  const nodes = useFlowNodes(props.nodes, places, size);
  const { still, own } = useMemo(() => partedBy(held, edges), [held, edges]);
  const paths = useMemo(() => edgePaths(still, places, size), [still, places, size]);
  const nodeTypes = useMemo(() => ({ node: faceOf(Face) }), [Face]);
  // Each node is handed these: new ones at every render would draw all of them again.
  const press = useSteady((_event: unknown, node: { id: string }) => onPress(node.id));
  const open = useSteady((_event: unknown, node: { id: string }) => onOpen(node.id));
  const drag = useSteady((_event: unknown, { id, position }: { id: string; position: Place }) => {
    if (held !== id) setHeld(id);
    moveNode(store.getState().domNode, id, position, places.get(id));
    moveLines.current?.(position);
  });
  const drop = useSteady((_event: unknown, { id, position }: { id: string; position: Place }) => {
    setHeld(null);
    moveNode(store.getState().domNode, id, null, undefined);
    onMove(id, { x: Math.round(position.x), y: Math.round(position.y) });
  });
  const pressPane = useSteady(() => onPress(null));
  const [fitted] = useState(fitting);
  const [start] = useState(() => startingAt(props.within(), places, size, fitted));
  useGraphHandle(props.handle, places, size);
  const distance = useStore(({ transform: [, , zoom] }) =>
    zoom < farthestZoom ? 'graph far farthest' : zoom < farZoom ? 'graph far' : 'graph',
  );
  return (
    <ReactFlow
      className={distance}
      nodes={nodes}
      nodeTypes={nodeTypes}
      {...zooms}
      fitView
      fitViewOptions={fitted}
      {...(start === null ? {} : { defaultViewport: start })}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      panActivationKeyCode={null}
      zoomActivationKeyCode={null}
      zoomOnDoubleClick={false}
      proOptions={{ hideAttribution: true }}
      nodeDragThreshold={4}
      onNodeClick={press}
      onNodeDoubleClick={open}
      onPaneClick={pressPane}
      onNodeDrag={drag}
      onNodeDragStop={drop}
    >
      <ViewportPortal>
        <svg className="graph-lines" aria-hidden="true">
          <Region ids={region} places={places} size={size} />
          {paths.map(([look, path], index) => (
            <path key={index} className={`graph-edge ${look}`} d={path} />
          ))}
        </svg>
        {held === null ? null : <HeldLines id={held} edges={own} places={places} size={size} move={moveLines} />}
        {captions.map(({ id, text, at }) => (
          <span key={id} className="graph-caption" style={{ transform: `translate(${at.x}px, ${at.y}px)` }}>
            {text}
          </span>
        ))}
      </ViewportPortal>
    </ReactFlow>
  );
}

/**
 * Every size is said. Measured by xyflow as soon as they stand, all nodes would be drawn a second time before the first is
 * seen; what else it does then is to fit them into sight.
 */
export function keepMeasures(store: ReturnType<typeof useStoreApi>): void {
  const updateNodeInternals = (): void => {
    const { fitViewQueued, nodes, setNodes } = store.getState();
    if (fitViewQueued) setNodes(nodes);
  };
  store.setState({ updateNodeInternals });
}

function fitting() {
  const wide = window.innerWidth / ordinaryWidth;
  return { padding, maxZoom: Math.min(zooms.maxZoom, fittedMost * Math.max(1, wide)) };
}

/** As it will be fitted, known before it is drawn: nodes drawn as if they were near would all be drawn again. */
function startingAt(
  element: HTMLElement | null,
  places: Places,
  { width, height }: NodeSize,
  { padding: around, maxZoom }: ReturnType<typeof fitting>,
): Viewport | null {
  if (element === null || element.clientWidth === 0 || places.size === 0) return null;
  const all = [...places.values()];
  const [x, y] = [Math.min(...all.map((at) => at.x)), Math.min(...all.map((at) => at.y))];
  const bounds = {
    x,
    y,
    width: Math.max(...all.map((at) => at.x)) + width - x,
    height: Math.max(...all.map((at) => at.y)) + height - y,
  };
  return getViewportForBounds(bounds, element.clientWidth, element.clientHeight, zooms.minZoom, maxZoom, around);
}

/** The lines of the node under the hand, and all others. */
function partedBy(id: string | null, edges: readonly CanvasEdge[]) {
  const isOwn = ({ from, to }: CanvasEdge): boolean => from === id || to === id;
  return id === null
    ? { still: edges, own: [] }
    : { still: edges.filter((edge) => !isOwn(edge)), own: edges.filter(isOwn) };
}

/** Half of what lies between columns and rows, and a little: neighbours touch. */
const regionPad = { x: 44, y: 22 };

/** One outline around all of them: the edges of the single boxes lie under the next one's fill. */
const Region = memo(function Region({ ids, places, size }: { ids: readonly string[]; places: Places; size: NodeSize }) {
  const boxes = ids.flatMap((id) => {
    const place = places.get(id);
    return place === undefined ? [] : [{ id, x: place.x - regionPad.x, y: place.y - regionPad.y }];
  });
  const box = { width: size.width + 2 * regionPad.x, height: size.height + 2 * regionPad.y, rx: 3 };
  return (
    <g className="graph-region">
      {boxes.map(({ id, x, y }) => (
        <rect key={`line ${id}`} className="line" x={x} y={y} {...box} />
      ))}
      {boxes.map(({ id, x, y }) => (
        <rect key={id} className="fill" x={x} y={y} {...box} />
      ))}
    </g>
  );
});

type Drawn<D extends object> = Node<{ face: D }, 'node'>;

/** Said here, or each node would be looked through for some, and then all of them drawn a second time. */
const noHandles: NonNullable<Node['handles']> = [];

/** Nodes that look as before are the same objects, so that xyflow draws only those that changed. */
function useFlowNodes<D extends object>(
  wanted: GraphCanvasProps<D>['nodes'],
  places: Places,
  size: NodeSize,
): Drawn<D>[] {
  const [draw] = useState(() => createDrawing<D>());
  return useMemo(() => draw(wanted, places, size), [draw, wanted, places, size]);
}

function createDrawing<D extends object>() {
  let before = new Map<string, Drawn<D>>();
  return (wanted: GraphCanvasProps<D>['nodes'], places: Places, size: NodeSize): Drawn<D>[] => {
    const next = new Map<string, Drawn<D>>();
    for (const { id, data, movable } of wanted) {
      const position = places.get(id);
      if (position === undefined) continue;
      const held = before.get(id);
      const same =
        held !== undefined &&
        held.position.x === position.x &&
        held.position.y === position.y &&
        held.draggable === movable &&
        sameFields(held.data.face, data);
      const { x, y } = position;
      const drawn: Drawn<D> = {
        id,
        type: 'node',
        ...standing({ x, y }),
        data: { face: data },
        draggable: movable,
        ...size,
        measured: { ...size },
        handles: noHandles,
      };
      next.set(id, same ? held : drawn);
    }
    before = next;
    return [...next.values()];
  };
}

/** By its edges, not by a transform as xyflow would: each one makes the browser put a layer together at every frame. */
function standing({ x, y }: Place) {
  return { position: { x, y }, style: { transform: 'none', left: x, top: y } };
}

function useGraphHandle(handle: Ref<GraphHandle>, places: Places, size: NodeSize): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  useImperativeHandle(handle, () => {
    const duration = window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150;
    return {
      fit: () => void flow.fitView({ ...fitting(), duration }),
      zoom: (by) => void (by > 0 ? flow.zoomIn({ duration }) : flow.zoomOut({ duration })),
      show(id) {
        const place = places.get(id);
        if (place === undefined) return;
        const { width, height, transform } = store.getState();
        const [left, top, zoom] = transform;
        const x = place.x * zoom + left;
        const y = place.y * zoom + top;
        const inSight = x >= 0 && y >= 0 && x + size.width * zoom <= width && y + size.height * zoom <= height;
        if (!inSight) void flow.setCenter(place.x + size.width / 2, place.y + size.height / 2, { zoom, duration });
      },
    };
  }, [flow, store, places, size]);
}

function faceOf<D extends object>(Face: ComponentType<{ data: D }>) {
  return memo(function GraphNode({ data }: NodeProps<Drawn<D>>) {
    return <Face data={data.face} />;
  });
}

function sameFields(a: object, b: object): boolean {
  const before = Object.entries(a);
  const after = new Map<string, unknown>(Object.entries(b));
  return before.length === after.size && before.every(([key, value]) => Object.is(value, after.get(key)));
}
