import { afterEach, describe, expect, test } from 'vitest';
import { ada, echoRouter, expectError, json, rawRequest } from '#server/testkit/echo-router.ts';
import { startTestHttp, type TestHttp } from '#server/testkit/http.ts';

let running: TestHttp | null = null;
async function start(options: Partial<Parameters<typeof startTestHttp>[0]> = {}): Promise<TestHttp> {
  running = await startTestHttp({ router: echoRouter, ...options });
  return running;
}
afterEach(async () => {
  await running?.server.stop();
  running = null;
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
