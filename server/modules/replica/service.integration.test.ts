import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createWake, type Wake } from '#server/adapters/postgres/wake.ts';
import type { Change, EntityName, FeedMessage } from '#server/contract/replica.ts';
import { entityNames } from '#server/contract/replica.ts';
import { appendToFeed, type FeedRow, reissueToFeed } from '#server/database/feed.ts';
import type { Database } from '#server/database/pool.ts';
import { createReplica, type Replica, type Resumed } from '#server/modules/replica/service.ts';
import type { ReplicaActor, ReplicaReader } from '#server/modules/replica/reader.ts';
import { rememberStart, startPlace } from '#server/modules/replica/starts-store.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const now = () => new Date(clock.now()).toISOString();

const redTeam = random.uuid();
const blueTeam = random.uuid();
const red: ReplicaActor = { userId: random.uuid(), teamIds: [redTeam] };
const blue: ReplicaActor = { userId: random.uuid(), teamIds: [blueTeam] };
const nobody: ReplicaActor = { userId: random.uuid(), teamIds: [] };

let database: Database;
let drop: () => Promise<void>;
let wake: Wake;
let replica: Replica;
let rights: Map<string, ReplicaActor | null>;
let closers: AbortController[];
const readers: Partial<Record<EntityName, ReplicaReader>> = {};

beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 24 }));
  const logger = createMemoryLogger();
  wake = createWake({ database, clock, random, logger });
  wake.start();
  rights = new Map();
  closers = [];
  for (const name of entityNames) readers[name] = () => Promise.resolve([]);
  const entities = Object.fromEntries(
    entityNames.map((name): [EntityName, ReplicaReader] => [
      name,
      (...args) => readers[name]?.(...args) ?? Promise.resolve([]),
    ]),
  ) as Record<EntityName, ReplicaReader>;
  const refreshActor = (actor: ReplicaActor) =>
    Promise.resolve(rights.has(actor.userId) ? (rights.get(actor.userId) ?? null) : actor);
  replica = createReplica({ database, wake, entities, refreshActor, clock, logger });
  replica.start();
});
afterEach(async () => {
  for (const closer of closers) closer.abort();
  await replica.stop();
  await wake.stop();
  await drop();
});

interface Client {
  messages: FeedMessage[];
  changes(): Change[];
  ids(): string[];
  ended: Promise<unknown>;
  close(): void;
}

/** A client that checks the chain of every message it receives, as the real one does; after the first it waits for `goesOn`. */
function connect(actor: ReplicaActor, from: string | null, resumed?: Resumed, goesOn?: Promise<void>): Client {
  const closer = new AbortController();
  closers.push(closer);
  const messages: FeedMessage[] = [];
  const ended = (async () => {
    let last = from;
    for await (const message of replica.stream(actor, from, closer.signal, resumed)) {
      if (last !== null && message.previous !== last)
        throw new Error(`the chain broke: ${message.previous} after ${last}`);
      last = message.position;
      messages.push(message);
      await goesOn;
    }
    return 'ended';
  })().catch((error: unknown) => error);
  const changes = () => messages.flatMap((message) => message.changes);
  return { messages, changes, ids: () => changes().map((change) => change.id), ended, close: () => closer.abort() };
}

function row(part: Partial<FeedRow> = {}): FeedRow {
  return { entity: 'incident', op: 'put', id: random.uuid(), version: 1, body: { text: 'x' }, audience: null, ...part };
}

async function write(...rows: FeedRow[]): Promise<void> {
  await database.withTransaction((tx) => appendToFeed(tx, now(), rows));
}

/** In chunks, until so many are gone: rows above the oldest transaction of the whole cluster have to wait. */
async function purge(expected: number, olderThanMs: number, keepMost: number, chunk: number): Promise<void> {
  let total = 0;
  const once = async () => {
    const gone = await replica.purge(new Date(clock.now() + olderThanMs).toISOString(), keepMost, chunk);
    expect(gone).toBeLessThanOrEqual(chunk);
    total += gone;
    return total;
  };
  await expect.poll(once).toBe(expected);
}

const position = async () => (await replica.snapshotPage(nobody, null)).position;

describe('stream', () => {
  test('what commits is on its way within moments', async () => {
    const client = connect(nobody, await position());
    await expect.poll(() => client.messages.length).toBeGreaterThan(0);
    const waits: number[] = [];
    for (let i = 1; i <= 20; i += 1) {
      const begun = clock.monotonic();
      await write(row());
      while (client.ids().length < i) await clock.sleep(1);
      waits.push(clock.monotonic() - begun);
    }
    // Without the hint each would wait for the second to be over.
    expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(400);
  });

  test('concurrent writers with transactions of mixed length: nothing is lost, nothing comes twice, order within a transaction is kept', async () => {
    const from = await position();
    const clients = [connect(nobody, from), connect(red, from)];
    const written: string[] = [];
    // What a reader of a plain sequence would have seen, for comparison.
    let plainCursor = 0;
    const plainSeen = new Set<number>();
    let writing = true;
    const plain = (async () => {
      while (writing) {
        const rows = await database.query<{ seq: number }>('SELECT seq FROM feed WHERE seq > $1 ORDER BY seq', [
          plainCursor,
        ]);
        for (const { seq } of rows) {
          plainSeen.add(seq);
          plainCursor = seq;
        }
        await clock.sleep(1);
      }
    })();
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        for (let i = 0; i < 25; i += 1) {
          await database.withTransaction(async (tx) => {
            const first = row();
            const second = row();
            await appendToFeed(tx, now(), [first]);
            await clock.sleep(random.number() * 12);
            await appendToFeed(tx, now(), [second]);
            written.push(first.id, second.id);
          });
        }
      }),
    );
    writing = false;
    await plain;
    for (const client of clients) {
      await expect.poll(() => client.ids().length).toBe(600);
      expect(new Set(client.ids()).size).toBe(600);
      const place = new Map(client.ids().map((id, i) => [id, i]));
      for (let i = 0; i < written.length; i += 2)
        expect(place.get(written[i] ?? '')).toBeLessThan(place.get(written[i + 1] ?? '') ?? -1);
    }
    // The load was one under which the simpler way fails, or this test shows nothing.
    expect(plainSeen.size).toBeLessThan(600);
  }, 30_000);

  test('a client that was away catches up on exactly what it missed, while more comes in', async () => {
    const from = await position();
    const first = connect(nobody, from);
    await write(row());
    await expect.poll(() => first.ids().length).toBe(1);
    first.close();
    const missed = Array.from({ length: 3_000 }, () => row());
    for (let i = 0; i < 3_000; i += 500) await write(...missed.slice(i, i + 500));
    const last = first.messages.at(-1)?.position ?? '';
    const more: FeedRow[] = [];
    const writer = (async () => {
      for (let i = 0; i < 60; i += 1) {
        const next = row();
        more.push(next);
        await write(next);
      }
    })();
    const again = connect(nobody, last);
    await writer;
    await expect.poll(() => again.ids().length).toBe(3_060);
    expect(again.ids()).toEqual([...missed, ...more].map((one) => one.id));
  });

  test('of each thing that was missed only its newest state comes, by version and not by place; who wants every change gets it', async () => {
    const from = await position();
    const [changed, removed, back] = [random.uuid(), random.uuid(), random.uuid()];
    const put = (id: string, version: number, part: Partial<FeedRow> = {}) => row({ id, version, ...part });
    const gone = (id: string, version: number) => row({ op: 'delete', id, version, body: null });
    const listening = connect(red, from, { missed: 'every' });
    const early = await database.connect();
    await early.query('BEGIN');
    await early.query('SELECT pg_current_xact_id()');
    await write(put(changed, 2), put(removed, 1), put(back, 1), gone(back, 2), put(back, 3));
    // Its transaction is the older one, so that it comes first in the feed.
    await appendToFeed(early, now(), [put(changed, 3)]);
    await early.query('COMMIT');
    await early.end();
    await write(gone(removed, 1), put(changed, 9, { audience: [redTeam] }), put(changed, 1, { entity: 'escalation' }));
    // What the server has read until then is a gap to those who come now.
    await expect.poll(() => listening.changes().length).toBe(9);

    const steps = (client: Client) =>
      client.changes().map(({ op, entity, id, version }) => `${entity} ${op} ${names.get(id)} ${version}`);
    const names = new Map([
      [changed, 'changed'],
      [removed, 'removed'],
      [back, 'back'],
    ]);
    const newest = connect(nobody, from);
    await expect.poll(() => newest.messages.at(-1)?.changes).toEqual([]);
    expect(steps(newest)).toEqual([
      'incident put changed 3',
      'incident put back 3',
      'incident delete removed 1',
      'escalation put changed 1',
    ]);
    const every = connect(nobody, from, { missed: 'every' });
    await expect.poll(() => every.messages.at(-1)?.changes).toEqual([]);
    expect(steps(every)).toHaveLength(8);
    const member = connect(red, from);
    await expect.poll(() => member.messages.at(-1)?.changes).toEqual([]);
    expect(steps(member)).toContain('incident put changed 9');
    expect(steps(member)).toHaveLength(4);
  });

  test('of two rows of one version, the one for its owner and the masked one for others, the first comes after a gap too', async () => {
    const from = await position();
    const [id, removed] = [random.uuid(), random.uuid()];
    const listening = connect(red, from, { missed: 'every' });
    const masked = row({ id, entity: 'responder', body: { phone: '+49 … 89' } });
    await write({ ...masked, body: { phone: '+4915123456789' }, userId: nobody.userId }, masked, row({ id: removed }));
    await write(row({ id: removed, op: 'delete', body: null }));
    await expect.poll(() => listening.changes().length).toBe(3);
    const seenBy = async (actor: ReplicaActor) => {
      const client = connect(actor, from);
      await expect.poll(() => client.messages.at(-1)?.changes).toEqual([]);
      return client.changes().map((change) => (change.op === 'put' ? change.body : change.op));
    };
    expect(await seenBy(nobody)).toEqual([{ phone: '+4915123456789' }, 'delete']);
    expect(await seenBy(blue)).toEqual([{ phone: '+49 … 89' }, 'delete']);
  });

  test('restricted and personal rows reach only those they are for, live and after a gap (S6)', async () => {
    const from = await position();
    const live = { red: connect(red, from), blue: connect(blue, from), nobody: connect(nobody, from) };
    const open = row();
    const forRed = row({ audience: [redTeam] });
    const forBoth = row({ audience: [redTeam, blueTeam] });
    const ofBlue = row({ entity: 'view', userId: blue.userId });
    await write(open, forRed, forBoth, ofBlue);
    const late = { red: connect(red, from), blue: connect(blue, from), nobody: connect(nobody, from) };
    for (const clients of [live, late]) {
      await expect.poll(() => clients.red.ids()).toEqual([open.id, forRed.id, forBoth.id]);
      await expect.poll(() => clients.blue.ids()).toEqual([open.id, forBoth.id, ofBlue.id]);
      await expect.poll(() => clients.nobody.ids()).toEqual([open.id]);
    }
  });

  test('restricting takes it from everybody else, also from those who catch up later, and they never see what it says', async () => {
    const from = await position();
    const state = { id: random.uuid(), version: 1, text: 'public once' };
    const client = connect(nobody, from);
    await write(row({ id: state.id, body: state }));
    await expect.poll(() => client.ids().length).toBe(1);
    const secret = { ...state, version: 3, text: 'secret' };
    await database.withTransaction((tx) =>
      reissueToFeed(tx, now(), { entity: 'incident', states: [secret], before: null, after: [redTeam] }),
    );
    await expect.poll(() => client.changes().at(-1)).toMatchObject({ op: 'delete', id: state.id });
    const late = connect(nobody, from);
    await expect.poll(() => late.changes().length).toBe(1);
    expect(late.changes()[0]).toMatchObject({ op: 'delete', id: state.id });
    const member = connect(red, from);
    await expect.poll(() => member.changes().at(-1)).toMatchObject({ op: 'put', version: 3, body: { text: 'secret' } });
    await clock.sleep(100);
    expect(JSON.stringify([client.messages, late.messages])).not.toContain('secret');
  });

  test('a quiet stream says every two seconds that it is alive, and its place moves on', async () => {
    const client = connect(nobody, await position());
    await write(row({ audience: [redTeam] }));
    await expect.poll(() => client.messages.length).toBeGreaterThanOrEqual(3);
    // Its place waits for whoever writes in this PostgreSQL for longer.
    const passed = async () => {
      const last = client.messages.at(-1)?.position ?? '';
      const [row] = await database.query<{ passed: boolean }>('SELECT max(xid) < $1::xid8 AS passed FROM feed', [
        last.split('.')[0],
      ]);
      return row?.passed;
    };
    await expect.poll(passed).toBe(true);
    expect(client.changes()).toEqual([]);
  });

  test('a reader behind what is kept has to start over; one that has read all of it has not', async () => {
    const from = await position();
    await write(row(), row());
    const current = await position();
    await write(row());
    await purge(3, 1_000, 1, 10);
    expect(await database.query('SELECT 1 FROM feed')).toEqual([]);
    const old = connect(nobody, from);
    await old.ended;
    expect(old.messages).toMatchObject([{ reset: 'cursor-too-old', changes: [] }]);
    const behind = connect(nobody, current);
    await behind.ended;
    expect(behind.messages).toMatchObject([{ reset: 'cursor-too-old' }]);
    const whole = connect(nobody, await position());
    await write(row());
    await expect.poll(() => whole.ids().length).toBe(1);
  });

  test('a place from another database has to start over', async () => {
    const client = connect(nobody, '999999999.0');
    await client.ended;
    expect(client.messages).toMatchObject([{ reset: 'cursor-too-old' }]);
  });

  test('a place that a restored backup has undone has to start over, also when this past has come beyond it', async () => {
    const secondsOn = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
    // The backup is put back, and the server starts on it.
    await rememberStart(database, await startPlace(database, secondsOn(-60)));
    await write(row());
    // Of the row: the horizon may stand still for a while, for somebody else in this PostgreSQL.
    const [last] = await database.query<{ place: string }>("SELECT xid || '.' || seq AS place FROM feed");
    const undone = last!.place;
    await write(row(), row());
    const heardBefore = connect(nobody, undone, { heardAt: secondsOn(-120) });
    await heardBefore.ended;
    expect(heardBefore.messages).toMatchObject([{ reset: 'cursor-too-old', changes: [] }]);
    const heardSince = connect(nobody, undone, { heardAt: secondsOn(0) });
    await expect.poll(() => heardSince.ids().length).toBe(2);
  });

  test('so has one that lies among the places that a new schema of that start took', async () => {
    const secondsOn = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
    const start = await startPlace(database, secondsOn(-60));
    await write(row());
    const [taken] = await database.query<{ place: string }>("SELECT xid || '.' || seq AS place FROM feed");
    await rememberStart(database, start);
    const heardBefore = connect(nobody, taken!.place, { heardAt: secondsOn(-120) });
    await heardBefore.ended;
    expect(heardBefore.messages).toMatchObject([{ reset: 'cursor-too-old' }]);
  });

  test('so has one of before a dump was put back into the same PostgreSQL, which counts on', async () => {
    const secondsOn = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
    await rememberStart(database, await startPlace(database, secondsOn(-600)));
    await write(row());
    const undone = await position();
    await database.query('CREATE TABLE dumped (LIKE feed INCLUDING ALL)');
    await database.query('DROP TABLE feed');
    await database.query('ALTER TABLE dumped RENAME TO feed');
    await rememberStart(database, await startPlace(database, secondsOn(-60)));
    const heardBefore = connect(nobody, undone, { heardAt: secondsOn(-120) });
    await heardBefore.ended;
    expect(heardBefore.messages).toMatchObject([{ reset: 'cursor-too-old' }]);
  });

  test('of the starts the newest are remembered', async () => {
    for (let n = 0; n < 103; n += 1) await rememberStart(database, { at: new Date(n).toISOString(), xid: `${n}` });
    const [kept] = await database.query<{ value: { at: string; xid: string }[] }>(
      "SELECT value FROM setting WHERE name = 'feed-starts'",
    );
    expect(kept?.value.map(({ at }) => Date.parse(at))).toEqual(Array.from({ length: 100 }, (_, n) => n + 3));
  });

  test('cleaning keeps the newest rows and what is young', async () => {
    for (let i = 0; i < 30; i += 1) await write(row());
    await purge(20, -60_000, 10, 5);
    expect(await replica.purge(new Date(clock.now() - 60_000).toISOString(), 10, 500)).toBe(0);
    expect(await database.query('SELECT count(*) AS rows FROM feed')).toEqual([{ rows: 10 }]);
  });

  test('a reset row, changed teams and lost access end the stream', async () => {
    const from = await position();
    const told = connect(red, from);
    const other = connect(blue, from);
    await write({
      entity: 'session',
      op: 'reset',
      id: red.userId,
      version: 0,
      body: null,
      audience: null,
      userId: red.userId,
    });
    await told.ended;
    expect(told.messages.at(-1)?.reset).toBe('audience-changed');

    const moved = connect(red, await position());
    const gone = connect(nobody, await position());
    await expect.poll(() => moved.messages.length + gone.messages.length).toBeGreaterThanOrEqual(2);
    rights.set(red.userId, { ...red, teamIds: [] });
    rights.set(nobody.userId, null);
    expect(await moved.ended).toBe('ended');
    expect(moved.messages.at(-1)?.reset).toBe('audience-changed');
    expect(await gone.ended).toMatchObject({ code: 'unauthenticated' });
    expect(other.messages.every((message) => message.reset === null)).toBe(true);
  });

  test('a client that does not read is held in bounded memory and told to start over', async () => {
    const from = await position();
    const reads = Promise.withResolvers<void>();
    const slow = connect(nobody, from, {}, reads.promise);
    const quick = connect(nobody, from);
    for (const client of [slow, quick]) await expect.poll(() => client.messages.length).toBeGreaterThan(0);
    const things = Array.from({ length: 1_000 }, () => random.uuid());
    for (let version = 1; version <= 14; version += 1) await write(...things.map((id) => row({ id, version })));
    await expect.poll(() => quick.ids().length).toBe(14_000);
    reads.resolve();
    await slow.ended;
    expect(slow.messages.at(-1)?.reset).toBe('too-far-behind');
    expect(slow.ids().length).toBeLessThan(14_000);
    // Newer states are looked for among so many rows at a time, and to the end of the gap.
    const late = connect(nobody, from);
    await expect.poll(() => late.messages.at(-1)?.changes).toEqual([]);
    expect(late.changes()).toHaveLength(2_000);
    expect(late.changes().slice(-1_000)).toEqual(things.map((id) => expect.objectContaining({ id, version: 14 })));
  });

  test('what another server writes arrives too', async () => {
    const elsewhere = createWake({ database, clock, random, logger: createMemoryLogger() });
    elsewhere.start();
    const client = connect(nobody, await position());
    await expect.poll(() => client.messages.length).toBeGreaterThan(0);
    await clock.sleep(200);
    const direct = await database.connect();
    await direct.query('BEGIN');
    await appendToFeed(direct, now(), [row()]);
    await direct.query('COMMIT');
    elsewhere.signal('feed');
    await expect.poll(() => client.ids().length, { interval: 10 }).toBe(1);
    await direct.end();
    await elsewhere.stop();
  });
});

describe('snapshot', () => {
  function table(count: number, size: number): ReplicaReader {
    const ids = Array.from({ length: count }, () => random.uuid()).sort();
    return (_sql, _actor, after, limit) =>
      Promise.resolve(
        ids
          .filter((id) => after === null || id > after)
          .slice(0, limit)
          .map((id) => ({ id, version: 1, body: { id, fill: 'x'.repeat(size) } })),
      );
  }

  async function all(actor: ReplicaActor) {
    const pages = [];
    for (let cursor: string | null = null; ;) {
      const page = await replica.snapshotPage(actor, cursor);
      pages.push(page);
      cursor = page.next;
      if (cursor === null) return pages;
    }
  }

  test('holds everything once, in pages of bounded size, all naming the place of the first', async () => {
    readers.user = table(3, 10);
    readers.incident = table(2_500, 10);
    readers.alert = table(3_000, 1_000);
    const pages = await all(nobody);
    const ids = pages.flatMap((page) => page.changes).map((change) => change.id);
    expect(ids).toHaveLength(5_503);
    expect(new Set(ids).size).toBe(5_503);
    expect(new Set(pages.map((page) => page.position)).size).toBe(1);
    for (const page of pages) {
      expect(page.changes.length).toBeLessThanOrEqual(2_000);
      expect(JSON.stringify(page).length).toBeLessThan(1_300_000);
    }
    expect(pages[0]?.changes[0]).toMatchObject({ entity: 'user' });
    expect(pages.at(-1)?.changes.at(-1)).toMatchObject({ entity: 'alert' });
  });

  test('a transaction that was open when the place was taken comes with the stream', async () => {
    const late = row();
    const open = await database.connect();
    await open.query('BEGIN');
    await appendToFeed(open, now(), [late]);
    const page = await replica.snapshotPage(nobody, null);
    const client = connect(nobody, page.position);
    await open.query('COMMIT');
    await open.end();
    await expect.poll(() => client.ids()).toEqual([late.id]);
  });

  test('a damaged cursor is refused', async () => {
    await expect(replica.snapshotPage(nobody, 'nonsense')).rejects.toMatchObject({ code: 'invalid' });
  });
});
