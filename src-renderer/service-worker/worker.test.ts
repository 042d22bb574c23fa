import { expect, test } from 'vitest';
import { createFakeTimers } from '../testkit/fake-timers.ts';
import { createWorker, type Fetched, keptRoutes } from './worker.ts';

const origin = 'https://tocsin.example.com';

const pageOf = (words: string, file: string): string => `<script src="./assets/${file}.js"></script>${words}`;

function setUp() {
  const timers = createFakeTimers(0);
  const kept = new Map<string, Response>();
  const net = {
    up: true,
    silent: false,
    page: pageOf('first', 'a-1'),
    files: ['assets/a-1.js'],
    missing: '',
    status: 200,
  };
  const asked: string[] = [];
  const opened = new Set<string>();
  const cache = {
    put: async (key: string, response: Response) => void kept.set(new URL(key, origin).href, response),
    match: async (key: string) => kept.get(new URL(key, origin).href)?.clone(),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
    delete: async (url: string) => kept.delete(url),
  };
  const worker = createWorker({
    origin,
    caches: { open: async (name) => (opened.add(name), cache as unknown as Cache) },
    after: timers.after,
    async fetch(input) {
      const path = new URL(typeof input === 'string' ? input : input.url, origin).pathname;
      asked.push(path);
      if (net.silent) return new Promise(() => undefined);
      if (!net.up) throw new Error('no network');
      if (net.status !== 200) return new Response('<h1>Bad gateway</h1>', { status: net.status });
      if (path === `/assets/${net.missing}.js`) return new Response('', { status: 404 });
      if (path === '/assets.json') return new Response(JSON.stringify(net.files));
      return new Response(path === '/' ? net.page : `content of ${path}`);
    },
  });
  async function get(path: string, method = 'GET'): Promise<string | null> {
    let answer: Promise<Response> | null = null;
    const work: Promise<unknown>[] = [];
    worker.fetched({
      request: new Request(origin + path, { method }),
      respondWith: (given) => (answer = given),
      waitUntil: (given) => work.push(given),
    } satisfies Fetched);
    if (answer === null) return null;
    const text = (answer as Promise<Response>).then((response) => response.text());
    await timers.advance(5_000);
    if (!net.silent) await Promise.all(work);
    return text;
  }
  return { worker, net, asked, opened, kept, get };
}

test('the page and every file of its build are there without a network', async () => {
  const { worker, net, get } = setUp();
  await worker.install();
  net.up = false;
  expect(await get('/')).toContain('first');
  expect(await get('/assets/a-1.js')).toBe('content of /assets/a-1.js');
});

test('with a network the page is the newest, and the files of the build before go', async () => {
  const { worker, net, get, kept } = setUp();
  await worker.install();
  net.page = pageOf('second', 'a-2');
  net.files = ['assets/a-2.js'];
  expect(await get('/')).toContain('second');
  expect([...kept.keys()].sort()).toEqual([`${origin}/`, `${origin}/assets/a-2.js`]);
});

test('a network that swallows everything does not hold up the page', async () => {
  const { worker, net, get } = setUp();
  await worker.install();
  net.silent = true;
  expect(await get('/')).toContain('first');
});

test('a proxy that says the server is away does not take the place of the page', async () => {
  const { worker, net, get } = setUp();
  net.status = 502;
  expect(await get('/')).toContain('Bad gateway');
  net.status = 200;
  await worker.install();
  net.status = 502;
  expect(await get('/')).toContain('first');
});

test('only a whole build takes the place of the one before', async () => {
  const { worker, net, get, kept } = setUp();
  await worker.install();
  const whole = [`${origin}/`, `${origin}/assets/a-1.js`];
  for (const [page, files, missing] of [
    // What a network shows to whoever has not signed in to it.
    ['Please accept our terms', ['assets/a-1.js'], ''],
    // The center is replaced at this very moment.
    [pageOf('second', 'a-2'), ['assets/a-1.js'], ''],
    [pageOf('second', 'a-2'), ['assets/a-2.js'], 'a-2'],
  ] as const) {
    Object.assign(net, { page, files, missing, up: true });
    expect(await get('/')).toBe(page);
    expect([...kept.keys()].sort()).toEqual(whole);
    net.up = false;
    expect(await get('/')).toContain('first');
  }
});

test('nothing that a person or a server said passes through it', async () => {
  const { worker, get, asked } = setUp();
  await worker.install();
  asked.length = 0;
  for (const path of ['/trpc/replica.snapshot', '/api/v1/alerts', '/auth/refresh', '/health']) {
    expect(await get(path)).toBeNull();
  }
  expect(await get('/', 'POST')).toBeNull();
  expect(asked).toEqual([]);
});

test('the browser takes files by itself from where the worker keeps them', async () => {
  const { worker, opened } = setUp();
  await worker.install();
  expect([...opened]).toEqual(keptRoutes.map(({ source }) => source.cacheName));
});
