import { beforeEach, describe, expect, test } from 'vitest';
import { respondersAudience, viewersAudience } from '#server/contract/audience.ts';
import type { DraftOf } from '#server/contract/config.ts';
import { createFindingsRefresh } from '#server/modules/config/findings.ts';
import { ensureBuiltInRoute } from '#server/modules/config/first-start.ts';
import { configAtRevision, configHistory } from '#server/modules/config/history-store.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import { firstState } from '#server/modules/config/paging-config.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { readConfigForReplica } from '#server/modules/config/replica-store.ts';
import { type ConfigWrite, configStore } from '#server/modules/config/store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createConfigWorld } from '#server/testkit/config.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const at = '2026-11-21T20:00:00.000Z';
const finding = { level: 'warning', code: 'gap', text: 'A gap.', from: null, to: null } as const;
const database = await testDatabase();
const ids = Array.from({ length: 9 }, (_, i) => `00000000-0000-7000-8000-00000000000${i + 1}`);
const id = (i: number) => ids[i] ?? '';
const route = (name: string): DraftOf<'route'> => ({
  name,
  enabled: true,
  condition: 'true',
  policyId: null,
  priority: 'by-severity',
  channelIds: [],
  service: '',
  holdSeconds: 0,
});
const responder = (address: string): DraftOf<'responder'> => ({
  timeZone: 'Europe/Berlin',
  contactMethods: [{ id: id(8), kind: 'sms', address, label: 'mobile', channelId: null, enabled: true }],
  rules: { default: [], important: [] },
  quietHours: null,
  doNotDisturb: null,
});
function write<K extends 'route' | 'responder'>(kind: K, place: number, draft: DraftOf<K>): ConfigWrite {
  return { kind, id: id(place), draft, state: firstState(kind), findings: [], origin: 'ui', by: null } as ConfigWrite;
}
const save = (...writes: ConfigWrite[]) =>
  database.withTransaction((tx) => configStore.write(tx, at, { save: writes }));
const remove = (place: number) =>
  database.withTransaction((tx) =>
    configStore.write(tx, at, { remove: [{ kind: 'route', id: id(place), origin: 'ui', by: null }] }),
  );

beforeEach(async () => {
  await database.query('DELETE FROM config_document');
  await database.query('DELETE FROM config_version');
  await database.query('DELETE FROM feed');
});

describe('reader', () => {
  test('hands out the same configuration until something changes, and then the same objects for what did not', async () => {
    const reader = createConfigReader();
    await save(write('route', 1, route('a')), write('route', 2, route('b')));
    const first = await reader.current(database);
    expect(await reader.current(database)).toBe(first);
    await save(write('route', 2, route('b2')));
    const second = await reader.current(database);
    expect(second.revision).toBe(first.revision + 1);
    expect(second.get('route', id(1))).toBe(first.get('route', id(1)));
    expect(second.get('route', id(2))?.draft.name).toBe('b2');
    expect(first.get('route', id(2))?.draft.name).toBe('b');
  });

  test('a change that was rolled back is not what others see, although the next one takes its number', async () => {
    const reader = createConfigReader();
    await save(write('route', 1, route('a')));
    await expect(
      database.withTransaction(async (tx) => {
        await configStore.write(tx, at, { save: [write('route', 1, route('rolled back'))] });
        expect((await reader.current(tx)).get('route', id(1))?.draft.name).toBe('rolled back');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await save(write('route', 2, route('b')));
    const config = await reader.current(database);
    expect(config.list('route').items.map((item) => item.draft.name)).toEqual(['a', 'b']);
  });

  test('inside a transaction that changed documents it shows them; to others it does not', async () => {
    const reader = createConfigReader();
    await save(write('route', 1, route('a')), write('route', 2, route('b')));
    await reader.current(database);
    const names = async (sql: Parameters<typeof reader.current>[0]) =>
      (await reader.current(sql)).list('route').items.map((item) => item.draft.name);
    await database.withTransaction(async (tx) => {
      await configStore.write(tx, at, {
        save: [write('route', 1, route('mine')), write('route', 3, route('new'))],
        remove: [{ kind: 'route', id: id(2), origin: 'ui', by: null }],
      });
      expect(await names(tx)).toEqual(['mine', 'new']);
      expect(await names(database)).toEqual(['a', 'b']);
    });
    expect(await names(database)).toEqual(['mine', 'new']);
    await save(write('route', 2, route('b again')));
    expect(await names(database)).toEqual(['mine', 'b again', 'new']);
    await database.query('VACUUM FREEZE config_document, config_revision');
    await remove(1);
    expect(await names(database)).toEqual(['b again', 'new']);
  });

  test('what a transaction that was open during the read commits later is found too', async () => {
    const reader = createConfigReader();
    await save(write('route', 1, route('a')), write('route', 2, route('b')));
    await database.withTransaction(async (tx) => {
      // It takes no revision, and began before the read that the next difference counts from.
      await configStore.saveFindings(tx, at, [{ kind: 'route', id: id(1), version: 1, findings: [finding] }]);
      await save(write('route', 2, route('b2')));
      expect((await reader.current(database)).get('route', id(1))?.findings).toEqual([]);
    });
    await save(write('route', 2, route('b3')));
    const config = await reader.current(database);
    expect(config.get('route', id(1))?.findings).toEqual([finding]);
  });

  test('after a change it fetches what changed alone, once for all who ask; the other kinds keep their lists', async () => {
    const reader = createConfigReader();
    await save(
      ...Array.from({ length: 8 }, (_, n) => write('route', n, route(`r${n}`))),
      write('responder', 8, responder('+4915123456789')),
    );
    const before = await reader.current(database);
    const people = before.list('responder');
    await save(write('route', 2, route('changed')));
    const loads: string[] = [];
    const counting = {
      async query(query: { name: string }) {
        if (query.name.startsWith('config-load')) loads.push(query.name);
        return database.query(query as never);
      },
    } as unknown as typeof database;
    const configs = await Promise.all([1, 2, 3, 4].map(() => reader.current(counting)));
    expect(new Set(configs).size).toBe(1);
    expect(loads).toEqual(['config-load-since']);
    expect(configs[0]!.list('responder')).toBe(people);
    expect(configs[0]!.list('route').items.map((item) => item.draft.name)).toContain('changed');
    expect(configs[0]!.list('route').$documents).toBe(`route@${configs[0]!.revision}`);
  });

  test('a read that breaks on one connection is done again on the next', async () => {
    const reader = createConfigReader();
    await save(write('route', 1, route('a')));
    let second: Promise<PagingConfig> | undefined;
    const breaking = {
      async query(query: { name: string }) {
        if (!query.name.startsWith('config-load')) return database.query(query as never);
        // The other one asks now, and joins this load.
        const joined = Promise.withResolvers<void>();
        const joining = {
          async query(asked: { name: string }) {
            const rows = await database.query(asked as never);
            setImmediate(joined.resolve);
            return rows;
          },
        } as unknown as typeof database;
        second ??= reader.current(joining);
        await joined.promise;
        throw new Error('the connection broke');
      },
    } as unknown as typeof database;
    await expect(reader.current(breaking)).rejects.toThrow('the connection broke');
    expect((await second)?.list('route').items).toHaveLength(1);
  });

  test('what it gives cannot be changed', async () => {
    await save(write('route', 1, route('a')));
    const config = await createConfigReader().current(database);
    const [item] = config.list('route').items;
    expect(() => item?.draft.channelIds.push('x')).toThrow(TypeError);
  });
});

describe('a document that this version cannot read', () => {
  const broken = { name: 'older', enabled: true };
  const store = (place: number, body: object) =>
    database.query('UPDATE config_document SET body = $2 WHERE id = $1', [id(place), JSON.stringify(body)]);
  const world = async () => {
    await save(write('route', 1, route('a')), write('route', 2, route('older')), write('route', 3, route('c')));
    await store(2, broken);
    await database.query('UPDATE config_version SET body = $2 WHERE id = $1', [id(2), JSON.stringify(broken)]);
  };

  test('is left out of everything, told in the log once a version, and comes back when it can be read', async () => {
    await world();
    const logger = createMemoryLogger();
    const reader = createConfigReader({ logger });
    const names = async () => (await reader.current(database)).list('route').items.map((item) => item.draft.name);
    expect(await names()).toEqual(['a', 'c']);
    expect((await reader.current(database)).unreadable).toMatchObject([{ kind: 'route', id: id(2), name: 'older' }]);
    await save(write('route', 1, route('a2')));
    expect(await names()).toEqual(['a2', 'c']);
    expect(logger.entries.map((entry) => [entry.level, entry.fields?.['document']])).toEqual([
      ['error', `route/${id(2)}@1`],
    ]);
    // Replay has the same list.
    const { list } = await reader.current(database);
    const ref = list('route').$documents;
    const then = (await configHistory.lists(database, [ref])).get(ref);
    expect(then?.items.map(essence)).toEqual(list('route').items.map(essence));
    // Clients get the others, page by page.
    const read = readConfigForReplica('route');
    const page = await read(database, { userId: id(5), teamIds: [] }, null, 2, at);
    expect(page.map((row) => row.id)).toEqual([id(1), id(3)]);

    await save(write('route', 2, route('mended')));
    expect(await names()).toEqual(['a2', 'mended', 'c']);
    expect((await reader.current(database)).unreadable).toEqual([]);
  });

  test('keeps a finding that says so, and no catch-all takes its place', async () => {
    await world();
    const clock = createFakeClock(Date.parse(at));
    const config = await createConfigWorld({ database, clock, random: createSeededRandom(1, clock) });
    const refresh = createFindingsRefresh({
      ...config,
      database,
      clock: { ...clock, sleep: () => Promise.resolve() },
      logger: createMemoryLogger(),
    });
    expect(await refresh.refresh()).toBe(1);
    expect(await refresh.refresh()).toBe(0);
    const [row] = await database.query<{ findings: { code: string; level: string }[] }>(
      'SELECT findings FROM config_document WHERE id = $1',
      [id(2)],
    );
    expect(row?.findings).toMatchObject([{ code: 'unreadable', level: 'error' }]);
    const before = await database.query('SELECT 1 FROM config_document');
    await database.withTransaction((tx) =>
      ensureBuiltInRoute(tx, { reader: createConfigReader(), newId: () => id(7), at, firstPerson: null }),
    );
    expect(await database.query('SELECT 1 FROM config_document')).toHaveLength(before.length);
  });
});

describe('history', () => {
  test('every reference finds the document and the list as they were, after edits, order and deletion', async () => {
    const reader = createConfigReader();
    const seen: [string, unknown][] = [];
    const lists: [string, unknown][] = [];
    const note = async () => {
      const config = await reader.current(database);
      lists.push([config.list('route').$documents, config.list('route').items.map(essence)]);
      for (const item of config.list('route').items) seen.push([item.$document, essence(item)]);
    };
    await save(write('route', 1, route('a')), write('route', 2, route('b')));
    await note();
    await save(write('route', 1, route('a2')));
    await note();
    await database.withTransaction((tx) =>
      configStore.updateState(tx, at, 'route', id(2), (state) => ({ ...state, position: 7 }), { historic: true }),
    );
    await note();
    await remove(1);
    await note();
    await save(write('route', 1, route('a again')));
    await note();
    const documents = await configHistory.documents(
      database,
      seen.map(([ref]) => ref),
    );
    for (const [ref, was] of seen) expect(essence(documents.get(ref))).toEqual(was);
    const found = await configHistory.lists(
      database,
      lists.map(([ref]) => ref),
    );
    for (const [ref, was] of lists) expect(found.get(ref)?.items.map(essence)).toEqual(was);
    expect(new Set(seen.map(([ref]) => ref)).size).toBe(5);
  });

  test('references that mean nothing are left out', async () => {
    expect([
      ...(await configHistory.documents(database, ['route/x@1', "route'; --", `route/${id(1)}@99`])).keys(),
    ]).toEqual([]);
    expect([...(await configHistory.lists(database, ['nothing@1', 'route@x'])).keys()]).toEqual([]);
  });

  test('a state that no decision reads leaves the revision alone and still reaches the screens', async () => {
    await save(write('route', 1, route('a')));
    const before = await createConfigReader().current(database);
    await database.withTransaction((tx) =>
      configStore.updateState(tx, at, 'route', id(1), (state) => ({ ...state, position: 3 }), { historic: false }),
    );
    expect((await createConfigReader().current(database)).revision).toBe(before.revision);
    const feed = await database.query<{ version: number; body: string }>('SELECT version, body FROM feed ORDER BY seq');
    expect(feed.map((row) => row.version)).toEqual([1, 2]);
    expect(JSON.parse(feed[1]?.body ?? '')).toMatchObject({ position: 3, version: 2, name: 'a' });
    const rebuilt = await configAtRevision(database, before.revision);
    expect(rebuilt.get('route', id(1))?.$document).toBe(`route/${id(1)}@1`);
  });
});

describe('addresses of people', () => {
  test('reach who may have to call, offline too; who only looks gets a mask, but of his own the whole', async () => {
    await save(write('responder', 3, responder('+4915123456789')));
    const rows = await database.query<{ body: string; audience: string[] | null; user_id: string | null }>(
      'SELECT body, audience, user_id FROM feed ORDER BY seq',
    );
    const seenBy = (audience: string[], userId: string) =>
      rows
        .filter(
          (row) =>
            (row.audience === null || row.audience.some((team) => audience.includes(team))) &&
            (row.user_id === null || row.user_id === userId),
        )
        .map((row) => (JSON.parse(row.body) as { contactMethods: { address: string }[] }).contactMethods[0]?.address);
    expect(seenBy([respondersAudience], id(5))).toEqual(['+4915123456789']);
    expect(seenBy([viewersAudience], id(5))).toEqual(['+49 … 89']);
    expect(seenBy([viewersAudience], id(3))[0]).toBe('+4915123456789');
    const read = readConfigForReplica('responder');
    const page = async (userId: string, teamIds: string[]) => {
      const [row] = await read(database, { userId, teamIds }, null, 10, at);
      return (row?.body as { contactMethods: { address: string }[] } | undefined)?.contactMethods[0]?.address;
    };
    expect(await page(id(5), [respondersAudience])).toBe('+4915123456789');
    expect(await page(id(5), [viewersAudience])).toBe('+49 … 89');
    expect(await page(id(5), [])).toBe('+49 … 89');
    expect(await page(id(3), [viewersAudience])).toBe('+4915123456789');
  });

  test('a proof counts for the address it was made for', async () => {
    await save(write('responder', 3, responder('+4915123456789')));
    const verify = { [id(8)]: { at, address: '+4915123456789' } };
    await database.withTransaction((tx) =>
      configStore.updateState(tx, at, 'responder', id(3), () => ({ verified: verify }), { historic: true }),
    );
    const read = async () => {
      const actor = { userId: id(3), teamIds: [] };
      const [row] = await readConfigForReplica('responder')(database, actor, null, 10, at);
      return (row?.body as { contactMethods: { verifiedAt: string | null }[] } | undefined)?.contactMethods[0]
        ?.verifiedAt;
    };
    expect(await read()).toBe(at);
    await save({ ...write('responder', 3, responder('+4915100000000')), state: { verified: verify } } as ConfigWrite);
    expect(await read()).toBeNull();
  });
});

function essence(document: { id: string; version: number; draft: unknown; state: unknown } | undefined): unknown {
  return document === undefined
    ? undefined
    : { id: document.id, version: document.version, draft: document.draft, state: document.state };
}
