import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { echoRouter, expectError, json, rawRequest } from '#server/testkit/echo-router.ts';
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
    // Refused, the connection is closed: it is not left to a client that does not let go.
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    const refused = await rawRequest(
      url,
      `GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n${upgrade}\r\n\r\n`,
    );
    expect(refused).toMatch(/^HTTP\/1\.1 403 /);
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
