import {
  type ComponentType,
  type CSSProperties,
  memo,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { numberText, t } from '../../language/words.ts';
import type { GraphCanvasProps, GraphHandle } from '../../ui/graph/graph-canvas.tsx';
import { fetchedOnce, loadCanvas } from '../../ui/graph/load-graph.ts';
import type { MarkKind } from '../../ui/mark.tsx';
import { MapControls, MapLegend } from './map-head.tsx';
import { MapNode, type NodeLook } from './map-node.tsx';
import type { Scene } from './scene.ts';
import { nodeSize, type Placed } from './use-places.ts';

type CanvasProps = GraphCanvasProps<NodeLook>;

let fetched: ComponentType<CanvasProps> | null = null;
const loadPicture = fetchedOnce(async () => {
  const { GraphCanvas } = await loadCanvas();
  fetched = memo((props: CanvasProps) => <GraphCanvas {...props} />);
  return fetched;
});
// Asked for while the places are found: whoever waits for the map waits for both.
loadPicture().catch(() => undefined);

/** Waits without a Suspense: its fallback, once shown, stays for 300 ms. */
function Canvas(props: CanvasProps) {
  const [Shown, setShown] = useState(() => fetched);
  const [failure, setFailure] = useState<{ error: unknown } | null>(null);
  useEffect(() => {
    let gone = false;
    loadPicture().then(
      (component) => (gone ? undefined : setShown(() => component)),
      (error: unknown) => (gone ? undefined : setFailure({ error })),
    );
    return () => {
      gone = true;
    };
  }, []);
  if (failure !== null) throw failure.error;
  if (Shown === null) return <p className="map-working muted">{t`Fetching the picture…`}</p>;
  return <Shown {...props} />;
}

interface PictureProps extends Omit<
  GraphCanvasProps<NodeLook>,
  'scene' | 'places' | 'size' | 'within' | 'Face' | 'handle'
> {
  scene: Scene;
  placed: Placed | null;
  fresh: boolean;
  /** The worst of the service in the middle of the region. */
  centre: MarkKind | undefined;
  graphRef: RefObject<GraphHandle | null>;
}

/** The graph with its legend, or what it waits for. */
export function MapPicture({ scene, placed, fresh, centre, graphRef, ...drawn }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const within = useCallback(() => box.current, []);
  return (
    <div
      ref={box}
      className={fresh ? 'map-picture' : 'map-picture old'}
      role="group"
      tabIndex={0}
      aria-label={t`Map of ${scene.nodes.length} nodes. The table says the same.`}
      style={{ '--region': regionColour(centre) } as CSSProperties}
    >
      {placed === null ? (
        <p className="map-working muted">{t`Laying out ${numberText(scene.nodes.length)} nodes…`}</p>
      ) : (
        <Canvas
          {...drawn}
          scene={placed.key}
          places={placed.places}
          size={nodeSize}
          within={within}
          Face={MapNode}
          handle={graphRef}
        />
      )}
      <MapLegend scene={scene} plain={placed?.plain ?? null} />
      <MapControls graph={graphRef} />
    </div>
  );
}

/** Colour means severity: the radius of a service that nothing is known against has none. */
function regionColour(mark: MarkKind | undefined): string {
  return mark === 'sev1' || mark === 'sev2' || mark === 'sev3' ? `var(--${mark})` : 'var(--unknown)';
}
