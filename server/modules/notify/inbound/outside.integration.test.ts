import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import type { ChannelDraft } from '#server/contract/channel.ts';
import type { Page } from '#server/contract/page.ts';
import type { Database } from '#server/database/pool.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import type { CheckWorld } from '#server/modules/config/state.ts';
import { readIncident } from '#server/modules/incidents/store.ts';
import { createActFromOutside } from '#server/modules/notify/inbound/act-from-outside.ts';
import { createChannelCheck } from '#server/modules/notify/check-channel.ts';
import { noticeIncidents } from '#server/modules/notify/sending/channel-messages.ts';
import { readPagesForReplica } from '#server/modules/notify/read-store.ts';
import { channelTypes } from '#server/modules/notify/registry.ts';
import { createPages } from '#server/modules/notify/service.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { createIncidentApp } from '#server/testkit/incident-app.ts';
import { testId } from '#server/testkit/incidents.ts';
import { anActor } from '#server/testkit/people.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { createSendingScene, type SendingScene } from '#server/testkit/sending-scene.ts';

const team = '00000000-0000-4000-8000-0000000000aa';
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase());
  clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
  scene = createSendingScene({ database, clock, random: createSeededRandom(5, clock) });
});
afterEach(() => drop());

describe('acting from outside', () => {
  async function world() {
    const app = createIncidentApp({ database, clock, random: createSeededRandom(6, clock) });
    const ada = await app.person('Ada', 'responder', [team]);
    const act = createActFromOutside({
      sql: database,
      people: peopleStore,
      incident: (reader, id) => readIncident(database, reader, id),
      intents: app.intents,
      clock,
    });
    return { act, ada, app };
  }
  const base = { action: 'acknowledge' as const, via: 'text message', deliveryId: 'SM1' };

  test('is the same intent as from a client, and the same delivery again has no effect', async () => {
    const { act, ada } = await world();
    const incident = await scene.incident();
    const told = { ...base, userId: ada.userId, incidentId: incident.id };
    expect(await act(told)).toEqual({ ok: true, text: 'INC-1 acknowledged. Paging stops.' });
    await act({ ...told, action: 'note', text: 'on it', deliveryId: 'SM2' });
    await act({ ...told, action: 'note', text: 'on it', deliveryId: 'SM2' });
    expect(await readIncident(database, ada, incident.id)).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: ada.userId,
    });
    const entries = await database.query(`SELECT kind, actor FROM timeline_entry ORDER BY kind`);
    expect(entries).toEqual([
      { kind: 'note', actor: 'Ada' },
      { kind: 'status', actor: 'Ada' },
    ]);
  });

  test('is refused to those who are switched off, who look only, or who may not see the incident', async () => {
    const { act, ada, app } = await world();
    const hidden = await scene.incident({ restrictedTo: ['00000000-0000-4000-8000-0000000000bb'] });
    const open = await scene.incident();
    const say = (userId: string, incidentId: string) => act({ ...base, userId, incidentId });
    expect(await say(ada.userId, hidden.id)).toMatchObject({
      ok: false,
      text: expect.stringContaining('not yours to see'),
    });
    const viewer = await app.person('Vic', 'viewer');
    expect(await say(viewer.userId, open.id)).toMatchObject({
      ok: false,
      text: expect.stringContaining('needs the role'),
    });
    await database.query('UPDATE user_account SET disabled = true WHERE id = $1', [ada.userId]);
    expect(await say(ada.userId, open.id)).toMatchObject({ ok: false, text: expect.stringContaining('switched off') });
    expect(await readIncident(database, ada, open.id)).toMatchObject({ status: 'triggered' });
  });
});

describe('reading pages', () => {
  const outsider: Actor = anActor({ userId: testId(70), role: 'responder', teamIds: [] });
  const insider: Actor = anActor({ userId: testId(71), role: 'responder', teamIds: [team] });
  const pages = () =>
    createPages({
      sql: database,
      receipts: { fromClient: () => Promise.resolve() },
      direct: { testChannel: () => Promise.resolve({ ok: true, text: '', elapsedMs: 0 }) },
      types: channelTypes,
    });
  const query = { userId: null, incidentId: null, from: null, to: null, limit: 2, cursor: null };

  test('comes in pages, the newest first, without those of incidents one may not see, and without addresses', async () => {
    const userId = await scene.person('Ada');
    const way = { via: 'sms' as const, channelId: testId(60), address: '+491511234567' };
    const hidden = await scene.incident({ restrictedTo: [team] });
    const open = await scene.incident();
    const ids: string[] = [];
    for (const incident of [open, hidden, open, open]) {
      ids.push((await scene.page(incident.id, { userId }, [way], { audience: incident.restrictedTo })).pageId);
      clock.advance(1_000);
    }
    const read = async (reader: Actor) => {
      const found: Page[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: Page[]; nextCursor: string | null } = await pages().list(reader, { ...query, cursor });
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return found;
    };
    expect((await read(insider)).map((page) => page.id)).toEqual(ids.toReversed());
    expect((await read(outsider)).map((page) => page.id)).toEqual([ids[3], ids[2], ids[0]]);
    expect(JSON.stringify(await read(insider))).not.toContain('511234567');
    const at = new Date(clock.now()).toISOString();
    const replica = async (reader: Actor) => (await readPagesForReplica(database, reader, null, 100, at)).length;
    expect([await replica(insider), await replica(outsider)]).toEqual([4, 3]);
    expect((await pages().list(insider, { ...query, incidentId: hidden.id })).items).toHaveLength(1);
    expect((await pages().list(outsider, { ...query, incidentId: hidden.id })).items).toEqual([]);
  });

  test('when an incident is restricted, its pages go from the screens of those outside', async () => {
    const incident = await scene.incident();
    const { pageId } = await scene.page(incident.id, { userId: await scene.person('Ada') }, [{ via: 'desktop' }]);
    await database.withTransaction((tx) =>
      noticeIncidents(tx, '2026-11-21T12:00:00.000Z', [{ id: incident.id, restrictedTo: [team] }]),
    );
    const feed = await database.query(`SELECT op, audience, version FROM feed WHERE id = $1 ORDER BY seq`, [pageId]);
    expect(feed).toEqual([
      { op: 'put', audience: [team], version: 1 },
      { op: 'delete', audience: null, version: 2 },
      { op: 'put', audience: [team], version: 3 },
    ]);
  });

  test('of a person, each open page has a reply code of its own', async () => {
    const userId = await scene.person('Ada');
    const incident = await scene.incident();
    await scene.page(incident.id, { userId }, [{ via: 'desktop' }]);
    await database.query(`SELECT setval('page_number', 10000)`);
    await scene.page(incident.id, { userId }, [{ via: 'desktop' }]);
    const codes = await database.query(`SELECT number, reply_code AS code FROM page ORDER BY number`);
    expect(codes).toEqual([
      { number: 1, code: '0001' },
      { number: 10_001, code: '0002' },
    ]);
  });
});

describe('saving a channel', () => {
  const check = createChannelCheck({
    types: channelTypes,
    outgoing: { fault: (url) => Promise.resolve(url.includes('10.0.0.1') ? 'It leads inside.' : null) },
  });
  const world = (secretNames: string[]) =>
    ({ id: testId(1), config: { get: () => ({ state: { secretNames } }) } }) as unknown as CheckWorld;
  const draft = (change: Partial<ChannelDraft>): ChannelDraft => {
    return { name: 'Hook', kind: 'webhook', enabled: true, settings: {}, secrets: {}, ...change };
  };

  test('names settings that are missing, and addresses that lead inside', async () => {
    const missing = await check(draft({}), world([]));
    expect(missing.filter((finding) => finding.level === 'error')).not.toEqual([]);
    const [url] = channelTypes.get('webhook')!.info.fields.filter((field) => field.type === 'url');
    const inside = await check(draft({ settings: { [url!.name]: 'https://10.0.0.1/x' } }), world([]));
    expect(inside.map((finding) => finding.text)).toContain('It leads inside.');
  });

  test('wants the secrets that its kind needs, unless they are stored', async () => {
    const [secret] = channelTypes
      .get('slack')!
      .info.fields.filter((field) => field.type === 'secret' && field.required);
    const missing = async (kept: string[], secrets: ChannelDraft['secrets']) =>
      (await check(draft({ kind: 'slack', secrets }), world(kept))).filter(
        (finding) => finding.code === 'secret-missing' && finding.text.startsWith(secret!.label),
      ).length;
    expect(await missing([], {})).toBe(1);
    expect(await missing([secret!.name], {})).toBe(0);
    expect(await missing([secret!.name], { [secret!.name]: null })).toBe(1);
    expect(await missing([], { [secret!.name]: 'x' })).toBe(0);
  });
});
