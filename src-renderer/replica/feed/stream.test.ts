import { describe, expect, it } from 'vitest';
import type { FeedMessage } from '#server/contract/replica.ts';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { sampleAlert } from '../../testkit/sample-rows.ts';
import { type Connection, freshness } from './freshness.ts';
import { createStream, type FeedTransport } from './stream.ts';

const serverNow = '2026-11-21T14:00:00.000Z';

function message(previous: string, position: string, change: Partial<FeedMessage> = {}): FeedMessage {
  return { previous, position, serverNow, changes: [], reset: null, ...change };
}

interface Options {
  snapshot?: () => Promise<unknown>;
  random?: () => number;
  opens?: (heardAt: number | null | undefined) => void;
}

function setUp(options: Options = {}) {
  const timers = createFakeTimers(1_000_000);
  const opened: { position: string; send: (message: unknown) => void; fail: () => void; closed: boolean }[] = [];
  const seen = {
    snapshots: 0,
    changes: [] as string[],
    forgotten: [] as string[],
    connection: null as Connection | null,
  };
  const transport: FeedTransport = {
    snapshotPage: options.snapshot ?? (async () => ({ position: '5.0', serverNow, changes: [], next: null })),
    open(position, handlers, heardAt) {
      options.opens?.(heardAt);
      const one = { position, send: handlers.message, fail: () => handlers.failed(new Error('cut')), closed: false };
      opened.push(one);
      return () => {
        one.closed = true;
      };
    },
  };
  const stream = createStream({
    transport,
    now: timers.now,
    after: timers.after,
    random: options.random ?? (() => 0.5),
    onSnapshot: () => {
      seen.snapshots += 1;
    },
    onChanges: (changes, position) => seen.changes.push(`${position}:${changes.length}`),
    onConnection: (connection) => {
      seen.connection = connection;
    },
    onForget: (why) => seen.forgotten.push(why),
  });
  const last = () =>
    opened[opened.length - 1] ?? { position: 'none', send: () => undefined, fail: () => undefined, closed: true };
  return { timers, stream, seen, opened, last };
}

describe('the stream', () => {
  it('goes on from the stored place without a snapshot', async () => {
    const { stream, seen, last, timers } = setUp();
    stream.start('7.3');
    await timers.advance(1);
    expect(last().position).toBe('7.3');
    last().send(message('7.3', '7.4'));
    expect(seen.changes).toEqual(['7.4:0']);
    expect(seen.snapshots).toBe(0);
  });

  it('takes a snapshot first when nothing is stored, and streams on from the place of its first page', async () => {
    const pages = [
      { position: '5.0', serverNow, changes: [], next: 'a' },
      { position: '6.0', serverNow, changes: [], next: null },
    ];
    const { stream, seen, last, timers } = setUp({ snapshot: async () => pages.shift() });
    stream.start(null);
    await timers.advance(1);
    expect(seen.snapshots).toBe(1);
    expect(last().position).toBe('5.0');
  });

  it('takes a snapshot when a message names another predecessor than the last one received', async () => {
    const { stream, seen, last, timers } = setUp();
    stream.start('7.3');
    await timers.advance(1);
    last().send(message('7.3', '7.4'));
    last().send(
      message('7.9', '8.0', {
        changes: [
          { op: 'delete', entity: 'alert', id: sampleAlert('00000000-0000-7000-8000-000000000001').id, version: 2 },
        ],
      }),
    );
    expect(seen.changes).toEqual(['7.4:0']);
    expect(seen.forgotten).toEqual(['a message was lost on the way']);
    await timers.advance(1);
    expect(seen.snapshots).toBe(1);
    expect(last().position).toBe('5.0');
  });

  it('starts over when the server says so', async () => {
    const { stream, seen, last, timers } = setUp();
    stream.start('7.3');
    await timers.advance(1);
    last().send(message('7.3', '7.4', { reset: 'audience-changed' }));
    await timers.advance(1);
    expect(seen.snapshots).toBe(1);
  });

  it('does not hammer a server that resets again and again', async () => {
    const { stream, seen, last, timers } = setUp();
    stream.start('7.3');
    for (let i = 0; i < 100; i += 1) {
      await timers.advance(100);
      last().send(message(last().position, '9.9', { reset: 'too-far-behind' }));
    }
    expect(seen.snapshots).toBeLessThan(12);
  });

  it('reconnects after five seconds of silence', async () => {
    const { stream, opened, last, timers } = setUp();
    stream.start('7.3');
    await timers.advance(1);
    last().send(message('7.3', '7.3'));
    await timers.advance(4_900);
    expect(opened).toHaveLength(1);
    await timers.advance(700);
    expect(opened).toHaveLength(2);
    expect(opened[0]?.closed).toBe(true);
  });

  it('shows a silent server as lagging, then stale, however often it connects anew', async () => {
    const { stream, seen, opened, last, timers } = setUp();
    const state = () => seen.connection && freshness(seen.connection, timers.now()).state;
    stream.start('7.3');
    await timers.advance(1);
    last().send(message('7.3', '7.3'));
    await timers.advance(4_000);
    expect(state()).toBe('live');
    await timers.advance(6_000);
    expect(state()).toBe('lagging');
    // What is done now waits: sent into the silence it would hang.
    expect(seen.connection?.reachable).toBe(false);
    await timers.advance(19_000);
    expect(state()).toBe('lagging');
    await timers.advance(60_000);
    expect(state()).toBe('stale');
    expect(opened.length).toBeGreaterThan(3);
    while (last().closed) await timers.advance(100);
    last().send(message('7.3', '7.3'));
    expect(state()).toBe('live');
  });

  it('counts the age of a message from when it was sent: one that lay in a buffer on the way is no younger for it', async () => {
    const { stream, seen, opened, last, timers } = setUp({ random: () => 0.5 });
    const state = () => seen.connection && freshness(seen.connection, timers.now()).state;
    const sentAt = (ms: number): string => new Date(Date.parse(serverNow) + ms).toISOString();
    stream.start('7.3');
    await timers.advance(1);
    const beganAt = timers.now();
    last().send(message('7.3', '7.3', { serverNow: sentAt(0) }));
    // Every four seconds one comes that was sent two seconds after the last: the line falls behind.
    for (let n = 1; n <= 15 && opened.length === 1; n += 1) {
      await timers.advance(4_000);
      last().send(message('7.3', '7.3', { serverNow: sentAt(2_000 * n) }));
      if (opened.length > 1) break;
      const behindMs = 2_000 * n;
      expect(seen.connection?.heardAt).toBe(beganAt + 2_000 * n);
      expect(state()).toBe(behindMs <= 5_000 ? 'live' : 'lagging');
    }
    await timers.advance(4_000);
    last().send(message('7.3', '7.3', { serverNow: sentAt(32_000) }));
    // Half a minute behind: connected anew, and what is said then was said now.
    await timers.advance(600);
    expect(opened).toHaveLength(2);
    expect(state()).toBe('stale');
    last().send(message('7.3', '7.4', { serverNow: sentAt(64_600) }));
    expect(state()).toBe('live');
  });

  it('calls nothing late for long because a clock was set back or runs slower', async () => {
    for (const behindMs of [() => 6_000, () => 4_000, (passedMs: number) => passedMs / 1_000]) {
      const { stream, seen, opened, last, timers } = setUp();
      stream.start('7.3');
      await timers.advance(1);
      const beganAt = timers.now();
      let notLive = 0;
      for (let n = 0; n < 3_000; n += 1) {
        const passedMs = timers.now() - beganAt;
        const sentAt = Date.parse(serverNow) + passedMs - (n < 5 ? 0 : behindMs(passedMs));
        last().send(message('7.3', '7.3', { serverNow: new Date(sentAt).toISOString() }));
        await timers.advance(1_999);
        if (seen.connection && freshness(seen.connection, timers.now()).state !== 'live') notLive += 1;
        await timers.advance(1);
      }
      expect(notLive).toBeLessThan(60);
      expect(opened.length).toBeGreaterThan(1);
      expect(opened.length).toBeLessThan(10);
    }
  });

  it('takes a snapshot to be as old as its first page, however long the others take', async () => {
    const pages = [
      { position: '5.0', serverNow, changes: [], next: 'a' },
      { position: '6.0', serverNow, changes: [], next: null },
    ];
    const { stream, seen, timers } = setUp({
      snapshot: () => new Promise((resolve) => timers.after(20_000, () => resolve(pages.shift()))),
    });
    stream.start(null);
    const beganAt = timers.now();
    await timers.advance(40_000);
    expect(seen.snapshots).toBe(1);
    expect(seen.connection?.heardAt).toBe(beganAt);
  });

  it('says when it heard the place from which it goes on', async () => {
    const heardAt: (number | null | undefined)[] = [];
    const { stream, timers, last } = setUp({ opens: (at) => heardAt.push(at) });
    stream.start('7.3', { at: 900_000, serverAt: 4_000 });
    await timers.advance(1);
    last().send(message('7.3', '7.4'));
    stream.reopen();
    expect(heardAt).toEqual([4_000, Date.parse(serverNow)]);
  });

  it('shows a refused connection as offline once the last word is older than five seconds', async () => {
    const { stream, seen, last, timers } = setUp();
    const state = () => seen.connection && freshness(seen.connection, timers.now()).state;
    stream.start('7.3');
    await timers.advance(1);
    last().send(message('7.3', '7.3'));
    await timers.advance(5_600);
    expect(state()).toBe('lagging');
    last().fail();
    expect(state()).toBe('offline');
    // The next attempt hangs: still nothing that says that the server is there.
    await timers.advance(20_000);
    expect(state()).toBe('offline');
  });

  it('is connecting at first, and offline when the first attempt failed or brought nothing', async () => {
    for (const fail of [true, false]) {
      const { stream, seen, last, timers } = setUp();
      const state = () => seen.connection && freshness(seen.connection, timers.now()).state;
      stream.start('7.3');
      await timers.advance(1);
      expect(state()).toBe('connecting');
      if (fail) last().fail();
      else await timers.advance(5_100);
      expect(state()).toBe('offline');
    }
  });

  it('waits longer after each failure, at most thirty seconds, and never a fixed time', async () => {
    const waits: number[] = [];
    const draws = [0.1, 0.9, 0.5, 0.5, 0.99, 0.99, 0.99, 0.99];
    const { stream, seen, last, timers } = setUp({ random: () => draws[waits.length] ?? 0.99 });
    stream.start('7.3');
    for (let i = 0; i < 8; i += 1) {
      await timers.advance(1);
      const before = timers.now();
      last().fail();
      waits.push((seen.connection?.retryAt ?? 0) - before);
      await timers.advance(31_000 - 4_000);
      last().send(message('x', 'x'));
      await timers.advance(4_000);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    expect(new Set(waits).size).toBeGreaterThan(3);
  });

  it('tries at once when the machine is back online', async () => {
    const { stream, opened, last, timers } = setUp({ random: () => 0.99 });
    stream.start('7.3');
    await timers.advance(1);
    for (let i = 0; i < 5; i += 1) {
      last().fail();
      await timers.advance(40_000);
    }
    const before = opened.length;
    last().fail();
    stream.kick();
    expect(opened.length).toBe(before + 1);
  });

  it('takes no word of a subscription that it has left', async () => {
    const { stream, seen, opened, last, timers } = setUp();
    stream.start('7.3');
    await timers.advance(1);
    const old = last();
    old.fail();
    await timers.advance(1_000);
    expect(opened).toHaveLength(2);
    old.send(message('7.3', '7.4'));
    expect(seen.changes).toEqual([]);
  });
});
