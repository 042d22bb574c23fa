import { expect, it } from 'vitest';
import { createRelay } from './relay.ts';
import type { FeedTransport } from '../feed/stream.ts';
import { nothingLoaded } from '../storage.ts';
import { createAloneWindow, type WindowMessage } from './windows.ts';

/** The window that writes, what it hears from the center, and what it says to the others. */
function createWriter() {
  const posted: WindowMessage[] = [];
  let hear: (message: WindowMessage) => void = () => {};
  let fromCenter: (raw: unknown) => void = () => {};
  const network: FeedTransport = {
    snapshotPage: () => Promise.reject(new Error('not asked for')),
    open(_from, handlers) {
      fromCenter = handlers.message;
      return () => {};
    },
  };
  const relay = createRelay({
    windows: {
      writes: () => true,
      ready: Promise.resolve(),
      onChange: () => () => {},
      post: (message) => posted.push(message),
      onMessage(listener) {
        hear = listener;
        return () => {};
      },
      takeOver: () => {},
      stop: () => {},
    },
    network,
    uuid: () => 'x',
    after: () => () => {},
    serverInstant: () => '2026-11-21T12:00:00.000Z',
    flush: () => Promise.resolve(),
    load: () => Promise.reject(new Error('not asked for')),
  });
  const leave = relay.open('0', { message: () => {}, failed: () => {} });
  let place = 0;
  return {
    /** For its silence. */
    leave,
    /** Whether a window that opens now is told that the center is there. */
    live(): boolean | null {
      hear({ kind: 'listen', ask: 'a', from: '0' });
      const answer = posted.at(-1);
      return answer?.kind === 'listening' ? answer.live : null;
    },
    heard(changes: number) {
      place += 1;
      fromCenter({ previous: `${place - 1}`, position: `${place}`, changes: Array.from({ length: changes }) });
    },
    /** How many messages another window gets that stands there; null: none leads on from there. */
    after(from: number): number | null {
      hear({ kind: 'listen', ask: 'a', from: `${from}` });
      const answer = posted.at(-1);
      if (answer?.kind !== 'listening') throw new Error('no answer');
      return answer.messages?.length ?? null;
    },
  };
}

it('keeps some minutes of quiet for windows that were held up', () => {
  const writer = createWriter();
  for (let n = 0; n < 350; n += 1) writer.heard(0);
  expect([writer.after(350), writer.after(349), writer.after(50), writer.after(49)]).toEqual([0, 1, 300, null]);
});

it('keeps no more of a storm than a window catches up on faster than it reads the copy on disk', () => {
  const writer = createWriter();
  for (let n = 0; n < 30; n += 1) writer.heard(500);
  expect([writer.after(29), writer.after(20), writer.after(19)]).toEqual([1, 10, null]);
  writer.heard(6_000);
  expect([writer.after(31), writer.after(30)]).toEqual([0, null]);
  writer.heard(1);
  expect(writer.after(31)).toBe(1);
});

it('gives a reading window no page of another copy than the one it began with', async () => {
  const row = (n: number) => ({ entity: 'incident', row: { id: `${n}`, version: 1 } }) as never;
  const copy = {
    ...nothingLoaded(''),
    damage: null,
    position: '1.0',
    rows: Array.from({ length: 3_000 }, (_, n) => row(n)),
  };
  let hear: (message: WindowMessage) => void = () => {};
  const relay = createRelay({
    windows: {
      ...createAloneWindow(),
      writes: () => false,
      post: (message) => message.kind === 'flush' && hear({ kind: 'flushed', ask: message.ask }),
      onMessage(listener) {
        hear = listener;
        return () => {};
      },
    },
    network: { snapshotPage: () => Promise.reject(new Error('not asked for')), open: () => () => {} },
    uuid: () => crypto.randomUUID(),
    after: () => () => {},
    serverInstant: () => '2026-11-21T12:00:00.000Z',
    flush: () => Promise.resolve(),
    load: () => Promise.resolve(copy),
  });
  const pageOf = async (cursor: string | null) => (await relay.snapshotPage(cursor)) as { next: string; changes: [] };
  const first = await pageOf(null);
  expect((await pageOf(first.next)).changes).toHaveLength(1_000);
  await expect(pageOf('2000')).rejects.toThrow('begun elsewhere');
  const begun = await pageOf(null);
  await pageOf(null);
  await expect(pageOf(begun.next)).rejects.toThrow('begun elsewhere');
});

it('tells a window that opens while the center is silent nothing as if it were news', () => {
  const writer = createWriter();
  writer.heard(1);
  expect(writer.live()).toBe(true);
  writer.leave();
  expect(writer.live()).toBe(false);
});

it('gives the copy on disk as the age that it has, whatever the time is', async () => {
  let hear: (message: WindowMessage) => void = () => {};
  const heard = { at: 5_000, serverAt: Date.parse('2026-11-21T09:00:00.000Z') };
  const relay = createRelay({
    windows: {
      ...createAloneWindow(),
      writes: () => false,
      post: (message) => message.kind === 'flush' && hear({ kind: 'flushed', ask: message.ask }),
      onMessage(listener) {
        hear = listener;
        return () => {};
      },
    },
    network: { snapshotPage: () => Promise.reject(new Error('not asked for')), open: () => () => {} },
    uuid: () => 'x',
    after: () => () => {},
    serverInstant: () => '2026-11-21T12:00:00.000Z',
    flush: () => Promise.resolve(),
    load: () => Promise.resolve({ ...nothingLoaded(''), damage: null, position: '1.0', heard }),
  });
  expect(await relay.snapshotPage(null)).toMatchObject({ serverNow: '2026-11-21T09:00:00.000Z', heardAt: 5_000 });
});
