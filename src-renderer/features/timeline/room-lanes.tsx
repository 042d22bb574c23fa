import { useEffect, useRef } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useClock } from '../../ui/use-clock.ts';
import { drawLanes } from './draw-lanes.ts';
import { layoutOf, stripSize } from './lane-layout.ts';
import { useLaneLook } from './lane-look.ts';
import { isoDay, lanesLabel } from './lane-words.ts';
import './timeline.css';
import { noFilter } from './timeline-filter.ts';
import { useLanePicture } from './use-lane-picture.ts';
import type { Timeline } from './use-timeline.ts';

/** Known before anything is drawn, or what stands below would jump up to it. */
const { height } = layoutOf(0, stripSize);

/** The whole timeline in five thin lanes, over the list of the room: a press opens it. */
export function RoomLanes({ incident, timeline }: { incident: Incident; timeline: Timeline }) {
  const { view, picture, whole, nowMs } = useLanePicture(incident, timeline, noFilter);
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useLaneLook();
  const clock = useClock();
  useEffect(() => {
    const element = canvas.current;
    const ctx = element?.getContext('2d') ?? null;
    if (element === null || ctx === null) return undefined;
    const draw = (): void => {
      const layout = layoutOf(element.parentElement?.clientWidth ?? 0, stripSize);
      const ratio = window.devicePixelRatio;
      element.width = Math.round(layout.width * ratio);
      element.height = Math.round(layout.height * ratio);
      element.style.height = `${layout.height}px`;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawLanes(ctx, {
        picture,
        pointing: { cursorMs: nowMs, listed: null, brush: null },
        view: whole,
        layout,
        size: stripSize,
        look,
        time: clock.time,
        day: isoDay,
      });
    };
    const resized = new ResizeObserver(draw);
    if (element.parentElement !== null) resized.observe(element.parentElement);
    return () => resized.disconnect();
  }, [picture, whole, nowMs, look, clock]);
  return (
    <button
      type="button"
      className="room-lanes"
      title={t`Open the timeline`}
      aria-label={t`Open the timeline. ${lanesLabel(view)}`}
      onClick={() => navigate(paths.timeline(incident.id))}
    >
      <canvas ref={canvas} aria-hidden="true" style={{ height }} />
    </button>
  );
}
