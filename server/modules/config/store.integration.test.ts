import { beforeEach, describe, expect, test } from 'vitest';
import { respondersAudience, viewersAudience } from '#server/contract/audience.ts';
import type { DraftOf } from '#server/contract/config.ts';
import { configAtRevision, configHistory } from '#server/modules/config/history-store.ts';
import { firstState } from '#server/modules/config/paging-config.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { readConfigForReplica } from '#server/modules/config/replica-store.ts';
import { type ConfigWrite, configStore } from '#server/modules/config/store.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const at = '2026-11-21T20:00:00.000Z';
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

  test('what it gives cannot be changed', async () => {
    await save(write('route', 1, route('a')));
    const config = await createConfigReader().current(database);
    const [item] = config.list('route').items;
    expect(() => item?.draft.channelIds.push('x')).toThrow(TypeError);
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
