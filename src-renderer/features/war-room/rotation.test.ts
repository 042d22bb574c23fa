import { describe, expect, it } from 'vitest';
import { heldOrNot, newRotation, progressOf, type Rotation, stepped, turned, type WallEvent } from './rotation.ts';
import { type PictureId, pictureIds } from './wall-plan.ts';

const begin = Date.parse('2026-11-21T14:00:00.000Z');
/** The server's clock stands an hour off. */
const at = (seconds: number) => ({ now: begin + seconds * 1_000, serverNow: begin + 3_600_000 + seconds * 1_000 });
const event = (picture: PictureId, seconds: number): WallEvent => ({ picture, at: at(seconds).serverNow });

/** What is seen each second from one to another, shortened to changes. */
function seen(
  rotation: Rotation,
  [from, to]: [number, number],
  events: readonly WallEvent[] = [],
  ids: readonly PictureId[] = pictureIds,
): { seen: [number, PictureId | null][]; rotation: Rotation } {
  const list: [number, PictureId | null][] = [];
  let now = rotation;
  for (let second = from; second <= to; second += 1) {
    const known = events.filter((one) => one.at <= at(second).serverNow);
    now = turned(now, ids, known, at(second));
    if (list.at(-1)?.[1] !== now.current) list.push([second, now.current]);
  }
  return { seen: list, rotation: now };
}

describe('the pictures', () => {
  it('turn every 20 s, and those without anything in them are passed over', () => {
    expect(seen(newRotation(at(0).now), [0, 85]).seen).toEqual([
      [0, 'map'],
      [20, 'timeline'],
      [40, 'alerts'],
      [60, 'changes'],
      [80, 'map'],
    ]);
    expect(seen(newRotation(at(0).now), [0, 45], [], ['timeline', 'changes']).seen).toEqual([
      [0, 'timeline'],
      [20, 'changes'],
      [40, 'timeline'],
    ]);
    expect(seen(newRotation(at(0).now), [0, 5], [], []).seen).toEqual([[0, null]]);
  });

  it('are pinned for 60 s each by what is new in them, then turn on', () => {
    expect(seen(newRotation(at(0).now), [0, 95], [event('alerts', 5)]).seen).toEqual([
      [0, 'map'],
      [5, 'alerts'],
      [65, 'changes'],
      [85, 'map'],
    ]);
  });

  it('yield to something newer elsewhere at once, but a storm in one does not keep the others away', () => {
    const storm = Array.from({ length: 300 }, (_, i) => event('alerts', 2 + i));
    const calm = seen(newRotation(at(0).now), [0, 300], [...storm, event('timeline', 30)]).seen;
    expect(calm.slice(0, 3)).toEqual([
      [0, 'map'],
      [2, 'alerts'],
      [30, 'timeline'],
    ]);
    const shown = calm.map(([, picture]) => picture);
    for (const picture of pictureIds) expect(shown.filter((one) => one === picture).length).toBeGreaterThan(1);
  });

  it('are not pinned by what was there before, long ago, or in no picture', () => {
    expect(seen(newRotation(at(0).now), [0, 10], [event('alerts', -61)]).seen).toEqual([[0, 'map']]);
    expect(seen(newRotation(at(0).now), [0, 10], [event('alerts', 3)], ['map', 'timeline']).seen).toEqual([[0, 'map']]);
  });

  it('stay while held, whatever happens, and go on from there', () => {
    const held = heldOrNot(seen(newRotation(at(0).now), [0, 25]).rotation, at(25).now);
    const later = seen(held, [26, 200], [event('alerts', 50)]);
    expect(later.seen).toEqual([[26, 'timeline']]);
    expect(progressOf(later.rotation, at(200).now)).toBe(1);
    const free = heldOrNot(later.rotation, at(200).now);
    expect(seen(free, [201, 221]).seen).toEqual([
      [201, 'timeline'],
      [220, 'alerts'],
    ]);
  });

  it('step both ways, out of a pin as well', () => {
    const pinned = seen(newRotation(at(0).now), [0, 10], [event('alerts', 5)]).rotation;
    const on = stepped(pinned, pictureIds, 1, at(10));
    expect(on.current).toBe('changes');
    expect(seen(on, [11, 20], [event('alerts', 5)]).seen).toEqual([[11, 'changes']]);
    expect(stepped(on, pictureIds, 1, at(10)).current).toBe('map');
    expect(stepped(newRotation(at(0).now), pictureIds, -1, at(0)).current).toBe('changes');
    expect(progressOf(on, at(20).now)).toBe(0.5);
  });
});
