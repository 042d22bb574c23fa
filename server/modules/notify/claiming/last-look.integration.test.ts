// Resolving a name and connecting can take seconds: an acknowledgement in that time still keeps the page from leaving.
import { createServer as createHttps } from 'node:https';
import { createServer as createHttp, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { call, isFailed } from '#server/modules/notify/channels/provider-answer.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { accepted, createSendingScene, type SendingScene } from '#server/testkit/sending-scene.ts';
import { testCertificate } from '#server/testkit/test-certificate.ts';

const trusted = getCACertificates('default');
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
let server: Server;
let arrived: string[];
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 6 }));
  clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
  scene = createSendingScene({ database, clock, random: createSeededRandom(13, clock) });
  arrived = [];
  setDefaultCACertificates([...trusted, testCertificate.cert]);
});
afterEach(async () => {
  setDefaultCACertificates(trusted);
  await new Promise((resolve) => server.close(resolve));
  await drop();
});

const take: RequestListener = (request, response) => {
  arrived.push(request.url ?? '');
  response.end('ok');
};

/** A page through a channel that makes one call; what is slow takes three seconds, and `meanwhile` happens in it. */
async function paged(slow: 'resolver' | 'handshake', meanwhile: (incidentId: string) => Promise<unknown>) {
  const incident = await scene.incident();
  let once = true;
  const wait = async () => {
    if (once) await meanwhile(incident.id);
    if (once) clock.advance(3_000);
    once = false;
  };
  const shake = async (done: (error: null) => void) => {
    await wait();
    done(null);
  };
  server =
    slow === 'resolver'
      ? createHttp(take)
      : createHttps({ ...testCertificate, SNICallback: (_name, done) => void shake(done) }, take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outgoing = createOutgoing({
    allowedPrivate: () => [`named.test:${port}`, '127.0.0.1'],
    clock,
    lookup: async () => {
      if (slow === 'resolver') await wait();
      return [{ address: '127.0.0.1', family: 4 }];
    },
  });
  const channelId = scene.channel('webhook', async (_message, _channelId, context) => {
    const url = `http${slow === 'resolver' ? '' : 's'}://named.test:${port}/page`;
    const answer = await call({ ...context, outgoing }, { method: 'POST', url, body: '{}' });
    return isFailed(answer) ? answer : accepted;
  });
  const { ids } = await scene.page(incident.id, { channelId }, [{ via: 'webhook' }]);
  await scene.sender().runDue();
  return scene.notification(ids[0]!);
}

test.each(['resolver', 'handshake'] as const)(
  'over a slow %s nothing arrives after an acknowledgement',
  async (slow) => {
    const after = await paged(slow, (incidentId) => scene.acknowledge(incidentId));
    expect(arrived).toEqual([]);
    expect(after).toMatchObject({ status: 'cancelled', attempts: 0 });
    expect(await scene.ledger('attempt')).toEqual([]);
  },
);

test.each(['resolver', 'handshake'] as const)(
  'over a slow %s it arrives once when nobody acknowledged',
  async (slow) => {
    const after = await paged(slow, () => Promise.resolve());
    expect(arrived).toEqual(['/page']);
    expect(after).toMatchObject({ status: 'delivered', attempts: 1 });
  },
);
