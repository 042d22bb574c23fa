import { memo, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import type { Aim, Dots } from '../../ui/chart/dots.ts';
import type { Drawing } from '../../ui/chart/engine.ts';
import { loadEngine } from '../../ui/chart/load-engine.ts';
import { useChartLook } from '../../ui/chart/use-chart-look.ts';
import type { GraphHandle } from '../../ui/graph/graph-canvas.tsx';
import { usePaced } from '../../ui/use-paced.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { dotGroups, overviewOption, overviewSizes, overviewWords, serviceAt, wordsOf } from './overview-option.ts';
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
  const [drawing, setDrawing] = useState<(Drawing & { at: Dots }) | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const zoom = useRef(1);
  const [pointed, setPointed] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const spread = useMemo(() => overviewPlaces(graph, teamName), [graph, teamName]);
  const paced = usePaced(health, graph, redrawMs);
  const words = useMemo(() => overviewWords(graph, paced, spread.patches), [graph, paced, spread]);
  const groups = useMemo(() => dotGroups(graph, paced, search), [graph, paced, search]);
  const pressed = useRef<string | null>(null);
  const press = useSteady((aim: Aim, twice: boolean) => {
    // What was pressed first: its pane may have moved the picture under the pointer.
    if (twice) {
      if (pressed.current !== null) onOpen(pressed.current);
      return;
    }
    pressed.current = serviceAt(spread.places, aim);
    onPress(pressed.current);
  });
  const sizes = useSteady((now: number) => overviewSizes(groups, now));
  const point = useSteady((aim: Aim | null) => setPointed(aim === null ? null : serviceAt(spread.places, aim)));

  useEffect(() => {
    let opened: Drawing | null = null;
    let gone = false;
    loadEngine().then(
      (openDrawing) => {
        if (gone || host.current === null) return;
        const drawn = openDrawing(host.current);
        opened = drawn;
        const at = drawn.dots();
        at.onPress(press);
        at.onPoint(point);
        at.onZoom((now) => {
          zoom.current = now;
          drawn.resize(sizes(now));
        });
        setDrawing({ ...drawn, at });
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      opened?.close();
    };
  }, [press, point, sizes]);

  useEffect(() => {
    const element = host.current;
    if (drawing === null || element === null) return undefined;
    const measure = (): void => {
      drawing.fit();
      setSize({ width: element.clientWidth, height: element.clientHeight });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [drawing]);

  useEffect(() => {
    if (size.width === 0) return;
    drawing?.redraw({
      animation: false,
      textStyle: { fontFamily: look.font, fontSize: 12, color: look.muted },
      ...overviewOption(
        { graph, health: paced, ...spread, groups, calm: search.trim() === '', zoom: zoom.current, ...size },
        look,
      ),
    });
  }, [drawing, graph, paced, spread, groups, search, look, size]);

  // A ring around what is under the pointer, or else around the cursor, and its name.
  useEffect(() => {
    const id = pointed ?? cursor;
    const at = id === null ? undefined : spread.places.get(id);
    const ring = { radius: 8, colour: look.text };
    drawing?.at.mark(at === undefined ? null : { ...at, ...ring, words: wordsOf(graph, paced, id) });
  }, [drawing, pointed, cursor, graph, paced, spread, search, look, size]);

  useImperativeHandle(
    handle,
    () => ({
      fit: () => drawing?.at.lookAt('all'),
      zoom: (by) => drawing?.at.lookAt({ by: by > 0 ? 1.4 : 1 / 1.4 }),
      show: (id) => {
        const place = spread.places.get(id);
        if (place !== undefined) drawing?.at.lookAt(place);
      },
    }),
    [drawing, spread],
  );

  return (
    <>
      <div ref={host} className="map-overview" role="img" aria-label={words} />
      {failed ? (
        <p className="map-working muted">
          {t`The picture could not be drawn, because its program was not fetched. The table has the same services.`}
        </p>
      ) : null}
    </>
  );
});
