// Which picture is shown when. Pure: one at a time for 20 s; something new pins its own for 60 s; a person can hold.
import type { PictureId } from './wall-plan.ts';

const turnMs = 20_000;
const pinMs = 60_000;

export interface Rotation {
  current: PictureId | null;
  /** Device clock at which it began. */
  since: number;
  held: boolean;
  /** Until when it stays for what happened; null: nothing did. */
  pinnedUntil: number | null;
  /** Server clock of the newest thing that was pinned or stepped past. */
  seen: number;
  /** By picture, when it may be pinned again: a storm must not keep the others from being seen. */
  rests: Readonly<Partial<Record<PictureId, number>>>;
}

/** Something happened that one of the pictures shows. */
export interface WallEvent {
  picture: PictureId;
  /** Server clock. */
  at: number;
}

export function newRotation(now: number): Rotation {
  return { current: null, since: now, held: false, pinnedUntil: null, seen: 0, rests: {} };
}

/** `ids`: the pictures that have something in them now, in order. */
export function turned(
  rotation: Rotation,
  ids: readonly PictureId[],
  events: readonly WallEvent[],
  { now, serverNow }: { now: number; serverNow: number },
): Rotation {
  const pinned = withPin(rotation, ids, events, now, serverNow);
  const { current, since, held, pinnedUntil } = pinned;
  const [first] = ids;
  if (current === null || !ids.includes(current)) {
    if (first === undefined)
      return current === null ? pinned : { ...pinned, current: null, since: now, pinnedUntil: null };
    return { ...pinned, current: first, since: now, pinnedUntil: null };
  }
  if (held) return pinned;
  if (pinnedUntil !== null) return now < pinnedUntil ? pinned : { ...after(pinned, ids, 1, now), pinnedUntil: null };
  const turns = Math.floor((now - since) / turnMs);
  // A clock that was set back begins anew.
  if (turns < 0) return { ...pinned, since: now };
  return turns === 0 ? pinned : after(pinned, ids, turns, since + turns * turnMs);
}

/** By hand: what happened until now pins no more. */
export function stepped(
  rotation: Rotation,
  ids: readonly PictureId[],
  by: number,
  { now, serverNow }: { now: number; serverNow: number },
): Rotation {
  return { ...after(rotation, ids, by, now), pinnedUntil: null, seen: serverNow };
}

export function heldOrNot(rotation: Rotation, now: number): Rotation {
  return { ...rotation, held: !rotation.held, since: now, pinnedUntil: null };
}

/** Share of this picture's time that has passed. */
export function progressOf({ since, held, pinnedUntil }: Rotation, now: number): number {
  if (held) return 1;
  const whole = pinnedUntil === null ? turnMs : pinnedUntil - since;
  return Math.max(0, Math.min(1, (now - since) / whole));
}

function withPin(
  rotation: Rotation,
  ids: readonly PictureId[],
  events: readonly WallEvent[],
  now: number,
  serverNow: number,
): Rotation {
  const { held, seen, rests } = rotation;
  if (held) return rotation;
  const due = events
    .filter(({ at, picture }) => at > seen && serverNow - at < pinMs && ids.includes(picture))
    .filter(({ picture }) => (rests[picture] ?? 0) <= now);
  const newest = due.toSorted((a, b) => b.at - a.at)[0];
  if (newest === undefined) return rotation;
  const until = now + pinMs - Math.max(0, serverNow - newest.at);
  return {
    ...rotation,
    current: newest.picture,
    since: now,
    pinnedUntil: until,
    seen: newest.at,
    rests: { ...rests, [newest.picture]: until + ids.length * turnMs },
  };
}

function after(rotation: Rotation, ids: readonly PictureId[], by: number, since: number): Rotation {
  const at = rotation.current === null ? 0 : ids.indexOf(rotation.current);
  const next = ids[(((at + by) % ids.length) + ids.length) % ids.length];
  return next === undefined ? rotation : { ...rotation, current: next, since };
}
