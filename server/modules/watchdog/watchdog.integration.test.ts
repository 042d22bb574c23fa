import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeadLetters, park } from '#server/adapters/postgres/dead-letters.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import {
  defaultPagingSettings,
  type PagingSettings,
  untouchedPagingSettings,
} from '#server/contract/paging-settings.ts';
import { configStore } from '#server/modules/config/store.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { createPagingSettings } from '#server/modules/watchdog/paging-settings.ts';
import { readDue } from '#server/modules/watchdog/store.ts';
import { createWatchdog } from '#server/modules/watchdog/service.ts';
import { type AuditorThread, createAuditorThread, type ToAuditor } from '#server/modules/watchdog/thread.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testId } from '#server/testkit/incidents.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const { database, address, drop } = await makeDatabase();
const clock = createSystemClock();
const random = createSystemRandom(clock);
/** A machine that does other things holds this thread up for a second now and then, and that is no stall. */
const times = { lookEveryMs: 150, overdueMs: 1_000, stallMs: 60_000, againMs: 60_000 };
const channel = testId(5);

/** Is 1 once somebody was told that this thread stands still. */
const toldOfStall = new Int32Array(new SharedArrayBuffer(4));
/** A receiver in a thread of its own, which answers while this one is blocked. */
const receiver = new Worker(
  `const http = require('node:http'); const { parentPort, workerData } = require('node:worker_threads'); const seen = [];
   http.createServer((request, answer) => { let body = ''; request.on('data', (part) => (body += part)); request.on('end', () => {
     if (request.url === '/seen') return answer.end(JSON.stringify(seen));
     if (request.url === '/forget') { seen.length = 0; return answer.end(); }
     seen.push({ path: request.url, body }); answer.end('ok');
     if (body.includes('the server has not moved')) { Atomics.store(workerData, 0, 1); Atomics.notify(workerData, 0); } }); })
   .listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`,
  { eval: true, workerData: toldOfStall },
);
const [port] = (await once(receiver, 'message')) as [number];
const seen = async (path: string) =>
  ((await (await fetch(`http://127.0.0.1:${port}/seen`)).json()) as { path: string; body: string }[]).filter(
    (one) => one.path === path,
  );
const threads: AuditorThread[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.stop())));
afterAll(async () => {
  await receiver.terminate();
  await drop();
});

function aThread(path: string, change: Partial<PagingSettings> = {}, stallMs = times.stallMs) {
  const logger = createMemoryLogger();
  const settings = {
    ...defaultPagingSettings,
    allowedPrivateHosts: [`127.0.0.1:${port}`, '127.0.0.1'],
    fallbackChannelId: channel,
    ...change,
  };
  const facts: ToAuditor = {
    settings,
    fallback: {
      channelId: channel,
      kind: 'webhook',
      settings: { url: `http://127.0.0.1:${port}${path}` },
      secrets: { signingSecret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    },
    publicUrl: 'https://tocsin.example',
  };
  const program = new URL('../../auditor.ts', import.meta.url);
  const thread = createAuditorThread({
    program,
    serverId: random.uuid(),
    address,
    times: { ...times, stallMs },
    facts: async () => facts,
    clock,
    logger,
  });
  threads.push(thread);
  return { thread, logger };
}

async function incident(n: number): Promise<string> {
  const id = testId(n);
  await database.query(
    `INSERT INTO incident (id, number, title, severity, status, started_at) VALUES ($1, $2, 'x', 'sev1', 'triggered', now())`,
    [id, n],
  );
  return id;
}

beforeEach(async () => {
  await (await fetch(`http://127.0.0.1:${port}/forget`)).text();
  await database.query(
    'TRUNCATE escalation, notification, page, audit_look, incident, monitor_beat, config_document, config_version, setting, dead_letter CASCADE',
  );
});

describe('the auditor’s thread', () => {
  it('tells the fallback channel when a step stays undone, keeps the dead man’s heartbeat back, and says when it is over', async () => {
    const { thread, logger } = aThread('/step', {
      deadMan: { url: `http://127.0.0.1:${port}/alive`, intervalSeconds: 600 },
    });
    thread.start();
    await expect.poll(async () => (await seen('/alive')).length).toBe(1);
    expect(thread.lastLook()).toMatchObject({ overdue: 0, faults: [] });
    await database.query(
      `INSERT INTO escalation (id, version, run, status, reason, priority, step, step_count, loop, next_at, acknowledgements_needed, seen, changed)
       VALUES ($1, 1, 1, 'waiting', '', 'important', 0, 1, 0, now(), 1, '{}', false)`,
      [await incident(1)],
    );
    await expect.poll(async () => (await seen('/step')).length).toBe(1);
    expect((await seen('/step'))[0]?.body).toContain('one escalation step is overdue');
    await expect
      .poll(() => thread.lastLook())
      .toMatchObject({ overdue: 1, faults: ['one escalation step is overdue'] });
    await database.query(`UPDATE escalation SET status = 'stopped', next_at = NULL`);
    await expect.poll(async () => (await seen('/step')).length).toBe(2);
    expect((await seen('/step'))[1]?.body).toContain('Paging works again');
    // A look tells first, and is written down then.
    await expect
      .poll(() => database.query('SELECT overdue, dead_man_at FROM audit_look'))
      .toMatchObject([{ overdue: 0, dead_man_at: expect.any(String) }]);
    expect(logger.entries.some((entry) => entry.message === 'paging has stalled')).toBe(true);
  });

  it('tells it when the sender is dead', async () => {
    const { thread } = aThread('/sender');
    const id = await incident(2);
    await database.query(
      `INSERT INTO page (id, version, number, incident_id, run, step, loop, priority, reason, at, late, status) VALUES ($1, 1, 1, $2, 1, 0, 0, 'important', '', now(), false, 'open')`,
      [testId(70), id],
    );
    await database.query(
      `INSERT INTO notification (id, page_id, incident_id, via, address, label, priority, place, planned_at, due_at, status)
       VALUES ($1, $2, $3, 'email', 'x', 'x', 'important', 0, now(), now(), 'pending')`,
      [testId(71), testId(70), id],
    );
    thread.start();
    await expect.poll(async () => (await seen('/sender')).length).toBe(1);
    expect((await seen('/sender'))[0]?.body).toContain('one notification is overdue');
  });

  it('tells it that an accepted alert was put aside, and that it was seen to', async () => {
    const deadLetters = createDeadLetters({ database, clock, appended: () => {} });
    const { thread } = aThread('/parked', {
      deadMan: { url: `http://127.0.0.1:${port}/parked-alive`, intervalSeconds: 600 },
    });
    const record = { id: testId(9), key: 'k', type: 'generic', payload: '{}', receivedAt: clock.now() };
    await database.withTransaction((tx) =>
      park(
        tx,
        { options: { group: 'pipeline', topic: 'ingest' }, clock, random },
        [{ record: { ...record, topic: 'ingest', partition: 0, offset: '1' }, reason: 'poison' }],
        3,
      ),
    );
    thread.start();
    await expect.poll(async () => (await seen('/parked')).length).toBe(1);
    expect((await seen('/parked'))[0]?.body).toContain('it has paged nobody');
    await expect
      .poll(() => thread.lastLook())
      .toMatchObject({ faults: [], parked: expect.stringContaining('One accepted record') });
    const watchdog = createWatchdog({
      database,
      settings: { current: () => untouchedPagingSettings, get: async () => untouchedPagingSettings },
      thread,
      embeddedDatabase: true,
      battery: async () => false,
      platform: 'linux',
      clock,
    });
    const faults = async () =>
      (await watchdog.metrics()).find(({ name }) => name === 'tocsin_paging_faults')?.samples[0]?.value;
    const codes = async () => (await watchdog.status()).notices.map(({ code, level }) => `${level} ${code}`);
    await expect.poll(faults).toBe(1);
    expect(await codes()).toContain('error dead-letters');
    const [letter] = await deadLetters.list({ limit: 1, includeResolved: false });
    await deadLetters.discard(letter!.id);
    await expect.poll(async () => (await seen('/parked')).length).toBe(2);
    expect((await seen('/parked'))[1]?.body).toContain('No dead letter is left');
    await expect.poll(faults).toBe(0);
    expect(await codes()).not.toContain('error dead-letters');
    // It was told, so whoever watches from outside goes on being called.
    await expect.poll(async () => (await seen('/parked-alive')).length).toBe(1);
  });

  it('counts by the database’s clock: held rows, and changes that paging has not looked at; a queue that moves is none', async () => {
    await database.query(
      `INSERT INTO escalation (id, version, run, status, reason, priority, step, step_count, loop, next_at, acknowledgements_needed, seen, changed)
       VALUES ($1, 1, 1, 'held', '', 'important', 0, 1, 0, clock_timestamp() - interval '2 seconds', 1, '{"version": 4}', true)`,
      [await incident(3)],
    );
    await database.query(
      `INSERT INTO page (id, version, number, incident_id, run, step, loop, priority, reason, at, late, status) VALUES ($1, 1, 1, $2, 1, 0, 0, 'important', '', now(), false, 'open')`,
      [testId(70), testId(3)],
    );
    await database.query(
      `INSERT INTO config_document (kind, id, version, body_version, history_version, body, origin, updated_at)
       VALUES ('channel', $1, 1, 1, 1, '{"name": "Ops", "kind": "slack"}', 'ui', now())`,
      [channel],
    );
    const put = (n: number, channelId: string, status: string, due: string) =>
      database.query(
        `INSERT INTO notification (id, page_id, incident_id, channel_id, via, address, label, priority, place, planned_at, due_at, status, claimed_until)
         VALUES ($1, $2, $3, $4, 'slack', 'x', 'x', 'important', 0, now(), clock_timestamp() + $6::interval, $5,
           CASE $5 WHEN 'sending' THEN clock_timestamp() + interval '5 seconds' END)`,
        [testId(n), testId(70), testId(3), channelId, status, due],
      );
    // A channel that is sending: what waits there waits its turn. Another that sends nothing: its sender is dead.
    await put(80, channel, 'sending', '-3 seconds');
    for (const n of [81, 82]) await put(n, channel, 'pending', '-2 seconds');
    await put(83, testId(6), 'pending', '-2 seconds');
    // Held by a limit or by do-not-disturb.
    await put(84, testId(7), 'pending', '10 minutes');
    const read = (paused: boolean) => readDue(database, { overdueMs: 1_000, paused });
    expect(await read(false)).toMatchObject({
      steps: 1,
      notifications: 1,
      claims: 0,
      queues: [{ name: 'Ops', kind: 'slack', waiting: 2 }],
      changed: [{ id: testId(3), seen: 4 }],
    });
    expect(await read(true)).toMatchObject({ notifications: 0, queues: [] });
  });

  it('tells it while the main thread is blocked', async () => {
    const { thread } = aThread('/blocked', {}, 700);
    Atomics.store(toldOfStall, 0, 0);
    thread.start();
    await expect.poll(() => thread.lastLook()).not.toBeNull();
    // Stands still until then.
    expect(Atomics.wait(toldOfStall, 0, 0, 10_000)).not.toBe('timed-out');
    expect((await seen('/blocked'))[0]?.body).toContain('the server has not moved');
  });
});

describe('the settings of paging', () => {
  const build = () =>
    createPagingSettings({
      database,
      config: createConfigReader(),
      canTell: (kind) => kind === 'webhook',
      nameOf: async (_tx, userId) => (userId === testId(1) ? 'Mara' : 'Diego'),
      wake: { on: () => () => {} },
      clock,
      logger: createMemoryLogger(),
    });

  it('are kept, told to whoever asked, and refuse a fallback that can tell nobody', async () => {
    const settings = build();
    const heard: string[] = [];
    settings.onChange((one) => heard.push(one.mode));
    await settings.start();
    expect(settings.current()).toMatchObject(defaultPagingSettings);
    await settings.set({ mode: 'paused' }, testId(1));
    expect(settings.current().mode).toBe('paused');
    expect(heard).toEqual(['paused']);
    const other = build();
    await other.start();
    expect(other.current().mode).toBe('paused');
    await expect(settings.set({ allowedPrivateHosts: ['mail.internal 10.0.0.0/8'] }, testId(1))).rejects.toThrow(
      'would allow nothing',
    );
    await expect(settings.set({ fallbackChannelId: channel }, testId(1))).rejects.toThrow('not there any more');
    const deadMan = { url: 'http://169.254.169.254/latest', intervalSeconds: 60 };
    await expect(settings.set({ deadMan }, testId(1))).rejects.toMatchObject({ code: 'invalid' });
    const save = (id: string, kind: string, enabled: boolean) =>
      database.withTransaction((tx) =>
        configStore.write(tx, '2026-11-21T12:00:00.000Z', {
          save: [
            {
              kind: 'channel',
              id,
              draft: { name: kind, kind, enabled, settings: {} },
              state: { secretNames: [], lastSentAt: null, lastError: null },
              findings: [],
              origin: 'ui',
              by: null,
            } as never,
          ],
        }),
      );
    await save(channel, 'twilio', true);
    await expect(settings.set({ fallbackChannelId: channel }, testId(1))).rejects.toThrow('cannot tell anybody');
    await save(channel, 'webhook', false);
    await expect(settings.set({ fallbackChannelId: channel }, testId(1))).rejects.toThrow('switched off');
    await save(channel, 'webhook', true);
    expect((await settings.set({ fallbackChannelId: channel }, testId(1))).fallbackChannelId).toBe(channel);
    // One that was switched off later keeps nobody from pausing everything.
    await save(channel, 'webhook', false);
    expect((await settings.set({ mode: 'live' }, testId(1))).mode).toBe('live');
    settings.stop();
    other.stop();
  });

  it('lose no change when two administrators save at once, and refuse one that another has overtaken', async () => {
    const [here, there] = [build(), build()];
    const save = (one: typeof here, change: Partial<PagingSettings>, who: number, base: number | null) =>
      one.set(change, testId(who), base);
    // At once, the first two there ever were: of both, everything stays.
    await Promise.all([
      save(here, { mode: 'shadow' }, 1, 0),
      save(there, { allowedPrivateHosts: ['mail.internal'] }, 2, 0),
    ]);
    const seen = await here.get();
    expect(seen).toMatchObject({ mode: 'shadow', allowedPrivateHosts: ['mail.internal'], version: 2 });
    await save(here, { allowedPrivateHosts: ['10.0.0.0/8'] }, 1, seen.version);
    const late = save(there, { allowedPrivateHosts: ['chat.internal'] }, 2, seen.version);
    await expect(late).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^Mara changed the private addresses that channels may call at /),
      current: { allowedPrivateHosts: ['10.0.0.0/8'], version: 3 },
    });
    // Another field is nobody's quarrel, and neither is what both of them want.
    await save(there, { mode: 'live' }, 2, seen.version);
    await save(there, { allowedPrivateHosts: ['10.0.0.0/8'] }, 2, seen.version);
    expect(await here.get()).toMatchObject({ mode: 'live', allowedPrivateHosts: ['10.0.0.0/8'], version: 4 });
  });

  it('stand in the status with what has to be said about the host', async () => {
    const settings = build();
    const thread = { lastLook: () => null };
    const watchdog = createWatchdog({
      database,
      settings,
      thread,
      embeddedDatabase: true,
      battery: async () => true,
      platform: 'linux',
      clock,
    });
    expect(await watchdog.status()).toMatchObject({
      mode: 'live',
      host: { laptop: true },
      deadManSet: false,
      fallbackSet: false,
    });
    expect((await watchdog.metrics()).map((metric) => metric.name)).toContain('tocsin_paging_overdue');
  });
});
