import { expect, it } from 'vitest';
import { createPacedFeed, inNextTask } from './paced-feed.ts';
import type { FeedTransport } from './stream.ts';

function paced() {
  const tasks: (() => void)[] = [];
  const heard: unknown[] = [];
  let network: Parameters<FeedTransport['open']>[1] | null = null;
  let closed = 0;
  const feed = createPacedFeed(
    {
      snapshotPage: async (cursor) => cursor,
      open(_position, handlers) {
        network = handlers;
        return () => (closed += 1);
      },
    },
    (run) => tasks.push(run),
  );
  const close = feed.open('1.0', {
    message: (message) => heard.push(message),
    failed: (error) => heard.push(error),
  });
  return { heard, close, closed: () => closed, send: network!, task: () => tasks.shift()?.() };
}

it('hands on a message at once, and those that come with it one a task', () => {
  const { heard, send, task } = paced();
  for (const message of ['a', 'b', 'c']) send.message(message);
  expect(heard).toEqual(['a']);
  task();
  expect(heard).toEqual(['a', 'b']);
  task();
  task();
  expect(heard).toEqual(['a', 'b', 'c']);
  send.message('d');
  expect(heard).toEqual(['a', 'b', 'c', 'd']);
});

it('tells of an end after what came before it', () => {
  const { heard, send, task } = paced();
  send.message('a');
  send.message('b');
  send.failed('gone');
  expect(heard).toEqual(['a']);
  task();
  task();
  expect(heard).toEqual(['a', 'b', 'gone']);
});

it('hands on nothing once it is closed', () => {
  const { heard, send, task, close, closed } = paced();
  send.message('a');
  send.message('b');
  close();
  task();
  send.message('c');
  expect(heard).toEqual(['a']);
  expect(closed()).toBe(1);
});

it('goes on when the one who hears a message fails at it', () => {
  const tasks: (() => void)[] = [];
  const heard: unknown[] = [];
  let network: Parameters<FeedTransport['open']>[1] | null = null;
  const feed = createPacedFeed(
    { snapshotPage: async () => null, open: (_position, handlers) => ((network = handlers), () => undefined) },
    (run) => tasks.push(run),
  );
  feed.open('1.0', {
    message(message) {
      heard.push(message);
      if (message === 'a') throw new Error('at the first');
    },
    failed: () => undefined,
  });
  expect(() => network!.message('a')).toThrow('at the first');
  network!.message('b');
  tasks.shift()?.();
  expect(heard).toEqual(['a', 'b']);
});

it('goes on in a later task, with and without a scheduler in the browser', async () => {
  for (const scheduler of [undefined, { yield: async () => undefined }]) {
    Object.assign(globalThis, { scheduler });
    const order: string[] = [];
    const done = new Promise<void>((resolve) =>
      inNextTask(() => {
        order.push('later');
        resolve();
      }),
    );
    order.push('now');
    await done;
    expect(order).toEqual(['now', 'later']);
  }
});
