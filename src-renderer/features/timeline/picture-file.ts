// The lanes as a picture that says by itself what it shows: title, stretch of time, legend.
import type { Incident } from '#server/contract/incident.ts';
import { t, term } from '../../language/words.ts';
import type { ClockText } from '../../ui/use-clock.ts';
import { codeOf } from '../incidents/incident-facts.ts';
import { drawLanes, type LanePicture } from './draw-lanes.ts';
import { fullSize, layoutOf } from './lane-layout.ts';
import type { LaneLook } from './lane-look.ts';
import { isoDay } from './lane-words.ts';
import type { Viewport } from './viewport.ts';

interface PictureFile {
  incident: Incident;
  picture: LanePicture;
  view: Viewport;
  look: LaneLook;
  clock: ClockText;
}

const width = 1_280;
const ratio = 2;
const margin = 24;
const head = 60;
const foot = 44;

export const legend = t`Bar: severity, tall until acknowledged, thin once mitigated.  Diamond: starred, or a decision.  Dashed: nobody wrote, or an update was late.  Hatched: not known.`;

/** Null where the browser makes no picture. */
export function pictureFile({ incident, picture, view, look, clock }: PictureFile): Promise<Blob | null> {
  const layout = layoutOf(width - 2 * margin, fullSize);
  const canvas = document.createElement('canvas');
  canvas.width = width * ratio;
  canvas.height = (head + layout.height + foot) * ratio;
  const ctx = canvas.getContext('2d');
  if (ctx === null) return Promise.resolve(null);
  ctx.setTransform(ratio, 0, 0, ratio, margin * ratio, head * ratio);
  drawLanes(ctx, {
    picture,
    pointing: { cursorMs: null, listed: null, brush: null },
    view,
    layout,
    size: fullSize,
    look,
    time: clock.time,
    day: isoDay,
  });
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = look.text;
  ctx.font = `600 16px ${look.font}`;
  ctx.fillText(`${codeOf(incident)}  ${incident.title}`, margin, 26, width - 2 * margin);
  ctx.font = `400 12px ${look.font}`;
  ctx.fillStyle = look.muted;
  ctx.fillText(rangeWords(incident, view, clock), margin, 46);
  ctx.fillText(legend, margin, head + layout.height + 24, width - 2 * margin);
  // Behind what is drawn: without a ground the picture would be unreadable on another colour.
  ctx.globalCompositeOperation = 'destination-over';
  ctx.fillStyle = look.canvas;
  ctx.fillRect(0, 0, width, canvas.height / ratio);
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

export function rangeWords(incident: Incident, { fromMs, toMs }: Viewport, clock: ClockText): string {
  const [from, to] = [`${isoDay(fromMs)} ${clock.time(fromMs, true)}`, `${isoDay(toMs)} ${clock.time(toMs, true)}`];
  return t`${from} to ${to} ${clock.zone}, ${term(incident.status)}`;
}
