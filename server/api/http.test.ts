import { createTRPCClient, createWSClient, httpSubscriptionLink, wsLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import { connect } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { publicProcedure, responderProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { startTestHttp, type TestHttp, testActor } from '#server/testkit/http.ts';

const appRouter = router({
  echo: publicProcedure
    .input(z.object({ text: z.string(), more: z.unknown().optional() }))
    .mutation(({ input, ctx }) => ({
      ...input,
      ip: ctx.ip,
    })),
  boom: publicProcedure.query(() => {
    throw new Error('secret detail of the inside');
  }),
  things: router({
    list: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/things' } })
      .input(
        z.object({
          limit: z.int().max(10).default(5),
          tags: z.array(z.string()).optional(),
          open: z.boolean().optional(),
        }),
      )
      .output(z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() }))
      .query(({ input }) => ({ items: [input], nextCursor: null })),
    close: responderProcedure
      .meta({ access: 'responder', openapi: { method: 'POST', path: '/things/{id}/close' } })
      .input(z.object({ id: z.string(), note: z.string().optional() }))
      .output(z.unknown())
      .mutation(({ input, ctx }) => {
        if (input.id === 'changed')
          throw new AppError('conflict', 'Somebody closed it.', { current: { id: 'changed', version: 2 } });
        return { closed: input.id, note: input.note, key: ctx.idempotencyKey };
      }),
    watch: viewerProcedure.subscription(async function* ({ signal }) {
      yield 'first';
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    }),
  }),
});
type AppRouter = typeof appRouter;

let running: TestHttp | null = null;
async function start(options: Partial<Parameters<typeof startTestHttp>[0]> = {}): Promise<TestHttp> {
  running = await startTestHttp({ router: appRouter, ...options });
  return running;
}
afterEach(async () => {
  await running?.server.stop();
  running = null;
});

const json = { 'content-type': 'application/json' };
const ada = { authorization: 'Bearer ada' };

async function expectError(answer: Response, status: number, code: string): Promise<void> {
  expect(answer.status).toBe(status);
  const body = (await answer.json()) as { error: { code: string; message: string; traceId: string } };
  expect(body.error).toMatchObject({ code, message: expect.any(String), traceId: expect.any(String) });
  expect(JSON.stringify(body)).not.toMatch(/\.ts:|node_modules|at \w+ \(/);
}

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

describe('hostile input (S14)', () => {
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  const bodies: [string, string][] = [
    ['not JSON', '{"text":'],
    ['no JSON at all', '\u0000\u0001'],
    ['an array', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['100,000 arrays deep', `{"text":"x","more":${deep('[', ']', 100_000)}}`],
    ['100,000 objects deep', `{"text":"x","more":${deep('{"a":', '', 100_000)}`],
    ['prototype keys', '{"__proto__":{"text":"x","admin":true},"constructor":{"prototype":{"admin":true}}}'],
  ];

  test.each(bodies)('%s is refused with 400 on /trpc and REST, without a stack', async (_name, body) => {
    const { url } = await start();
    for (const path of ['/trpc/echo', '/api/v1/things/1/close']) {
      const answer = await fetch(url + path, { method: 'POST', headers: { ...json, ...ada }, body });
      const text = await answer.text();
      const isHarmlessObject = path.startsWith('/api') && body.includes('__proto__');
      expect([path, answer.status]).toEqual([path, isHarmlessObject ? 200 : 400]);
      expect(text).not.toMatch(/\.ts:|node_modules|"stack"/);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('naughty text comes back as it went in', async () => {
    const { url } = await start();
    for (const text of [
      '\u0000',
      '\uD800',
      "'; DROP TABLE x; --",
      '<img src=x onerror=alert(1)>',
      '\u202Eevil',
      '👩‍👩‍👧‍👦',
    ]) {
      const answer = await fetch(`${url}/trpc/echo`, { method: 'POST', headers: json, body: JSON.stringify({ text }) });
      expect(answer.status).toBe(200);
      const body = (await answer.json()) as { result: { data: { text: string } } };
      expect(body.result.data.text).toBe(text);
    }
  });

  test('too large is 413, another content type 415, too many calls in a batch 400', async () => {
    const { url } = await start();
    const large = JSON.stringify({ text: 'x'.repeat(1_048_577) });
    await expectError(
      await fetch(`${url}/trpc/echo`, { method: 'POST', headers: json, body: large }),
      413,
      'too-large',
    );
    await expectError(
      await fetch(`${url}/api/v1/things/1/close`, { method: 'POST', headers: { ...json, ...ada }, body: large }),
      413,
      'too-large',
    );
    const xml = { method: 'POST', headers: { ...ada, 'content-type': 'application/xml' }, body: '<a/>' };
    await expectError(await fetch(`${url}/api/v1/things/1/close`, xml), 415, 'unsupported-media-type');
    const names = Array.from({ length: 200 }, () => 'echo').join(',');
    const batch = await fetch(`${url}/trpc/${names}?batch=1`, { method: 'POST', headers: json, body: '{}' });
    expect(batch.status).toBe(400);
  });

  test('an unexpected failure is 500 without its inside, which goes to the log with the trace id', async () => {
    const { url, logger } = await start();
    const answer = await fetch(`${url}/trpc/boom`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toContain('secret detail');
    expect(text).not.toContain('stack');
    const traceId = (JSON.parse(text) as { error: { data: { traceId: string } } }).error.data.traceId;
    expect(logger.entries.find((entry) => entry.fields['traceId'] === traceId)?.message).toBe('call failed');
  });

  test('what is not HTTP, and headers past all bounds, are answered and closed', async () => {
    const { url } = await start();
    expect(await rawRequest(url, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await rawRequest(url, `GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('a sender that drips its headers is cut off with 408', { timeout: 20_000 }, async () => {
    const { url } = await start();
    const answer = await rawRequest(url, 'POST /trpc/echo HTTP/1.1\r\nHost: localhost\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('foreign pages and names (S15)', () => {
  test('a foreign Origin is refused on calls and sockets; our own, the app and configured ones pass', async () => {
    const { url } = await start({ config: { allowedOrigins: ['https://status.example.com'] } });
    const post = (origin: string) =>
      fetch(`${url}/trpc/echo`, { method: 'POST', headers: { ...json, origin }, body: '{"text":"x"}' });
    await expectError(await post('https://evil.example'), 403, 'forbidden');
    await expectError(await post('null'), 403, 'forbidden');
    await expectError(await post('http://localhost.evil.example'), 403, 'forbidden');
    for (const origin of [url, 'app://tocsin', 'https://status.example.com']) {
      const answer = await post(origin);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
    const preflight = (origin: string) => fetch(`${url}/trpc/echo`, { method: 'OPTIONS', headers: { origin } });
    expect((await preflight('https://evil.example')).status).toBe(403);
    const allowed = await preflight('app://tocsin');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');

    expect(await socketStatus(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await socketStatus(url, { origin: url })).toBe(101);
  });

  test('on loopback only our own names are answered', async () => {
    const { url } = await start({ config: { publicUrl: 'https://tocsin.example.com' } });
    const ask = (host: string) => rawRequest(url, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ['localhost:7300', '127.0.0.1', '[::1]:7300', 'tocsin.example.com'])
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 200 /);
    for (const host of ['evil.example', 'localhost.evil.example:7300', '127.0.0.1.evil.example', '']) {
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 403 /);
    }
  });

  test('X-Forwarded-For counts only when a trusted proxy sends it', async () => {
    const ipSeen = async (config: { trustedProxies: string[] }) => {
      const { url, server } = await start({ config });
      const answer = await fetch(`${url}/trpc/echo`, {
        method: 'POST',
        headers: { ...json, 'x-forwarded-for': '9.9.9.9' },
        body: '{"text":"x"}',
      });
      const body = (await answer.json()) as { result: { data: { ip: string } } };
      await server.stop();
      return body.result.data.ip;
    };
    expect(await ipSeen({ trustedProxies: [] })).toBe('127.0.0.1');
    expect(await ipSeen({ trustedProxies: ['10.0.0.0/8'] })).toBe('127.0.0.1');
    expect(await ipSeen({ trustedProxies: ['127.0.0.1'] })).toBe('9.9.9.9');
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
    createTRPCClient<AppRouter>({
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
    expect(await firstOf(createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] }))).toBe('first');
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

function firstOf(client: ReturnType<typeof createTRPCClient<AppRouter>>): Promise<unknown> {
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

function rawRequest(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

function socketStatus(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?connectionParams=1`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

function closedWith(url: string, params: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?connectionParams=1`);
    socket.on('open', () => socket.send(JSON.stringify({ method: 'connectionParams', data: params })));
    socket.on('close', resolve);
  });
}
