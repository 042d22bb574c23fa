// Against real TLS servers with certificates made on the spot.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkRequest } from './host.ts';
import { createLook } from './look.ts';
import { fingerprintOf, lookAtCertificate, type Pin, verdictOn } from './trust.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'));
const center = JSON.stringify({ name: 'Larkspur', version: '0.2.0', oldestClient: '0.1.0' });
const servers: { close(): void }[] = [];

interface Identity {
  key: string;
  cert: string;
}
let self: Identity;
let renewed: Identity;
let issued: Identity;
let stray: Identity;

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';

function selfMade(name: string, alternative = names): Identity {
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
    '-subj', `/O=Larkspur/CN=${name}`, '-addext', alternative, '-keyout', `${name}.key`, '-out', `${name}.pem`); // prettier-ignore
  return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
}

beforeAll(() => {
  self = selfMade('ops');
  renewed = selfMade('ops-renewed');
  stray = selfMade('elsewhere', 'subjectAltName=DNS:elsewhere.test');
  selfMade('authority');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=ops.internal',
    '-addext', names, '-keyout', 'issued.key', '-out', 'issued.csr'); // prettier-ignore
  openssl('x509', '-req', '-in', 'issued.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-days', '30',
    '-copy_extensions', 'copy', '-out', 'issued.pem'); // prettier-ignore
  issued = { key: read('issued.key'), cert: read('issued.pem') };
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}
const serve = (identity: Identity, asked: string[] = []): Promise<number> =>
  listen(
    createServer(identity, (request, response) => {
      asked.push(request.url ?? '');
      response.end(center);
    }),
  );

/** Judges as Chromium does: its own opinion, unless the rule has one. */
const networkWith =
  (pins: () => readonly Pin[]): NetworkRequest =>
  ({ method, url }) =>
    new Promise((resolve, reject) => {
      const judged = httpsRequest(url, { method, rejectUnauthorized: false, agent: false }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      judged.on('socket', (socket) =>
        socket.on('secureConnect', () => {
          const tls = socket as TLSSocket;
          const fingerprint = tls.getPeerCertificate().fingerprint256;
          const verdict = verdictOn({ host: new URL(url).hostname, fingerprint }, pins());
          if (verdict === 'refuse') judged.destroy(new Error('net::ERR_FAILED'));
          if (verdict === 'usual' && !tls.authorized) judged.destroy(new Error('net::ERR_CERT_AUTHORITY_INVALID'));
        }),
      );
      judged.on('error', reject);
      judged.end();
    });

function lookWith(pins: Pin[]) {
  return createLook({ request: networkWith(() => pins), certificateOf: lookAtCertificate, pins: () => pins });
}

describe('a server that nobody vouches for', () => {
  it('is shown with its certificate, and connected to once exactly that one was chosen', async () => {
    const port = await serve(self);
    const pins: Pin[] = [];
    const look = lookWith(pins);
    const first = await look(`https://localhost:${port}`);
    expect(first).toMatchObject({
      kind: 'untrusted',
      pinnedSince: null,
      certificate: {
        problem: 'self-signed',
        issuer: 'ops, Larkspur',
        subject: 'ops, Larkspur',
        names: ['localhost', '127.0.0.1'],
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        validTo: expect.stringMatching(/^2\d{3}-\d\d-\d\dT/),
      },
    });
    if (first.kind !== 'untrusted') throw new Error('not looked at');
    pins.push({ host: 'localhost', fingerprint: first.certificate.fingerprint, since: '2026-11-01T00:00:00.000Z' });
    expect(await look(`https://localhost:${port}`)).toMatchObject({ kind: 'center', way: 'pinned', name: 'Larkspur' });
    // Another name of the same machine was not chosen.
    expect(await look(`https://127.0.0.1:${port}`)).toMatchObject({ kind: 'untrusted', pinnedSince: null });
  });

  it('is sent nothing when its certificate changed since, and says since when', async () => {
    const asked: string[] = [];
    const port = await serve(renewed, asked);
    const before = await lookAtCertificate(`https://localhost:${await serve(self)}`);
    const pins = [{ host: 'localhost', fingerprint: before.fingerprint, since: '2026-11-01T00:00:00.000Z' }];
    expect(await lookWith(pins)(`https://localhost:${port}`)).toMatchObject({
      kind: 'untrusted',
      pinnedSince: '2026-11-01T00:00:00.000Z',
      certificate: { subject: 'ops-renewed, Larkspur' },
    });
    expect(asked).toEqual([]);
  });

  it('is told apart by what is wrong with it', async () => {
    const problem = async (identity: Identity) =>
      (await lookAtCertificate(`https://localhost:${await serve(identity)}`)).problem;
    expect(await problem(issued)).toBe('unknown-authority');
    expect(await problem(self)).toBe('self-signed');
    expect(['other-name', 'self-signed']).toContain(await problem(stray));
  });
});

describe('an address where no center can be talked to', () => {
  it('says whether nobody is there, or somebody without TLS', async () => {
    const plain = await listen(createHttpServer((_request, response) => response.end(center)));
    const gone = await serve(self);
    servers.pop()?.close();
    const look = lookWith([]);
    expect(await look(`https://localhost:${plain}`)).toMatchObject({ kind: 'none', why: 'no-tls' });
    expect(await look(`https://localhost:${gone}`)).toMatchObject({ kind: 'none', why: 'refused' });
    expect(await look('https://nowhere.invalid')).toMatchObject({ kind: 'none', why: 'unknown-name' });
  });
});

it('reads Chromium’s way of writing a fingerprint', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  expect(fingerprintOf(`sha256/${bytes.toString('base64')}`)).toMatch(/^00:01:02:.*:1E:1F$/);
});
