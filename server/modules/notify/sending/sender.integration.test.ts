import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import type { OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { accepted, createSendingScene, refused, type SendingScene } from '#server/testkit/sending-scene.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 12 }));
  clock = createFakeClock(start);
  scene = createSendingScene({ database, clock, random: createSeededRandom(7, clock) });
});
afterEach(() => drop());

const seconds = () => (clock.now() - start) / 1_000;

/** Runs the sender once a second of fake time. */
async function runFor(sender: { runDue(): Promise<number> }, forSeconds: number): Promise<void> {
  for (let i = 0; i <= forSeconds; i += 1) {
    await sender.runDue();
    if (i < forSeconds) clock.advance(1_000);
  }
}

describe('retries', () => {
  test('0, 15, 60 and 180 s after the first try, under one id, then given up', { timeout: 60_000 }, async () => {
    const tries: [number, string][] = [];
    const channelId = scene.channel('webhook', (message) => {
      tries.push([seconds(), message.id]);
      return refused();
    });
    const incident = await scene.incident();
    const { ids } = await scene.page(incident.id, { channelId }, [{ via: 'webhook' }]);
    await runFor(scene.sender(), 200);
    expect(tries).toEqual([0, 15, 60, 180].map((at) => [at, ids[0]]));
    expect(await scene.notification(ids[0]!)).toMatchObject({
      status: 'failed',
      attempts: 4,
      lastError: 'answered 500',
    });
  });

  test('wait as long as Retry-After says, five minutes at most', { timeout: 60_000 }, async () => {
    const tries: number[] = [];
    const waits = [100_000, 3_600_000];
    const channelId = scene.channel('webhook', () => {
      tries.push(seconds());
      const retryAfterMs = waits[tries.length - 1];
      return retryAfterMs === undefined ? accepted : refused({ retryAfterMs, reason: 'answered 429' });
    });
    await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
    await runFor(scene.sender(), 420);
    expect(tries).toEqual([0, 100, 400]);
  });

  test('are not made after a permanent failure; the next way goes at once', async () => {
    const sent: [string, number][] = [];
    const mail = scene.channel('email', () => {
      sent.push(['email', seconds()]);
      return refused({ permanent: true, reason: 'answered 404' });
    });
    const text = scene.channel('twilio', () => {
      sent.push(['sms', seconds()]);
      return accepted;
    });
    const userId = await scene.person('Ada');
    await scene.page((await scene.incident()).id, { userId }, [
      { via: 'email', channelId: mail, address: 'ada@example.com' },
      { via: 'sms', channelId: text, address: '+491511234567', after: 300_000 },
    ]);
    await runFor(scene.sender(), 3);
    expect(sent).toEqual([
      ['email', 0],
      ['sms', 0],
    ]);
    const [entry] = await database.query<{ text: string; kind: string }>(`SELECT text, kind FROM timeline_entry`);
    expect(entry).toEqual({ kind: 'page', text: 'Email to somebody for Ada failed: answered 404. It is given up.' });
  });

  test('go on while the next way starts within 60 s; a success puts the plan back', async () => {
    let up = false;
    const sent: [string, number][] = [];
    const mail = scene.channel('email', () => {
      sent.push(['email', seconds()]);
      return up ? accepted : refused();
    });
    const text = scene.channel('twilio', (message) => {
      sent.push([message.contact!.kind, seconds()]);
      return refused();
    });
    const userId = await scene.person('Ada');
    const { ids } = await scene.page((await scene.incident()).id, { userId }, [
      { via: 'email', channelId: mail, address: 'ada@example.com' },
      { via: 'sms', channelId: text, address: '+491511234567', after: 300_000 },
      { via: 'voice', channelId: text, address: '+491511234567', after: 600_000 },
    ]);
    const sender = scene.sender();
    await runFor(sender, 59);
    expect(sent.filter(([via]) => via === 'sms').map(([, at]) => at)).toEqual([58]);
    // The call was brought forward by the text that failed; the e-mail that arrives puts it back.
    expect((await scene.notification(ids[2]!)).dueAt < (await scene.notification(ids[2]!)).plannedAt).toBe(true);
    up = true;
    await runFor(sender, 2);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'delivered' });
    const call = await scene.notification(ids[2]!);
    expect(call.dueAt).toBe(call.plannedAt);
  });

  test('when every way of a step failed, the next step is due', async () => {
    const channelId = scene.channel('webhook', () => refused({ permanent: true }));
    const mail = scene.channel('email', () => refused({ permanent: true }));
    const incident = await scene.incident();
    const userId = await scene.person('Ada');
    await scene.pages([
      { incidentId: incident.id, target: { channelId }, ways: [{ via: 'webhook' }] },
      { incidentId: incident.id, target: { userId }, ways: [{ via: 'email', channelId: mail, address: 'a@b.c' }] },
    ]);
    await scene.sender().runDue();
    expect(scene.state.exhausted).toEqual([0]);
  });

  test('an answer that makes no sense is a failed try with its body in the ledger, without secrets and numbers', async () => {
    const body = `<html>token secret-token-1 for +49 1511 234567 %2B491511234567${'x'.repeat(3_000)}`;
    const text = scene.channel('twilio', () =>
      refused({ reason: 'answered with something that is not JSON', response: body }),
    );
    const userId = await scene.person('Ada');
    await scene.page((await scene.incident()).id, { userId }, [
      { via: 'sms', channelId: text, address: '+491511234567' },
    ]);
    await scene.sender().runDue();
    const [entry] = await scene.ledger('attempt');
    const { response } = JSON.parse(entry!.input) as { response: string };
    expect(response).toHaveLength(2_000);
    expect(response).toMatch(/^<html>token … for \+49 … 67 %2B … 67x|^<html>token … for \+49 … 67/);
    const whole = await database.query<{ found: number }>(
      `SELECT count(*) AS found FROM ledger WHERE input || output || detail || title ~ 'secret-token|511234567|1511 234567'`,
    );
    expect(whole[0]!.found).toBe(0);
  });
});

describe('a real receiver', () => {
  let server: Server;
  const arrivals: { id: string; at: number }[] = [];
  let answer = 200;
  let port = 0;
  let arrived = () => {};
  beforeEach(async () => {
    arrivals.length = 0;
    answer = 200;
    arrived = () => {};
    server = createServer((request, response) => {
      arrivals.push({ id: String(request.headers['idempotency-key']), at: performance.now() });
      arrived();
      response.writeHead(answer).end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const post = async (message: OutgoingMessage) => {
    const got = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'idempotency-key': message.id },
    });
    await got.text();
    return got.ok ? accepted : refused({ reason: `answered ${got.status}` });
  };

  test('gets each of 3,000 messages once from two senders at work together', { timeout: 120_000 }, async () => {
    const channelIds = Array.from({ length: 12 }, () => scene.channel('webhook', post));
    const incident = await scene.incident();
    for (let i = 0; i < 3; i += 1) {
      await scene.pages(
        Array.from({ length: 1_000 }, (_, k) => {
          const channelId = channelIds[k % 12]!;
          return { incidentId: incident.id, target: { channelId }, ways: [{ via: 'webhook' as const }] };
        }),
      );
    }
    const sent = await Promise.all([scene.sender().runDue(), scene.sender().runDue()]);
    expect(sent[0]! + sent[1]!).toBe(3_000);
    // Both took part.
    expect(Math.min(...sent)).toBeGreaterThan(100);
    expect(arrivals).toHaveLength(3_000);
    expect(new Set(arrivals.map((arrival) => arrival.id)).size).toBe(3_000);
    const left = await database.query(`SELECT DISTINCT status FROM notification`);
    expect(left).toEqual([{ status: 'delivered' }]);
  });

  test('gets at most one duplicate, with the same id, from a server that ends between sending and recording', async () => {
    const channelId = scene.channel('webhook', post);
    const { ids } = await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
    // A server that is gone once it has sent: nothing it does afterwards reaches the database.
    let dead = false;
    const dying: Database = {
      ...database,
      withTransaction: (fn, options) => (dead ? new Promise(() => {}) : database.withTransaction(fn, options)),
    };
    const first = scene.sender({ database: dying, leaseMs: 300 });
    arrived = () => (dead = true);
    void first.runDue();
    await until(() => dead);
    const second = scene.sender({ leaseMs: 300 });
    await until(async () => {
      await second.runDue();
      return (await scene.notification(ids[0]!)).status === 'delivered';
    });
    expect(arrivals.map((arrival) => arrival.id)).toEqual([ids[0], ids[0]]);
    expect((await scene.ledger('attempt')).map((entry) => entry.title)).toEqual([
      'Webhook to somebody, try 1: no result',
      'Webhook to somebody, try 2: taken',
    ]);
  });
});

/** Until it is so. */
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(done, { interval: 5 }).toBe(true);
}

describe('an acknowledgement', () => {
  test('cancels what was not sent', async () => {
    const sent: string[] = [];
    const channelId = scene.channel('webhook', (message) => {
      sent.push(message.id);
      return accepted;
    });
    const incident = await scene.incident();
    const { ids } = await scene.page(incident.id, { channelId }, [{ via: 'webhook', after: 5_000 }]);
    const sender = scene.sender();
    await runFor(sender, 3);
    await scene.acknowledge(incident.id);
    await runFor(sender, 20);
    expect(sent).toEqual([]);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'cancelled' });
  });

  test('frozen between claim and send, a server drops what it claimed and sends nothing after the acknowledgement', async () => {
    const sent: string[] = [];
    const channelId = scene.channel('webhook', (message) => {
      sent.push(message.id);
      return accepted;
    });
    const incident = await scene.incident();
    const { ids } = await scene.page(incident.id, { channelId }, [{ via: 'webhook' }]);
    const sender = scene.sender({
      secrets: {
        // After the claim has committed, before the message leaves.
        async open() {
          await scene.acknowledge(incident.id);
          clock.advance(60_000);
          return {};
        },
      },
    });
    await sender.runDue();
    expect(sent).toEqual([]);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'cancelled', attempts: 0 });
  });

  test('the same over the sleep of the machine, in which the monotonic clock stands still', async () => {
    const sent: string[] = [];
    const channelId = scene.channel('webhook', (message) => {
      sent.push(message.id);
      return accepted;
    });
    const incident = await scene.incident();
    await scene.page(incident.id, { channelId }, [{ via: 'webhook' }]);
    const sender = scene.sender({
      secrets: {
        async open() {
          await scene.acknowledge(incident.id);
          clock.suspend(3_600_000);
          return {};
        },
      },
    });
    await sender.runDue();
    expect(sent).toEqual([]);
  });

  test('without one, what was dropped as too old is claimed again and sent once', async () => {
    const sent: string[] = [];
    const channelId = scene.channel('webhook', (message) => {
      sent.push(message.id);
      return accepted;
    });
    const { ids } = await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
    let slow = true;
    const sender = scene.sender({
      secrets: {
        open() {
          if (slow) clock.advance(900);
          slow = false;
          return Promise.resolve({});
        },
      },
    });
    await sender.runDue();
    expect(sent).toEqual([ids[0]]);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  test('while the message is leaving: that it left is written down, and it is not tried again', async () => {
    const incident = await scene.incident();
    let tries = 0;
    const channelId = scene.channel('webhook', async () => {
      tries += 1;
      await scene.acknowledge(incident.id);
      return refused();
    });
    const { ids } = await scene.page(incident.id, { channelId }, [{ via: 'webhook' }]);
    await runFor(scene.sender(), 30);
    expect(tries).toBe(1);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'cancelled' });
  });
});

test('a zombie, frozen between send and record, cannot undo what another server recorded', async () => {
  let release = () => {};
  const frozen = new Promise<void>((resolve) => (release = resolve));
  const sent: string[] = [];
  const channelId = scene.channel('webhook', async (message) => {
    sent.push(message.id);
    if (sent.length > 1) return accepted;
    await frozen;
    return refused();
  });
  const { ids } = await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
  const zombie = scene.sender({ leaseMs: 100 }).runDue();
  await until(() => sent.length === 1);
  const other = scene.sender();
  await until(async () => {
    await other.runDue();
    return sent.length === 2;
  });
  release();
  await zombie;
  expect(sent).toEqual([ids[0], ids[0]]);
  expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'delivered', attempts: 2 });
});
