import { memo, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { Drawing } from '../../ui/chart/engine.ts';
import { loadEngine } from '../../ui/chart/load-engine.ts';
import { useChartLook } from '../../ui/chart/use-chart-look.ts';
import type { GraphHandle } from '../../ui/graph/graph-canvas.tsx';
import { usePaced } from '../../ui/use-paced.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { overviewOption, overviewWords } from './overview-option.ts';
import { overviewPlaces } from './overview-places.ts';
import type { MapFacts } from './use-map.ts';

interface OverviewProps {
  facts: MapFacts;
  cursor: string | null;
  search: string;
  handle: Ref<GraphHandle>;
  onPress: (id: string | null) => void;
  onOpen: (id: string) => void;
}

/** A stream of alerts never draws it more often than this (UX.md 9). */
const redrawMs = 250;

/** Every service of a large catalog at once, on a canvas: where it hurts, and the way there. */
export const Overview = memo(function Overview({ facts, cursor, search, handle, onPress, onOpen }: OverviewProps) {
  const { graph, health, teamName } = facts;
  const look = useChartLook();
  const host = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [failed, setFailed] = useState(false);
  const press = useSteady(onPress);
  const open = useSteady(onOpen);
  const spread = useMemo(() => overviewPlaces(graph, teamName), [graph, teamName]);
  const paced = usePaced(health, graph, redrawMs);
  const words = useMemo(() => overviewWords(graph, paced, spread.patches), [graph, paced, spread]);

  useEffect(() => {
    let opened: Drawing | null = null;
    let gone = false;
    loadEngine().then(
      (openDrawing) => {
        if (gone || host.current === null) return;
        opened = openDrawing(host.current);
        opened.onPress((id, twice) => {
          if (twice && id !== null) open(id);
          else press(id);
        });
        setDrawing(opened);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      opened?.close();
    };
  }, [press, open]);

  useEffect(() => {
    if (drawing === null || host.current === null) return undefined;
    const observer = new ResizeObserver(() => drawing.fit());
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [drawing]);

  useEffect(() => {
    drawing?.redraw({
      animation: false,
      textStyle: { fontFamily: look.font, fontSize: 12, color: look.muted },
      ...overviewOption({ graph, health: paced, ...spread, search }, look),
    });
  }, [drawing, graph, paced, spread, search, look]);

  useEffect(() => {
    drawing?.mark(cursor === null ? null : (graph.nodes.get(cursor)?.name ?? null));
  }, [drawing, cursor, graph, paced, spread, search, look]);

  useImperativeHandle(
    handle,
    () => ({
      fit: () => drawing?.lookAt({ zoom: 1 }),
      zoom: (by) => drawing?.lookAt({ by: by > 0 ? 1.4 : 1 / 1.4 }),
      // Everything is in sight, or where the person went.
      show: () => undefined,
    }),
    [drawing],
  );

  return (
    <>
      <div ref={host} className="map-overview" role="img" aria-label={words} />
      {failed ? (
        <p className="map-working muted">
          The picture could not be drawn, because its program was not fetched. The table has the same services.
        </p>
      ) : null}
    </>
  );
});
