import { type CSSProperties, lazy, memo, type RefObject, Suspense, useCallback, useRef } from 'react';
import { numberText, t } from '../../language/words.ts';
import type { GraphCanvasProps, GraphHandle } from '../../ui/graph/graph-canvas.tsx';
import { loadCanvas } from '../../ui/graph/load-graph.ts';
import type { MarkKind } from '../../ui/mark.tsx';
import { MapControls, MapLegend } from './map-head.tsx';
import { MapNode, type NodeLook } from './map-node.tsx';
import type { Scene } from './scene.ts';
import { nodeSize, type Placed } from './use-places.ts';

// Asked for while the places are found: whoever waits for the map waits for both.
const loading = loadCanvas();
loading.catch(() => undefined);

const Canvas = lazy(async () => {
  const { GraphCanvas } = await loading;
  return { default: memo((props: GraphCanvasProps<NodeLook>) => <GraphCanvas {...props} />) };
});

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
        <Suspense fallback={<p className="map-working muted">{t`Fetching the picture…`}</p>}>
          <Canvas
            {...drawn}
            scene={placed.key}
            places={placed.places}
            size={nodeSize}
            within={within}
            Face={MapNode}
            handle={graphRef}
          />
        </Suspense>
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
