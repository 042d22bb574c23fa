import ELK from 'elkjs/lib/elk-api.js';
import elkWorker from 'elkjs/lib/elk-worker.js';
import { describe, expect, it } from 'vitest';
import { createLayout, type Elk, LayoutDeadline } from './layout.ts';

const size = { width: 168, height: 56 };
const two = { ids: ['web', 'db'], edges: [{ from: 'web', to: 'db' }], size };
const { signal: wanted } = new AbortController();

/** An elk that never answers, and a clock that is turned by hand. */
function silent() {
  const ended: number[] = [];
  let opened = 0;
  let late: (() => void) | null = null;
  let failed: ((reason: Error) => void) | null = null;
  const layout = createLayout({
    open(fail) {
      opened += 1;
      failed = fail;
      const own = opened;
      return { layout: () => new Promise(() => undefined), terminateWorker: () => ended.push(own) };
    },
    after(_ms, callback) {
      late = callback;
      return () => {
        late = null;
      };
    },
    deadlineMs: 5_000,
  });
  return {
    layout,
    ended,
    opened: () => opened,
    pass: () => late?.(),
    waits: () => late !== null,
    fail: () => failed?.(new Error('no worker')),
  };
}

describe('a layout in the worker', () => {
  it('ends the worker when nobody waits any more, and opens another for the next', async () => {
    const fake = silent();
    const stop = new AbortController();
    const running = fake.layout.run(two, stop.signal);
    stop.abort();
    await expect(running).rejects.toThrow('not wanted');
    expect([fake.ended, fake.waits()]).toEqual([[1], false]);
    const next = fake.layout.run(two, wanted);
    expect(fake.opened()).toBe(2);
    fake.pass();
    await expect(next).rejects.toBeInstanceOf(LayoutDeadline);
    expect(fake.ended).toEqual([1, 2]);
  });

  it('ends the one before it', async () => {
    const fake = silent();
    const first = fake.layout.run(two, wanted);
    const second = fake.layout.run(two, wanted);
    await expect(first).rejects.toThrow('Another layout');
    fake.fail();
    await expect(second).rejects.toThrow('no worker');
    expect(fake.ended).toEqual([1, 2]);
  });

  it('does not begin when it is not wanted already', async () => {
    const fake = silent();
    await expect(fake.layout.run(two, AbortSignal.abort())).rejects.toThrow('not wanted');
    expect(fake.opened()).toBe(0);
  });
});

describe('a worker that is started early', () => {
  it('is the one that lays out, unless it failed meanwhile', async () => {
    const fake = silent();
    fake.layout.warm();
    fake.layout.warm();
    expect(fake.opened()).toBe(1);
    fake.fail();
    const running = fake.layout.run(two, wanted);
    expect(fake.opened()).toBe(2);
    fake.fail();
    await expect(running).rejects.toThrow('no worker');
  });
});

describe('elk itself', () => {
  it('stands callers to the left, and hops in their columns, the same each time', async () => {
    const layout = createLayout({ open: realElk, after: () => () => undefined, deadlineMs: 5_000 });
    const ids = ['db', 'web', 'api', 'api-2'];
    const edges = [
      { from: 'web', to: 'api' },
      { from: 'api', to: 'db' },
      { from: 'api', to: 'api-2' },
      { from: 'api', to: 'gone' },
      { from: 'web', to: 'web' },
    ];
    const places = await layout.run({ ids, edges, size }, wanted);
    const x = (id: string): number => places.get(id)?.x ?? Number.NaN;
    expect(x('web')).toBeLessThan(x('api'));
    expect(x('api')).toBeLessThan(x('db'));
    expect(await layout.run({ ids, edges, size }, wanted)).toEqual(places);
    const hops = new Map([
      ['web', 0],
      ['api', 1],
      ['api-2', 2],
      ['db', 3],
    ]);
    const columns = await layout.run({ ids, edges, size, partition: hops }, wanted);
    expect(columns.get('api-2')?.x ?? 0).toBeLessThan(columns.get('db')?.x ?? 0);
  });
});

/** The real one, in this process: Node has no workers of a page. */
function realElk(): Elk {
  const { Worker } = elkWorker as unknown as { Worker: new () => Worker };
  return new ELK({ algorithms: ['layered'], workerFactory: () => new Worker() });
}
