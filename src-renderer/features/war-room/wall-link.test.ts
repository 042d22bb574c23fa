import { describe, expect, it } from 'vitest';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { createWallLink, type Lead, type WallChannel, type WallLink, type WallState } from './wall-link.ts';

/** Windows that hear each other a millisecond later. */
function windows() {
  const timers = createFakeTimers(1_000_000);
  const ends = new Map<string, (message: unknown) => void>();
  return {
    timers,
    open(id: string): { link: WallLink; close: () => void; kill: () => void } {
      let alive = true;
      const channel: WallChannel = {
        post(message) {
          if (!alive) return;
          for (const [other, hear] of ends) if (other !== id) timers.after(1, () => hear(message));
        },
        listen: (listener) => ends.set(id, (message) => (alive ? listener(message) : undefined)),
        close: () => ends.delete(id),
      };
      const link = createWallLink({
        open: () => channel,
        now: timers.now,
        after: (ms, callback) => timers.after(ms, () => (alive ? callback() : undefined)),
      });
      return {
        link,
        close: link.start(),
        kill() {
          alive = false;
        },
      };
    },
    /** As another version would. */
    shout: (message: unknown) => {
      for (const hear of ends.values()) hear(message);
    },
  };
}

const wall = (id: string, change: Partial<WallState> = {}): WallState => ({
  kind: 'wall',
  id,
  role: 'facts',
  width: 1_920,
  height: 1_080,
  picture: null,
  pictures: [],
  held: false,
  strips: [],
  names: false,
  ...change,
});
const lead = (id: string, since: number, change: Partial<Lead> = {}): Lead => ({
  kind: 'lead',
  id,
  since,
  picture: null,
  held: false,
  focus: null,
  names: null,
  ...change,
});
const ids = ({ store }: WallLink): string[] => store.getState().walls.map(({ id }) => id);

describe('walls', () => {
  it('know of each other at once, and of one that closed as well', async () => {
    const { timers, open } = windows();
    const a = open('a').link;
    const { link: b, close } = open('b');
    a.speak(wall('a'));
    b.speak(wall('b', { role: 'map' }));
    await timers.advance(10);
    expect(ids(a)).toEqual(['a', 'b']);
    expect(ids(b)).toEqual(['a', 'b']);
    close();
    await timers.advance(10);
    expect(ids(a)).toEqual(['a']);
  });

  it('are missed within 2 s when they fall silent, and never miss themselves', async () => {
    const { timers, open } = windows();
    const a = open('a');
    const b = open('b');
    a.link.speak(wall('a'));
    b.link.speak(wall('b'));
    await timers.advance(60_000);
    expect(ids(a.link)).toEqual(['a', 'b']);
    b.kill();
    await timers.advance(2_000);
    expect(ids(a.link)).toEqual(['a']);
    await timers.advance(3_600_000);
    expect(ids(a.link)).toEqual(['a']);
  });

  it('redraw nothing while nobody says anything new', async () => {
    const { timers, open } = windows();
    const { link } = open('a');
    open('b').link.speak(wall('b'));
    await timers.advance(1_000);
    let redraws = 0;
    link.store.subscribe(() => (redraws += 1));
    await timers.advance(60_000);
    expect(redraws).toBe(0);
  });

  it('do not listen to what they do not understand', () => {
    const { open, shout } = windows();
    const { link } = open('a');
    for (const message of [null, 'x', { kind: 'wall', id: 'q' }, { kind: 'lead', id: 'q', picture: 'cat' }])
      shout(message);
    expect(link.store.getState()).toEqual({ walls: [], lead: null });
  });
});

describe('a presenter', () => {
  it('leads every wall until it closes', async () => {
    const { timers, open } = windows();
    const a = open('a').link;
    const { link: presenter, close } = open('p');
    a.speak(wall('a'));
    presenter.speak(lead('p', 1, { picture: 'map', held: true }));
    await timers.advance(10);
    expect(a.store.getState().lead).toMatchObject({ id: 'p', picture: 'map', held: true });
    close();
    await timers.advance(10);
    expect(a.store.getState().lead).toBe(null);
  });

  it('that died lets go of the walls after 5 s', async () => {
    const { timers, open } = windows();
    const a = open('a').link;
    const presenter = open('p');
    presenter.link.speak(lead('p', 1, { focus: 'i' }));
    await timers.advance(60_000);
    expect(a.store.getState().lead?.focus).toBe('i');
    presenter.kill();
    await timers.advance(4_000);
    expect(a.store.getState().lead).not.toBe(null);
    await timers.advance(2_000);
    expect(a.store.getState().lead).toBe(null);
  });

  it('that came later takes over, on all walls and in the eyes of the first', async () => {
    const { timers, open } = windows();
    const [a, first, second] = [open('a').link, open('p').link, open('q').link];
    first.speak(lead('p', 1, { picture: 'map' }));
    await timers.advance(1_000);
    second.speak(lead('q', 2, { picture: 'alerts' }));
    await timers.advance(2_000);
    for (const link of [a, first, second]) expect(link.store.getState().lead?.id).toBe('q');
  });
});
