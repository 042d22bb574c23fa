import Fastify from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import { Roster } from '#server/contract/schedule.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { type ConfigChangeDeps, createConfigChanges } from '#server/modules/config/changes.ts';
import { toPublic } from '#server/modules/config/public.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { configStore } from '#server/modules/config/store.ts';
import { createCalendarReader } from '#server/modules/oncall/calendar-reader.ts';
import { createCalendars } from '#server/modules/oncall/calendars.ts';
import { createFeeds, registerCalendarRoutes } from '#server/modules/oncall/feeds.ts';
import { readRostersForReplica } from '#server/modules/oncall/roster-store.ts';
import { createRosters } from '#server/modules/oncall/rosters.ts';
import { createOnCall } from '#server/modules/oncall/service.ts';
import { createSwapIntents } from '#server/modules/oncall/swap-intents.ts';
import type { OutgoingAnswer } from '#server/outgoing/outgoing.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { aLayer, anId, aSchedule, somePeople } from '#server/testkit/oncall.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
// A Monday; person 1 is on call until 08:00 UTC of Tuesday.
const clock = createFakeClock(Date.UTC(2026, 0, 5, 12));
const random = createSeededRandom(7, clock);
const logger = createMemoryLogger();
const reader = createConfigReader();
const now = () => new Date(clock.now()).toISOString();
const disabled = new Set<string>();
const readPeople = async () => ({ users: somePeople([...disabled]), teams: new Map() });
let answer: Partial<OutgoingAnswer> & { status: number } = { status: 500 };
const system = createSystemClock();
const calendars = createCalendars({
  database,
  reader,
  people: async () => [...somePeople().values()].map((person) => ({ ...person, emails: [] })),
  outgoing: { request: async () => ({ headers: {}, body: '', truncated: false, ...answer }) },
  readText: createCalendarReader({ clock: system }),
  clock,
  logger,
  changed: () => rosters.changed(),
});
// Real time for yielding: nobody moves the fake clock inside a refresh.
const rosters = createRosters({
  database,
  reader,
  readPeople,
  calendars,
  clock: { ...clock, sleep: system.sleep },
  logger,
});
const none = () => [];
const changes = createConfigChanges({
  reader,
  readPeople,
  checks: {
    schedule: none,
    override: none,
    timeOff: none,
    swap: none,
    policy: none,
    route: none,
    inhibition: none,
    channel: none,
    monitor: none,
    responder: none,
    stakeholderList: none,
  },
  afterSave: rosters.afterSave,
  sealSecrets: async () => {},
} as ConfigChangeDeps);

function write(kind: ConfigKind, id: string, draft: DraftOf<ConfigKind> | null) {
  return database.withTransaction(async (tx) => {
    await configStore.lock(tx);
    const given = {
      config: await reader.current(tx),
      people: await readPeople(),
      at: now(),
      by: anId(1),
      origin: 'ui',
    } as const;
    await changes.write(tx, now(), anId(1), await changes.prepare(given, [{ kind, id, draft }]));
  });
}

const swapIntents = createSwapIntents({
  config: { lock: configStore.lock, reader, changes, toPublic },
  readPeople,
  calendars,
});
const onCall = createOnCall({
  database,
  reader,
  configAt: () => reader.current(database),
  readPeople,
  calendars,
  clock,
  random,
});
const rostersNow = async () =>
  (await readRostersForReplica(database, null, null, 10)).map(({ body }) => Roster.parse(body));
const feedRows = (id: string) =>
  database.query<{ op: string; version: number }>(
    `SELECT op, version FROM feed WHERE entity = 'roster' AND id = $1 ORDER BY seq`,
    [id],
  );
const nowOn = async (schedule = anId(800)) =>
  (await onCall.at(schedule, null)).map(({ userId, source }) => [userId, source.type]);

beforeAll(async () => {
  await database.withTransaction(async (tx) => {
    for (const person of somePeople().values())
      await peopleStore.insertUser(tx, { ...person, role: 'responder', at: now() });
  });
  await write('schedule', anId(800), aSchedule().draft);
});

describe('rosters', () => {
  it('are written with the schedule, with a feed row, and only when they differ', async () => {
    const [roster] = await rostersNow();
    expect(roster).toMatchObject({
      id: anId(800),
      version: 1,
      from: '2025-12-22T00:00:00.000Z',
      to: '2026-01-20T00:00:00.000Z',
    });
    expect(roster?.shifts[0]).toMatchObject({ userId: anId(1), startsAt: '2026-01-05T08:00:00.000Z' });
    expect(await rosters.refresh()).toBe(0);
    expect(await feedRows(anId(800))).toEqual([{ op: 'put', version: 1 }]);
  });

  it('follow overrides, time off and disabled people', async () => {
    const when = { startsAt: now(), endsAt: '2026-01-06T08:00:00.000Z', reason: '' };
    await write('override', anId(100), {
      scheduleId: anId(800),
      ...when,
      mode: 'replace',
      userId: anId(5),
      replacedUserId: null,
    });
    const holders = async () => (await rostersNow())[0]?.shifts.slice(0, 3).map(({ userId }) => userId);
    expect(await holders()).toEqual([anId(1), anId(5), anId(2)]);
    await write('override', anId(100), null);
    await write('timeOff', anId(101), { userId: anId(1), ...when });
    expect(await holders()).toEqual([anId(1), anId(2), anId(2)]);
    await write('timeOff', anId(101), null);
    disabled.add(anId(1));
    expect(await rosters.refresh()).toBe(1);
    expect((await holders())?.[0]).toBe(anId(2));
    disabled.clear();
    await rosters.refresh();
  });

  it('go with their schedule', async () => {
    await write('schedule', anId(801), { ...aSchedule().draft, name: 'Other' });
    await write('schedule', anId(801), null);
    expect((await feedRows(anId(801))).map(({ op }) => op)).toEqual(['put', 'delete']);
  });

  it('come back with it above the version of the deletion, which readers who were away would take for newer', async () => {
    await write('schedule', anId(801), { ...aSchedule().draft, name: 'Other' });
    expect((await feedRows(anId(801))).map(({ version }) => version)).toEqual([1, 2, 3]);
    await write('schedule', anId(801), null);
  });
});

describe('a swap', () => {
  const answerAs = (user: number, accept: boolean) =>
    database.withTransaction((tx) =>
      swapIntents['swap.answer'](
        tx,
        anIntent(
          { kind: 'swap.answer', swapId: anId(110), accept },
          { at: now(), random, actor: anActor({ userId: anId(user), role: 'responder' }) },
        ),
      ),
    );
  const ask = (change: Partial<DraftOf<'swap'>> = {}) =>
    write('swap', anId(110), {
      scheduleId: anId(800),
      fromUserId: anId(1),
      toUserId: null,
      give: { startsAt: now(), endsAt: '2026-01-06T08:00:00.000Z' },
      takeBack: null,
      reason: '',
      status: 'asked',
      answeredAt: null,
      ...change,
    });

  it('that is open goes to the first who takes it, and changes who is on call', async () => {
    await ask();
    expect(await answerAs(1, true)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
    const both = await Promise.all([answerAs(4, true), answerAs(5, true)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'conflict']);
    const winner = both[0]?.outcome === 'applied' ? anId(4) : anId(5);
    expect(await nowOn()).toEqual([[winner, 'swap']]);
    expect((await answerAs(winner === anId(4) ? 4 : 5, true)).outcome).toBe('noop');
    await write('swap', anId(110), null);
  });

  it("is answered by whom it asks, and conflicts when the shift is no longer the giver's", async () => {
    await ask({ toUserId: anId(4) });
    expect(await answerAs(5, true)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
    const when = { startsAt: now(), endsAt: '2026-01-07T08:00:00.000Z', reason: '' };
    await write('override', anId(111), {
      scheduleId: anId(800),
      ...when,
      mode: 'replace',
      userId: anId(6),
      replacedUserId: null,
    });
    expect(await answerAs(4, true)).toMatchObject({
      outcome: 'conflict',
      entity: 'swap',
      current: { status: 'asked' },
    });
    await write('override', anId(111), null);
    expect((await answerAs(4, false)).outcome).toBe('applied');
    expect((await answerAs(4, true)).outcome).toBe('conflict');
    expect(await nowOn()).toEqual([[anId(1), 'layer']]);
    await write('swap', anId(110), null);
  });
});

describe('who is on call', () => {
  it('is told with the whole shift, by id or name, and 404 for neither', async () => {
    expect(await onCall.at('Payments', null)).toEqual([
      expect.objectContaining({ user: 'Person 1', from: '2026-01-05T08:00:00.000Z', to: '2026-01-06T08:00:00.000Z' }),
    ]);
    await expect(onCall.at('Nothing', null)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is told for a draft, with rows, quality and findings', async () => {
    const draft = {
      ...aSchedule().draft,
      layers: [aLayer({ restrictions: [{ days: [1], from: '09:00', to: '10:00' }] })],
    };
    const when = { startsAt: now(), endsAt: '2026-01-05T13:00:00.000Z' };
    const overrides = [{ scheduleId: anId(800), ...when, mode: 'add' as const, userId: anId(7), reason: '' }];
    const span = { from: '2026-01-05T00:00:00.000Z', to: '2026-01-06T00:00:00.000Z' };
    const preview = await onCall.preview({ scheduleId: anId(800), draft, ...span, overrides, timeOffs: [], swaps: [] });
    expect(preview.layers[0]).toMatchObject({
      shifts: [{ userId: anId(1), startsAt: '2026-01-05T08:00:00.000Z', endsAt: '2026-01-05T09:00:00.000Z' }],
      offDuty: [
        { startsAt: span.from, endsAt: '2026-01-05T08:00:00.000Z' },
        { startsAt: '2026-01-05T09:00:00.000Z', endsAt: span.to },
      ],
    });
    expect(preview.overrides).toMatchObject([{ userId: anId(7), ...when }]);
    expect(preview.result).toHaveLength(2);
    expect(preview.findings.map(({ code }) => code)).toContain('gap');
  });
});

describe('calendar feeds', () => {
  const feeds = createFeeds({
    database,
    reader,
    readPeople,
    calendars,
    baseUrl: () => 'https://t.example',
    clock,
    random,
  });
  const app = Fastify();
  registerCalendarRoutes(app, { feeds, take: () => 0 });
  const get = async (url: string) => {
    const { statusCode, body, headers } = await app.inject({ url: new URL(url).pathname });
    return { statusCode, body, type: headers['content-type'] };
  };

  it("open one person's shifts or one schedule by their address, until it is renewed or revoked", async () => {
    const mine = await feeds.create(anId(2), null, false);
    const answered = await get(mine.url);
    expect(answered).toMatchObject({ statusCode: 200, type: 'text/calendar; charset=utf-8' });
    expect(answered.body).toContain('Payments (Person 2)');
    expect(answered.body).not.toContain('Person 1');
    const all = await feeds.create(anId(2), anId(800), false);
    expect((await get(all.url)).body).toContain('Payments (Person 1)');
    await feeds.create(anId(2), null, true);
    expect((await get(mine.url)).statusCode).not.toBe(200);
    const first = (await feeds.list(anId(2))).find((feed) => feed.scheduleId !== null);
    expect(first).toMatchObject({ scheduleId: anId(800), lastUsedAt: now() });
    await expect(feeds.revoke(anId(3), first!.id)).rejects.toMatchObject({ code: 'not-found' });
    await feeds.revoke(anId(2), first!.id);
    expect((await get(all.url)).statusCode).not.toBe(200);
  });

  it('close with their owner, and tell nothing of what they store', async () => {
    const { url } = await feeds.create(anId(3), null, false);
    expect((await get(url)).statusCode).toBe(200);
    disabled.add(anId(3));
    expect((await get(url)).statusCode).not.toBe(200);
    disabled.clear();
    const [, token] = /calendars\/(.*)\.ics/.exec(url) ?? [];
    const stored = JSON.stringify(await database.query('SELECT * FROM calendar_feed'));
    expect(stored).not.toContain(token);
  });
});

describe('a calendar layer', () => {
  const url = 'https://calendar.example/shifts.ics';
  const body = [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTART:20260105T000000Z',
    'DTEND:20260106T000000Z',
    'SUMMARY:person-8',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:2',
    'DTSTART:20260107T000000Z',
    'DTEND:20260108T000000Z',
    'SUMMARY:Somebody else',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

  it('is read, matched to people, kept when the address fails, and says what it does not understand', async () => {
    const layers = [{ type: 'calendar' as const, id: anId(910), name: 'Feed', priority: 0, url }];
    await write('schedule', anId(802), aSchedule({ name: 'By calendar', layers }).draft);
    const preview = () =>
      onCall.preview({
        scheduleId: anId(802),
        draft: null,
        from: now(),
        to: '2026-01-09T00:00:00.000Z',
        overrides: [],
        timeOffs: [],
        swaps: [],
      });
    const findings = async () => (await preview()).findings.map(({ code }) => code);
    await calendars.runDue();
    expect(await findings()).toEqual(['gap', 'calendar-unread']);
    clock.advance(4 * 60_000);
    answer = { status: 200, body };
    await calendars.runDue();
    expect(await nowOn(anId(802))).toEqual([[anId(8), 'calendar']]);
    expect(await findings()).toEqual(['gap', 'unmatched']);
    clock.advance(20 * 60_000);
    answer = { status: 200, body: '<html>sign in</html>' };
    await calendars.runDue();
    expect(await nowOn(anId(802))).toEqual([[anId(8), 'calendar']]);
    expect(await findings()).toEqual(['gap', 'unmatched', 'calendar-old']);
  });
});
