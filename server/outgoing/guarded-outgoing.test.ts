import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createOutgoing, type OutgoingDeps } from '#server/outgoing/guarded-outgoing.ts';
import { OutgoingError } from '#server/outgoing/outgoing.ts';
import { testCertificate } from '#server/testkit/test-certificate.ts';

const clock = createSystemClock();
const opened: Server[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server on this machine that nobody may reach unless it was allowed; it counts who came. */
async function canary(answer: RequestListener = (_request, response) => response.end('hello'), tls = false) {
  const seen = { connects: 0, requests: [] as IncomingMessage[], names: [] as string[] };
  const named = (name: string, done: (error: Error | null) => void) => {
    seen.names.push(name);
    done(null);
  };
  const server = tls ? createHttps({ ...testCertificate, SNICallback: named }, answer) : createHttp(answer);
  opened.push(server);
  server.on('connection', () => (seen.connects += 1));
  server.on('request', (request: IncomingMessage) => seen.requests.push(request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, seen, close: () => server.closeAllConnections() };
}

function outgoing(options: { allow?: string[]; lookup?: OutgoingDeps['lookup'] } = {}) {
  return createOutgoing({
    allowedPrivate: () => options.allow ?? [],
    clock,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
}

async function failure(call: Promise<unknown>): Promise<OutgoingError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OutgoingError);
  return error as OutgoingError;
}

describe('the way out', () => {
  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '127.1',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fd00::1]',
    '[fe80::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.254',
    '169.254.169.254',
    '168.63.129.16',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.0.170',
    '203.0.113.9',
    'localhost',
    'LOCALHOST.',
    '①②⑦.⓪.⓪.①',
  ])('never connects to %s, and says so on save and on send', async (host) => {
    const { port, seen } = await canary();
    const way = outgoing();
    for (const protocol of ['http', 'https']) {
      const url = `${protocol}://${host}:${port}/x`;
      expect(await way.fault(url)).toMatch(/^Not called: .*administrator/);
      expect(await failure(way.request({ method: 'POST', url, body: '{}' }))).toMatchObject({ fault: 'blocked' });
    }
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    expect(await failure(way.resolve(bare, port))).toMatchObject({ fault: 'blocked' });
    expect(seen.connects).toBe(0);
  });

  it('resolves a name once: an answer that changes afterwards leads nowhere', async () => {
    const { port, seen } = await canary();
    let asked = 0;
    // First an allowed address at which nobody listens, from then on one that is not allowed.
    const way = outgoing({
      allow: ['127.0.0.2'],
      lookup: async () => {
        asked += 1;
        return [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }];
      },
    });
    const error = await failure(
      way.request({ method: 'GET', url: `https://rebinding.example:${port}/`, timeoutMs: 300 }),
    );
    expect(error.fault).toBe('refused');
    expect(asked).toBe(1);
    expect(await way.fault(`https://rebinding.example:${port}/`)).toMatch(/leads to 127\.0\.0\.1.*loopback/);
    expect(seen.connects).toBe(0);
  });

  it('asks once more when it is connected, and writes nothing when it is not wanted any more', async () => {
    const { port, seen } = await canary();
    const way = outgoing({ allow: ['127.0.0.1'] });
    const url = `http://127.0.0.1:${port}/x`;
    const no = [() => false, () => Promise.resolve(false), () => Promise.reject(new Error('nobody knows'))];
    for (const beforeWrite of no) {
      expect(await failure(way.request({ method: 'POST', url, body: '{}', beforeWrite }))).toMatchObject({
        fault: 'withdrawn',
      });
    }
    expect(seen.connects).toBe(3);
    expect(seen.requests).toEqual([]);
    expect(await way.request({ method: 'POST', url, body: '{}', beforeWrite: () => true })).toMatchObject({
      status: 200,
      body: 'hello',
    });
    expect(seen.requests).toHaveLength(1);
  });

  it('refuses a name that leads to a private address, and uses the public one when there are both', async () => {
    const inside = { address: '10.0.0.7', family: 4 };
    expect(await outgoing({ lookup: async () => [inside] }).fault('https://a.example/')).toMatch(/10\.0\.0\.7/);
    const both = outgoing({ lookup: async () => [inside, { address: '1.1.1.1', family: 4 }] });
    expect(await both.resolve('a.example', 25)).toEqual({ address: '1.1.1.1', family: 4 });
  });

  it('follows no redirect', async () => {
    const target = await canary();
    for (const location of ['http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${target.port}/`]) {
      const first = await canary((_request, response) => response.writeHead(302, { location }).end());
      const error = await failure(
        outgoing({ allow: ['127.0.0.1'] }).request({ method: 'GET', url: `http://127.0.0.1:${first.port}/` }),
      );
      expect(error).toMatchObject({ fault: 'blocked', message: expect.stringContaining('Redirects are not followed') });
      expect(first.seen.connects).toBe(1);
    }
    expect(target.seen.connects).toBe(0);
  });

  it.each([
    [['localhost'], 'http://localhost:PORT/a?b=1'],
    [['localhost:PORT'], 'http://LOCALHOST:PORT/a?b=1'],
    [['127.0.0.0/8'], 'http://localhost:PORT/a?b=1'],
    [['127.0.0.1'], 'http://0x7f.1:PORT/a?b=1'],
    [['127.0.0.1:PORT'], 'http://127.0.0.1:PORT/a?b=1'],
    [['127.0.0.1/32', '::1/128'], 'http://127.0.0.1:PORT/a?b=1'],
  ])('connects where an administrator allows %j', async (allow, address) => {
    const { port, seen } = await canary();
    const way = outgoing({ allow: allow.map((entry) => entry.replace('PORT', String(port))) });
    const url = address.replace('PORT', String(port));
    expect(await way.fault(url)).toBeNull();
    const answer = await way.request({ method: 'POST', url, headers: { Host: 'elsewhere', a: 'b' }, body: 'ü' });
    expect(answer).toMatchObject({ status: 200, body: 'hello', truncated: false });
    expect(seen.requests[0]?.url).toBe('/a?b=1');
    expect(seen.requests[0]?.headers).toMatchObject({ host: new URL(url).host, a: 'b', 'content-length': '2' });
  });

  it.each([
    ['[::1]:8443', 'http://[::1]:8443/'],
    ['[::1]', 'http://[::1]:8443/'],
    ['::1', 'http://[::1]:8443/'],
    ['::/64', 'http://[::1]:8443/'],
    ['FE80::/10', 'http://[fe80::9]/'],
    ['169.254.7.7:80', 'http://169.254.7.7/'],
  ])('takes %s for %s', async (allow, url) => {
    expect(await outgoing({ allow: [allow] }).fault(url)).toBeNull();
    expect(await outgoing({ allow: [allow] }).fault('http://[fd00::2]:8444/')).toMatch(/private/);
  });

  it('takes an allowance for what it says only', async () => {
    const { port, seen } = await canary();
    for (const allow of [['localhost:1'], ['local'], ['10.0.0.0/8'], ['128.0.0.0/1'], ['127.0.0.1/33']])
      expect(await outgoing({ allow }).fault(`http://localhost:${port}/`)).not.toBeNull();
    // A name that was allowed still may not lead to metadata or to a link-local address.
    const metadata = outgoing({
      allow: ['inside.example'],
      lookup: async () => [{ address: '169.254.169.254', family: 4 }],
    });
    expect(await metadata.fault('http://inside.example/')).toMatch(/metadata/);
    expect(seen.connects).toBe(0);
  });

  it('asks for https, except where an administrator allowed the place', async () => {
    const way = outgoing({ lookup: async () => [{ address: '1.1.1.1', family: 4 }] });
    expect(await way.fault('http://a.example/')).toMatch(/not encrypted/);
    expect(await way.fault('https://a.example/')).toBeNull();
  });

  it.each([
    'ftp://a.example/',
    'file:///etc/passwd',
    'a.example',
    'https://',
    'https://u:p@a.example/',
    'https://[fe80::1%25lo]/',
  ])('takes %s for no address', async (url) => {
    const way = outgoing({ lookup: async () => [{ address: '1.1.1.1', family: 4 }] });
    expect(await way.fault(url)).toMatch(/^Not called/);
    expect(await failure(way.request({ method: 'GET', url }))).toMatchObject({ fault: 'blocked' });
  });

  it('lets a name be saved that cannot be resolved now, and says so on send', async () => {
    const way = outgoing({ lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) });
    expect(await way.fault('https://later.example/')).toBeNull();
    const error = await failure(way.request({ method: 'GET', url: 'https://later.example/' }));
    expect(error).toMatchObject({ fault: 'unresolved', message: expect.stringContaining('ENOTFOUND') });
  });

  it('reads no more of a body than it was asked to', async () => {
    const { port } = await canary((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', more);
      };
      more();
    });
    const answer = await outgoing({ allow: ['localhost'] }).request({
      method: 'GET',
      url: `http://localhost:${port}/`,
    });
    expect(answer.truncated).toBe(true);
    expect(answer.body).toHaveLength(64 * 1024);
  });

  it('ends a slow drip at its deadline, wherever it drips', async () => {
    for (const head of [true, false]) {
      const drip = await canary((_request, response) => {
        if (head) response.writeHead(200);
        const timer = setInterval(() => head && response.write('.'), 20);
        response.on('close', () => clearInterval(timer));
      });
      const begun = clock.monotonic();
      const error = await failure(
        outgoing({ allow: ['localhost'] }).request({
          method: 'GET',
          url: `http://localhost:${drip.port}/secret-path`,
          timeoutMs: 250,
        }),
      );
      expect(error).toMatchObject({ fault: 'timeout', message: expect.not.stringContaining('secret-path') });
      expect(clock.monotonic() - begun).toBeLessThan(2_000);
      drip.close();
    }
  });

  it('ends when its caller no longer wants it', async () => {
    const { port, close } = await canary(() => {});
    const end = new AbortController();
    const call = outgoing({ allow: ['localhost'] }).request({
      method: 'GET',
      url: `http://localhost:${port}/`,
      signal: end.signal,
    });
    setTimeout(() => end.abort(), 50);
    expect(await failure(call)).toMatchObject({ fault: 'broken' });
    close();
  });

  it('names what is wrong with TLS, and keeps the name while it connects to the address', async () => {
    const { port, seen } = await canary(undefined, true);
    const way = outgoing({ allow: ['127.0.0.0/8'], lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
    const selfSigned = await failure(way.request({ method: 'GET', url: `https://named.test:${port}/` }));
    expect(selfSigned).toMatchObject({ fault: 'tls', message: expect.stringContaining('self-signed') });
    expect(seen.names).toEqual(['named.test']);
    const plain = await canary();
    const notTls = await failure(way.request({ method: 'GET', url: `https://named.test:${plain.port}/` }));
    expect(notTls).toMatchObject({ fault: 'tls', message: expect.stringContaining('Is it an https:// address?') });
  });

  it('tells a refused connection from a broken one', async () => {
    const { port, close } = await canary((request) => request.socket.destroy());
    const way = outgoing({ allow: ['localhost', '127.0.0.1'] });
    expect(await failure(way.request({ method: 'GET', url: `http://localhost:${port}/` }))).toMatchObject({
      fault: 'broken',
    });
    close();
    const refused = await failure(way.request({ method: 'GET', url: 'http://127.0.0.1:1/' }));
    expect(refused).toMatchObject({ fault: 'refused', message: '127.0.0.1:1 refused the connection (ECONNREFUSED).' });
    const header = await failure(
      way.request({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: { a: 'b\r\nc: d' } }),
    );
    expect(header).toMatchObject({ fault: 'broken', message: expect.stringContaining('Check the secrets') });
  });

  it('takes the next address of a name when the first takes no connection', async () => {
    const { port, seen } = await canary();
    const way = outgoing({
      allow: ['127.0.0.0/8'],
      lookup: async () => [
        { address: '127.0.0.9', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    });
    expect((await way.request({ method: 'GET', url: `http://two.example:${port}/` })).status).toBe(200);
    expect(seen.connects).toBe(1);
  });
});
