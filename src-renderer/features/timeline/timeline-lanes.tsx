import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import type { Lane } from '#server/contract/timeline.ts';
import { drawLanes, type LanePicture } from './draw-lanes.ts';
import { firstFrom } from './bins.ts';
import { fullSize, laneAt, type LaneLayout, layoutOf, middleOf, msOf, msPerPixel, xOf } from './lane-layout.ts';
import { type LaneLook, useLaneLook } from './lane-look.ts';
import type { Stage } from './stage.ts';
import { between, panned, type Viewport, zoomed } from './viewport.ts';
import { type ClockText, useClock } from '../../ui/use-clock.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { isoDay } from './lane-words.ts';

export interface LanesHandle {
  /** Multiplies the stretch of time shown, around the cursor where it is in sight. */
  zoom: (by: number) => void;
  /** By shares of what is shown. */
  pan: (share: number) => void;
}

interface LanesProps {
  stage: Stage;
  picture: LanePicture;
  cursorMs: number | null;
  /** The other end of what `b` chooses. */
  markMs: number | null;
  /** What the picture shows, in words. */
  label: string;
  onPick: (lane: Lane, place: number) => void;
  /** What a mark stands for, shown while the pointer is over it. */
  wordsOf: (place: number) => string;
  handle: RefObject<LanesHandle | null>;
}

/** A press that moves less is a click. */
const clickPixels = 4;
/** A click this far from a mark still means it. */
const nearPixels = 10;

export function TimelineLanes({ stage, picture, cursorMs, markMs, label, onPick, wordsOf, handle }: LanesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const look = useLaneLook();
  const clock = useClock();
  const drawn = useRef<Drawn>({ picture, cursorMs, markMs, look, clock, brush: null, hover: null, wordsOf });
  const redraw = useRef<() => void>(() => undefined);

  useLayoutEffect(() => {
    drawn.current = { ...drawn.current, picture, cursorMs, markMs, look, clock, wordsOf };
    redraw.current();
  }, [picture, cursorMs, markMs, look, clock, wordsOf]);

  const pick = useSteady(onPick);
  useEffect(() => {
    const [element, parent, told] = [canvas.current, box.current, tip.current];
    if (element === null || parent === null || told === null) return undefined;
    return play({ element, parent, told, stage, drawn, redraw, pick });
  }, [stage, pick]);

  useImperativeHandle(
    handle,
    () => ({
      zoom(by) {
        const { fromMs, toMs } = stage.view();
        const cursor = drawn.current.cursorMs;
        const around = cursor !== null && cursor >= fromMs && cursor <= toMs ? cursor : (fromMs + toMs) / 2;
        stage.set(zoomed(stage.view(), by, around, stage.whole()), 'lanes');
      },
      pan(share) {
        const { fromMs, toMs } = stage.view();
        stage.set(panned(stage.view(), (toMs - fromMs) * share, stage.whole()), 'lanes');
      },
    }),
    [stage],
  );
  return (
    <div className="lanes" ref={box}>
      <canvas ref={canvas} role="img" aria-label={label} />
      {/* For the eye alone: the list below holds each event. */}
      <div ref={tip} className="tooltip lanes-tip" aria-hidden="true" hidden />
    </div>
  );
}

interface Drawn {
  picture: LanePicture;
  cursorMs: number | null;
  markMs: number | null;
  look: LaneLook;
  clock: ClockText;
  brush: Viewport | null;
  hover: { lane: Lane; ms: number } | null;
  wordsOf: (place: number) => string;
}

interface Parts {
  element: HTMLCanvasElement;
  parent: HTMLElement;
  told: HTMLElement;
  stage: Stage;
  drawn: RefObject<Drawn>;
  redraw: RefObject<() => void>;
  pick: (lane: Lane, place: number) => void;
}

/** Everything that happens between renders: at most one drawing a frame, whatever moved. */
function play({ element, parent, told, stage, drawn, redraw, pick }: Parts): () => void {
  const ctx = element.getContext('2d');
  if (ctx === null) return () => undefined;
  let layout: LaneLayout = layoutOf(parent.clientWidth, fullSize);
  let asked = 0;

  const draw = (): void => {
    asked = 0;
    const { picture, cursorMs, markMs, look, clock, brush, hover } = drawn.current;
    const chosen = brush ?? (markMs === null || cursorMs === null ? null : between(markMs, cursorMs, stage.whole()));
    drawLanes(ctx, {
      picture,
      pointing: { cursorMs, listed: stage.listed(), brush: chosen, hover },
      view: stage.view(),
      layout,
      size: fullSize,
      look,
      time: clock.time,
      day: isoDay,
    });
  };
  redraw.current = (): void => {
    if (asked === 0) asked = requestAnimationFrame(draw);
  };
  const measure = (): void => {
    layout = layoutOf(parent.clientWidth, fullSize);
    const ratio = window.devicePixelRatio;
    element.width = Math.round(layout.width * ratio);
    element.height = Math.round(layout.height * ratio);
    element.style.height = `${layout.height}px`;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw();
  };
  const resized = new ResizeObserver(measure);
  resized.observe(parent);
  measure();
  const stops = [
    stage.subscribe(() => redraw.current()),
    listenToPointer({ element, told, stage, drawn, redraw, layout: () => layout, pick }),
  ];
  return () => {
    resized.disconnect();
    if (asked !== 0) cancelAnimationFrame(asked);
    for (const stop of stops) stop();
  };
}

function listenToPointer({
  element,
  told,
  stage,
  drawn,
  redraw,
  layout,
  pick,
}: Omit<Parts, 'parent'> & { layout: () => LaneLayout }): () => void {
  let pressed: { x: number; view: Viewport; brushing: boolean; moved: boolean } | null = null;

  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const view = stage.view();
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.shiftKey ? event.deltaY : 0;
    if (sideways !== 0) stage.set(panned(view, sideways * msPerPixel(layout(), view), stage.whole()), 'lanes');
    else {
      const around = msOf(layout(), view, event.offsetX);
      stage.set(zoomed(view, Math.exp(event.deltaY * 0.0016), around, stage.whole()), 'lanes');
    }
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    hover(null);
    pressed = { x: event.offsetX, view: stage.view(), brushing: event.shiftKey, moved: false };
  };
  const move = (event: PointerEvent): void => {
    if (pressed === null) {
      hover(markAt(event));
      return;
    }
    const by = event.offsetX - pressed.x;
    if (!pressed.moved && Math.abs(by) < clickPixels) return;
    pressed.moved = true;
    if (pressed.brushing) {
      const view = stage.view();
      const at = (x: number): number => msOf(layout(), view, x);
      drawn.current.brush = between(at(pressed.x), at(event.offsetX), stage.whole());
      redraw.current();
    } else {
      stage.set(panned(pressed.view, -by * msPerPixel(layout(), pressed.view), stage.whole()), 'lanes');
    }
  };
  const up = (event: PointerEvent): void => {
    const was = pressed;
    pressed = null;
    if (was === null) return;
    const { brush } = drawn.current;
    drawn.current.brush = null;
    if (brush !== null) {
      redraw.current();
      stage.set(brush, 'lanes');
    } else if (!was.moved) click(event);
  };
  const markAt = (event: PointerEvent): { lane: Lane; ms: number; place: number } | null => {
    const lane = laneAt(layout(), event.offsetY);
    if (lane === null) return null;
    const view = stage.view();
    const { ms, place } = drawn.current.picture.lanes[lane];
    const at = msOf(layout(), view, event.offsetX);
    const after = firstFrom(ms, at);
    const near = [after - 1, after]
      .filter((i) => i >= 0 && i < ms.length)
      .toSorted((a, b) => Math.abs((ms[a] as number) - at) - Math.abs((ms[b] as number) - at))[0];
    if (near === undefined || Math.abs((ms[near] as number) - at) > nearPixels * msPerPixel(layout(), view))
      return null;
    return { lane, ms: ms[near] as number, place: place[near] as number };
  };
  const click = (event: PointerEvent): void => {
    const mark = markAt(event);
    if (mark !== null) pick(mark.lane, mark.place);
  };
  const hover = (mark: ReturnType<typeof markAt>): void => {
    const before = drawn.current.hover;
    if (mark === null && before === null) return;
    if (mark !== null && before?.lane === mark.lane && before.ms === mark.ms) return;
    drawn.current.hover = mark;
    element.style.cursor = mark === null ? '' : 'pointer';
    told.hidden = mark === null;
    if (mark !== null) {
      const { time } = drawn.current.clock;
      told.textContent = `${time(mark.ms, true)}  ${drawn.current.wordsOf(mark.place)}`;
      const x = xOf(layout(), stage.view(), mark.ms);
      // To the left of it in the right half, so that it stays inside.
      const right = x > layout().width / 2;
      told.style.left = right ? '' : `${x + 12}px`;
      told.style.right = right ? `${layout().width - x + 12}px` : '';
      told.style.top = `${middleOf(layout(), mark.lane) - 12}px`;
    }
    redraw.current();
  };
  const leave = (): void => hover(null);
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  return () => {
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
  };
}
