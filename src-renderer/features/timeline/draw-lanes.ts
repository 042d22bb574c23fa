// The picture of the lanes on a canvas: the same function draws the screen, the strip in the room and the file.
import { type Lane, laneNames, lanes } from '#server/contract/timeline.ts';
import { t, term } from '../../language/words.ts';
import { eachBin, firstFrom } from './bins.ts';
import type { Gap } from './gaps.ts';
import type { ImpactSpan } from './impact.ts';
import { binPixels, type LaneLayout, type LaneSize, middleOf, msPerPixel, xOf } from './lane-layout.ts';
import type { LaneLook } from './lane-look.ts';
import { decisionMark, type LaneTimes, starredMark } from './timeline-index.ts';
import { axisTicks, type Viewport } from './viewport.ts';

export interface LanePicture {
  lanes: Record<Lane, LaneTimes>;
  impact: readonly ImpactSpan[];
  gaps: readonly Gap[];
  /** From here on nothing is known. */
  blindFromMs: number | null;
  /** The picture ends here: later is the future. */
  nowMs: number;
}

export interface Pointing {
  cursorMs: number | null;
  /** What the list shows. */
  listed: Viewport | null;
  /** What is being chosen to look at. */
  brush: Viewport | null;
  /** The mark under the pointer. */
  hover?: { lane: Lane; ms: number } | null;
}

export interface LaneFrame {
  picture: LanePicture;
  pointing: Pointing;
  view: Viewport;
  layout: LaneLayout;
  size: LaneSize;
  look: LaneLook;
  time: (ms: number, seconds?: boolean) => string;
  day: (ms: number) => string;
}

export function drawLanes(ctx: CanvasRenderingContext2D, frame: LaneFrame): void {
  const { layout, look, view } = frame;
  ctx.clearRect(0, 0, layout.width, layout.height);
  ctx.font = `400 ${frame.size.font}px ${look.font}`;
  ctx.textBaseline = 'middle';
  drawLines(ctx, frame);
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.left - 8, 0, layout.width - layout.left + 8, layout.height);
  ctx.clip();
  drawBlind(ctx, frame);
  drawImpact(ctx, frame);
  for (const gap of frame.picture.gaps) drawGap(ctx, frame, gap);
  for (const lane of lanes) if (lane !== 'impact') drawMarks(ctx, frame, lane);
  drawAxis(ctx, frame);
  const { cursorMs, brush, hover } = frame.pointing;
  if (hover !== undefined && hover !== null) {
    ctx.strokeStyle = look.text;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(xOf(layout, view, hover.ms), middleOf(layout, hover.lane), 8, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.lineWidth = 1;
  }
  if (brush !== null) {
    const [from, to] = [xOf(layout, view, brush.fromMs), xOf(layout, view, brush.toMs)];
    ctx.fillStyle = look.text;
    ctx.globalAlpha = 0.14;
    ctx.fillRect(from, 0, to - from, layout.axisTop);
    ctx.globalAlpha = 1;
    ctx.fillRect(from, 0, 1, layout.axisTop);
    ctx.fillRect(to, 0, 1, layout.axisTop);
  }
  if (cursorMs !== null) {
    const x = Math.round(xOf(layout, view, cursorMs));
    ctx.fillStyle = look.text;
    ctx.fillRect(x - 0.5, 0, 1.5, layout.axisTop + 4);
  }
  ctx.restore();
}

function drawLines(ctx: CanvasRenderingContext2D, { layout, look }: LaneFrame): void {
  ctx.textAlign = 'left';
  for (const lane of lanes) {
    const y = Math.round(middleOf(layout, lane));
    ctx.fillStyle = look.line;
    ctx.fillRect(layout.left, y, layout.right - layout.left, 1);
    ctx.fillStyle = look.muted;
    ctx.fillText(term(laneNames[lane]), 0, y + 0.5, layout.left - 8);
  }
}

function drawBlind(ctx: CanvasRenderingContext2D, { picture, layout, view, look }: LaneFrame): void {
  if (picture.blindFromMs === null || picture.blindFromMs > view.toMs) return;
  const from = Math.max(layout.left, xOf(layout, view, picture.blindFromMs));
  const to = Math.min(layout.right, xOf(layout, view, picture.nowMs));
  if (to - from < 1) return;
  ctx.fillStyle = hatch(ctx, look.unknown);
  ctx.fillRect(from, 0, to - from, layout.axisTop);
}

/** Tall while nobody has it, lower once acknowledged, thin once mitigated. */
const heights = { triggered: 0.5, acknowledged: 0.38, mitigated: 0.14 } as const;

function drawImpact(ctx: CanvasRenderingContext2D, { picture, layout, view, look, size }: LaneFrame): void {
  const y = middleOf(layout, 'impact');
  ctx.textAlign = 'left';
  for (const { fromMs, toMs, severity, status } of picture.impact) {
    if (toMs < view.fromMs || fromMs > view.toMs) continue;
    const from = Math.max(xOf(layout, view, fromMs), layout.left - 4);
    const to = Math.min(xOf(layout, view, toMs), layout.right + 4);
    const height = Math.max(3, Math.round(layout.laneHeight * heights[status]));
    ctx.fillStyle = severity === null ? hatch(ctx, look.unknown) : look.severity[severity];
    ctx.fillRect(from, y - height / 2, Math.max(to - from, 2), height);
    if (severity === null || height < size.font || to - from < 40) continue;
    ctx.fillStyle = look.ink[severity];
    ctx.font = `600 ${size.font - 1}px ${look.font}`;
    ctx.fillText(severity === 'info' ? t`Info` : `SEV${severity.slice(3)}`, Math.max(from, layout.left) + 6, y + 0.5);
    ctx.font = `400 ${size.font}px ${look.font}`;
  }
}

function drawGap(ctx: CanvasRenderingContext2D, frame: LaneFrame, { kind, fromMs, toMs }: Gap): void {
  const { layout, view, look, size } = frame;
  if (toMs < view.fromMs || fromMs > view.toMs) return;
  const from = Math.max(layout.left, xOf(layout, view, fromMs));
  const to = Math.min(layout.right, xOf(layout, view, toMs));
  if (to - from < 2) return;
  const y = middleOf(layout, kind === 'quiet' ? 'people' : 'comms');
  const half = Math.min(7, layout.laneHeight / 2 - 2);
  ctx.strokeStyle = look.faint;
  ctx.setLineDash([3, 3]);
  ctx.strokeRect(from + 0.5, Math.round(y - half) + 0.5, to - from - 1, half * 2);
  ctx.setLineDash([]);
  const minutes = Math.round((toMs - fromMs) / 60_000);
  const words = kind === 'quiet' ? t`${minutes} min silent` : t`${minutes} min late`;
  const width = ctx.measureText(words).width;
  if (size.font < 12 || width + 24 > to - from) return;
  const x = (from + to - width) / 2;
  ctx.fillStyle = look.canvas;
  ctx.fillRect(x - 5, y - 7, width + 10, 14);
  ctx.fillStyle = look.muted;
  ctx.textAlign = 'left';
  ctx.fillText(words, x, y + 0.5);
}

function drawMarks(ctx: CanvasRenderingContext2D, frame: LaneFrame, lane: Exclude<Lane, 'impact'>): void {
  const { picture, layout, view, look } = frame;
  const times = picture.lanes[lane];
  const y = middleOf(layout, lane);
  const most = layout.laneHeight / 2 - 1;
  const perPixel = msPerPixel(layout, view);
  const bars = lane === 'system' || isThick(times, frame, lane);
  const binMs = (bars ? binPixels.system : binPixels[lane]) * perPixel;
  const special: number[] = [];
  ctx.fillStyle = look.muted;
  ctx.beginPath();
  eachBin(times, view.fromMs, view.toMs, binMs, (bin, count, marks, first) => {
    // One alone stands where it happened; several in the middle of what they share.
    const ms = count === 1 ? (times.ms[first] as number) : (bin + 0.5) * binMs;
    const x = xOf(layout, view, ms);
    if (x < layout.left - 6 || x > layout.right + 6) return;
    if ((marks & (starredMark | decisionMark)) !== 0) special.push(x);
    else if (bars) bar(ctx, x, y, count, most);
    else shape(ctx, lane, x, y, count, most);
  });
  if (lane === 'changes' && !bars) {
    ctx.fillStyle = look.canvas;
    ctx.fill();
    ctx.strokeStyle = look.text;
    ctx.lineWidth = 1.5;
    ctx.stroke();
    ctx.lineWidth = 1;
  } else if (!bars) {
    ctx.fillStyle = look.faint;
    ctx.fill();
  }
  if (special.length === 0) return;
  const reach = Math.min(6, most);
  ctx.beginPath();
  for (const x of special) {
    ctx.moveTo(x, y - reach);
    ctx.lineTo(x + reach, y);
    ctx.lineTo(x, y + reach);
    ctx.lineTo(x - reach, y);
    ctx.closePath();
  }
  ctx.fillStyle = look.text;
  ctx.fill();
}

/** Where marks would melt into a band, bars say how many there were instead. */
function isThick(times: LaneTimes, { layout, view }: LaneFrame, lane: Lane): boolean {
  const inSight = firstFrom(times.ms, view.toMs) - firstFrom(times.ms, view.fromMs);
  return inSight > (layout.right - layout.left) / (binPixels[lane] * 2);
}

/** More events make a larger mark, ever more slowly. */
function bar(ctx: CanvasRenderingContext2D, x: number, y: number, count: number, most: number): void {
  const half = Math.round(Math.min(most, most * 0.3 + Math.log2(count) * most * 0.12));
  // Whole pixels: hundreds of them are drawn at every frame.
  ctx.fillRect(Math.round(x) - 1, y - half, 2, half * 2);
}

function shape(
  ctx: CanvasRenderingContext2D,
  lane: Exclude<Lane, 'impact'>,
  x: number,
  y: number,
  count: number,
  most: number,
): void {
  const radius = Math.min(most, 3 + Math.log2(count) * 0.7);
  if (lane === 'comms') {
    ctx.moveTo(x - radius, y - radius - 1);
    ctx.lineTo(x + radius + 1, y);
    ctx.lineTo(x - radius, y + radius + 1);
    ctx.closePath();
    return;
  }
  ctx.moveTo(x + radius, y);
  ctx.arc(x, y, radius, 0, Math.PI * 2);
}

function drawAxis(ctx: CanvasRenderingContext2D, { layout, view, look, size, time, day, pointing }: LaneFrame): void {
  const { stepMs, ticks } = axisTicks(view, Math.max(2, Math.floor((layout.right - layout.left) / 84)));
  const y = layout.axisTop + size.axis / 2 + 3;
  const { listed } = pointing;
  if (listed !== null) {
    const from = Math.max(layout.left, xOf(layout, view, listed.fromMs));
    const to = Math.min(layout.right, xOf(layout, view, listed.toMs));
    ctx.fillStyle = look.bar;
    if (to >= from) ctx.fillRect(from - 1, layout.axisTop + 1, Math.max(to - from, 2) + 2, 3);
  }
  ctx.textAlign = 'center';
  let shownDay = '';
  for (const ms of ticks) {
    const x = xOf(layout, view, ms);
    const today = day(ms);
    const words = stepMs >= 86_400_000 ? today : time(ms, stepMs < 60_000);
    ctx.fillStyle = look.line;
    ctx.fillRect(Math.round(x), layout.axisTop, 1, 4);
    const half = ctx.measureText(words).width / 2;
    if (x - half < layout.left - 8 || x + half > layout.width) continue;
    ctx.fillStyle = look.faint;
    // The day stands where it begins.
    const text = stepMs < 86_400_000 && shownDay !== '' && today !== shownDay ? today : words;
    ctx.fillText(text, x, y);
    shownDay = today;
  }
}

const hatches = new Map<string, CanvasPattern | string>();

function hatch(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const known = hatches.get(colour);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const drawing = tile.getContext('2d');
  if (drawing === null) return colour;
  drawing.strokeStyle = colour;
  drawing.globalAlpha = 0.55;
  drawing.lineWidth = 1;
  drawing.beginPath();
  for (const shift of [-8, 0, 8]) {
    drawing.moveTo(shift, 8);
    drawing.lineTo(shift + 8, 0);
  }
  drawing.stroke();
  const made = ctx.createPattern(tile, 'repeat') ?? colour;
  hatches.set(colour, made);
  return made;
}
