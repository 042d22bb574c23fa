import { createTRPCClient, createWSClient, httpSubscriptionLink, wsLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Actor } from '#server/api/context.ts';
import { ada, type EchoRouter, echoRouter, expectError, json } from '#server/testkit/echo-router.ts';
import { startTestHttp, type TestHttp, testActor } from '#server/testkit/http.ts';

let running: TestHttp | null = null;
async function start(options: Partial<Parameters<typeof startTestHttp>[0]> = {}): Promise<TestHttp> {
  running = await startTestHttp({ router: echoRouter, ...options });
  return running;
}
afterEach(async () => {
  await running?.server.stop();
  running = null;
});

describe('addresses and methods', () => {
  test('an unknown address is 404, a known one with another method is 405 and lists its methods', async () => {
    const { url } = await start();
    await expectError(await fetch(`${url}/nothing`), 404, 'not-found');
    await expectError(await fetch(`${url}/auth/nothing`, { method: 'POST' }), 404, 'not-found');
    const answer = await fetch(`${url}/api/v1/things`, { method: 'PUT', headers: json, body: '{}' });
    expect(answer.headers.get('allow')).toContain('GET');
    await expectError(answer, 405, 'method-not-allowed');
    await expectError(await fetch(`${url}/health`, { method: 'DELETE' }), 405, 'method-not-allowed');
  });

  test('health answers, ready says why not, metrics are Prometheus text', async () => {
    const { url } = await start({ notReady: async () => ['migrations are still running'] });
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'not-ready', reasons: ['migrations are still running'] });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
    expect(await metrics.text()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  test('the renderer is served with a policy that lets no foreign script in', async () => {
    const staticDir = mkdtempSync(join(tmpdir(), 'static-'));
    writeFileSync(join(staticDir, 'index.html'), '<!doctype html><title>Tocsin</title>');
    const { url } = await start({ staticDir });
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain('<title>Tocsin</title>');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await fetch(`${url}/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  });

  test('files that a rebuild made are served, with names of content kept for good and the page asked for anew', async () => {
    const staticDir = mkdtempSync(join(tmpdir(), 'static-'));
    writeFileSync(join(staticDir, 'index.html'), 'before');
    writeFileSync(join(staticDir, 'secret.txt'), 'beside the page');
    mkdirSync(join(staticDir, 'assets'));
    writeFileSync(join(staticDir, 'assets', 'main-1.js'), 'one');
    const { url } = await start({ staticDir });
    expect(await (await fetch(`${url}/assets/main-1.js`)).text()).toBe('one');
    rmSync(join(staticDir, 'assets', 'main-1.js'));
    writeFileSync(join(staticDir, 'assets', 'main-2.js'), 'two');
    writeFileSync(join(staticDir, 'index.html'), 'after');
    const made = await fetch(`${url}/assets/main-2.js`);
    expect(await made.text()).toBe('two');
    expect(made.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const page = await fetch(`${url}/`);
    expect(await page.text()).toBe('after');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const gone = await fetch(`${url}/assets/main-1.js`);
    expect(gone.status).toBe(404);
    expect(gone.headers.get('cache-control') ?? '').not.toContain('immutable');
    await expectError(await fetch(`${url}/assets/main-2.js`, { method: 'POST' }), 405, 'method-not-allowed');
    for (const path of [
      '..%2fsecret.txt',
      '%2e%2e%2fsecret.txt',
      '..%5csecret.txt',
      '%2e%2e/%2e%2e/etc/passwd',
      '.',
      '',
    ]) {
      expect([400, 403, 404]).toContain((await fetch(`${url}/assets/${path}`)).status);
    }
  });
});

describe('REST from the procedures', () => {
  test('query text becomes the types the input asks for', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/api/v1/things?limit=3&tags=a&open=true`, { headers: ada });
    expect(await answer.json()).toEqual({ items: [{ limit: 3, tags: ['a'], open: true }], nextCursor: null });
  });

  test('input that is not valid is 400 and named; no credential 401; too small a role 403', async () => {
    const viewer: Actor = { ...testActor, role: 'viewer' };
    const { url } = await start({
      people: {
        ada: { actor: testActor, current: async () => testActor },
        vic: { actor: viewer, current: async () => viewer },
      },
    });
    const invalid = await fetch(`${url}/api/v1/things?limit=many`, { headers: ada });
    expect(invalid.status).toBe(400);
    expect(((await invalid.json()) as { error: { message: string } }).error.message).toContain('limit');
    await expectError(await fetch(`${url}/api/v1/things`), 401, 'unauthenticated');
    await expectError(
      await fetch(`${url}/api/v1/things`, { headers: { authorization: 'Bearer wrong' } }),
      401,
      'unauthenticated',
    );
    const close = { method: 'POST', headers: { ...json, authorization: 'Bearer vic' }, body: '{}' };
    await expectError(await fetch(`${url}/api/v1/things/1/close`, close), 403, 'forbidden');
  });

  test('a path part wins over the body, an empty body is fine, a conflict carries the current state', async () => {
    const { url } = await start();
    const post = (id: string, body: string | null, headers: Record<string, string> = {}) =>
      fetch(`${url}/api/v1/things/${id}/close`, { method: 'POST', headers: { ...json, ...ada, ...headers }, body });
    expect(await (await post('7', '{"id":"8","note":"n"}', { 'idempotency-key': 'k1' })).json()).toEqual({
      closed: '7',
      note: 'n',
      key: 'k1',
    });
    const bare = await fetch(`${url}/api/v1/things/9/close`, { method: 'POST', headers: ada });
    expect(await bare.json()).toMatchObject({ closed: '9' });
    const conflict = await post('changed', '{}');
    expect(conflict.status).toBe(409);
    expect(await conflict.json()).toMatchObject({ error: { code: 'conflict' }, current: { version: 2 } });
  });

  test('the OpenAPI document describes what is mounted', async () => {
    const { url } = await start();
    const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual(['/things', '/things/{id}/close']);
  });
});

describe('call limit', () => {
  test('the call after the limit is 429 with Retry-After, for that user only; a batch is one call', async () => {
    const bob: Actor = { ...testActor, userId: '00000000-0000-7000-8000-000000000002' };
    const { url } = await start({
      config: { callsPerMinute: 3 },
      people: {
        ada: { actor: testActor, current: async () => testActor },
        bob: { actor: bob, current: async () => bob },
      },
    });
    const list = (token: string) => fetch(`${url}/api/v1/things`, { headers: { authorization: `Bearer ${token}` } });
    const batch = await fetch(
      `${url}/trpc/things.list,things.list?batch=1&input=${encodeURIComponent('{"0":{},"1":{}}')}`,
      { headers: ada },
    );
    expect(batch.status).toBe(200);
    expect((await list('ada')).status).toBe(200);
    expect((await list('ada')).status).toBe(200);
    const refused = await list('ada');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectError(refused, 429, 'rate-limited');
    const overTrpc = await fetch(`${url}/trpc/things.list?input=%7B%7D`, { headers: ada });
    expect(overTrpc.status).toBe(429);
    expect(overTrpc.headers.get('retry-after')).not.toBeNull();
    expect((await list('bob')).status).toBe(200);
  });
});

describe('subscriptions', () => {
  const sse = (url: string, token: string) =>
    createTRPCClient<EchoRouter>({
      links: [
        httpSubscriptionLink({
          url: `${url}/trpc`,
          EventSource,
          eventSourceOptions: {
            fetch: (input, init) =>
              fetch(input, { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` } }),
          },
        }),
      ],
    });

  test('over SSE and over a socket the same subscription arrives', async () => {
    const { url } = await start();
    expect(await firstOf(sse(url, 'ada'))).toBe('first');
    const socket = createWSClient({
      url: `${url.replace('http', 'ws')}/ws`,
      connectionParams: { token: 'ada' },
      WebSocket: WebSocket as never,
    });
    expect(await firstOf(createTRPCClient<EchoRouter>({ links: [wsLink({ client: socket })] }))).toBe('first');
    await socket.close();
  });

  test('without a credential neither opens', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/trpc/things.watch`, { headers: { accept: 'text/event-stream' } });
    // tRPC tells subscribers about errors inside the stream, where native EventSource can read them.
    expect(await answer.text()).toMatch(/^event: serialized-error\ndata: .*"httpStatus":401/m);
    expect(await closedWith(url, { token: 'wrong' })).toBeGreaterThanOrEqual(1000);
  });

  test('a reader whose rights were taken away stops hearing within 5 s', { timeout: 15_000 }, async () => {
    let actor: Actor | null = testActor;
    const { url } = await start({ people: { ada: { actor: testActor, current: async () => actor } } });
    const response = await fetch(`${url}/trpc/things.watch`, { headers: { ...ada, accept: 'text/event-stream' } });
    expect(response.status).toBe(200);
    const began = performance.now();
    actor = null;
    await expect(drain(response)).resolves.toBe('ended');
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test('global hooks leave a bare route fast', { timeout: 30_000 }, async () => {
  const { server } = await start({
    registerIngest: (app) => void app.post('/empty', (_request, reply) => reply.code(202).send('{}')),
    registerOutside: () => {},
  });
  const answer = await server.app.inject({
    method: 'POST',
    url: '/empty',
    headers: { host: 'evil.example', origin: 'https://evil.example' },
  });
  // Ingest has its own key and answers whoever holds it: none of the guards for people run before it.
  expect(answer.statusCode).toBe(202);
  expect(answer.headers['content-security-policy']).toBeUndefined();
});

function firstOf(client: ReturnType<typeof createTRPCClient<EchoRouter>>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const subscription = client.things.watch.subscribe(undefined, {
      onData: (value) => {
        subscription.unsubscribe();
        resolve(value);
      },
      onError: reject,
    });
  });
}

async function drain(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return 'ended';
    }
  } catch {
    return 'ended';
  }
}

function closedWith(url: string, params: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?connectionParams=1`);
    socket.on('open', () => socket.send(JSON.stringify({ method: 'connectionParams', data: params })));
    socket.on('close', resolve);
  });
}
