// What a person made and the server does not have: two copies that mend each other, and nothing left out without a word.
import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import { describe, expect, it, vi } from 'vitest';
import { sampleId } from '../../testkit/sample-ids.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { createDexieStorage } from './dexie-storage.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import { checksum, type Loaded } from '../storage.ts';

let databases = 0;
const incidentId = sampleId('incident', 1);

function note(number: number, change: Partial<OutboxItem> = {}): OutboxItem {
  const entryId = sampleId('timeline', number);
  return {
    intent: {
      id: sampleId('link', number),
      at: '2026-11-21T14:00:00.000Z',
      baseVersion: 1,
      dependsOn: null,
      action: { kind: 'incident.note', incidentId, entryId, text: `note ${number}`, at: null },
    },
    place: number,
    state: 'queued',
    attempts: 0,
    confirmed: false,
    madeAt: 1_000,
    reason: null,
    version: null,
    current: null,
    ...change,
  };
}

const idOf = (item: OutboxItem): string => item.intent.id;

/** A copy with one row, two queued notes and a draft. */
async function fill(): Promise<{ name: string; items: OutboxItem[] }> {
  databases += 1;
  const name = `kept copies ${databases}`;
  const items = [note(1), note(2)];
  const storage = createDexieStorage(name);
  await storage.commit({
    rows: [{ entity: 'incident', id: incidentId, row: sampleIncident(incidentId) }],
    total: 1,
    position: '7.12',
    heard: { at: 1_000, serverAt: 1_000 },
    replaceAll: true,
  });
  await storage.saveOutbox(items);
  await storage.writeDraft('note', 'half a thought');
  storage.close();
  return { name, items };
}

type Copy = '' | '-outbox';

async function inCopy<T>(name: string, copy: Copy, work: (database: Dexie) => Promise<T>): Promise<T> {
  const database = await new Dexie(`${name}${copy}`).open();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

function damage(name: string, copy: Copy, id: string): Promise<unknown> {
  return inCopy(name, copy, (database) => database.table('items').put({ id, text: '{"intent":{"id', sum: 1 }));
}

async function loadOnce(name: string): Promise<Loaded> {
  const storage = createDexieStorage(name);
  const loaded = await storage.load(() => undefined);
  storage.close();
  return loaded;
}

/** The browser cannot open these databases; where they are mendable, again once they were deleted. */
function broken(names: string[], mendable = true): () => void {
  const shut = new Set(names);
  const open = indexedDB.open.bind(indexedDB);
  const remove = indexedDB.deleteDatabase.bind(indexedDB);
  const spies = [
    vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
      if (shut.has(name)) throw new Error('the backing store is gone');
      return open(name, version);
    }),
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation((name) => {
      if (mendable) shut.delete(name);
      return remove(name);
    }),
  ];
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

describe('a queued action that this version cannot read', () => {
  it('is kept, counted and shown as it is stored, whether damaged or of a newer client', async () => {
    const { name, items } = await fill();
    const [first, second] = items.map(idOf);
    const newer = JSON.stringify({ ...note(2), intent: { ...note(2).intent, action: { kind: 'incident.foretell' } } });
    for (const copy of ['', '-outbox'] as const) {
      await damage(name, copy, first ?? '');
      await inCopy(name, copy, (database) =>
        database.table('items').put({ id: second, text: newer, sum: checksum(newer) }),
      );
    }
    for (const start of ['first', 'second']) {
      const { outbox, unread, damage: found } = await loadOnce(name);
      expect([start, outbox, found]).toEqual([start, [], null]);
      expect(unread).toEqual([
        { id: first, why: 'damaged', text: '{"intent":{"id' },
        { id: second, why: 'newer', text: newer },
      ]);
    }
    const storage = createDexieStorage(name);
    await storage.dropUnread([first ?? '']);
    expect((await storage.loadOutbox()).unread.map(({ id }) => id)).toEqual([second]);
    storage.close();
  });

  it('is none as long as one copy of it is whole, which then mends the other', async () => {
    const { name, items } = await fill();
    const [first, second] = items.map(idOf);
    await damage(name, '', first ?? '');
    await inCopy(name, '-outbox', (database) => database.table('items').delete(second ?? ''));
    expect(await loadOnce(name)).toMatchObject({ outbox: items, unread: [] });
    await damage(name, '-outbox', first ?? '');
    await inCopy(name, '', (database) => database.table('items').delete(second ?? ''));
    expect(await loadOnce(name)).toMatchObject({ outbox: items, unread: [] });
  });

  it('that stands under another name is sent once, and gone with its answer', async () => {
    const { name, items } = await fill();
    const [first] = items;
    if (first === undefined) throw new Error('nothing is queued');
    const stored = await inCopy(name, '', (database) => database.table('items').get(idOf(first)));
    await inCopy(name, '', async (database) => {
      await database.table('items').delete(idOf(first));
      await database.table('items').put({ ...stored, id: 'elsewhere' });
    });
    const storage = createDexieStorage(name);
    expect((await storage.load(() => undefined)).outbox).toEqual(items);
    await storage.commit({ rows: [], total: 1, outbox: { put: [], remove: [idOf(first)] } });
    storage.close();
    expect((await loadOnce(name)).outbox).toEqual(items.slice(1));
  });

  it('is said also where nobody can tell how many there are, and where the copy beside the rows has them all it is not', async () => {
    const { name, items } = await fill();
    const mend = broken([`${name}-outbox`]);
    expect(await loadOnce(name)).toMatchObject({ outbox: items, unread: [], damage: null });
    mend();
    const mendBoth = broken([name, `${name}-outbox`]);
    const { outbox, unread } = await loadOnce(name);
    mendBoth();
    expect([outbox, unread.map(({ why }) => why)]).toEqual([[], ['shut']]);
  });
});

describe('a copy that cannot be opened', () => {
  it('is made anew without what is queued or being written', async () => {
    const { name, items } = await fill();
    const mend = broken([name]);
    const storage = createDexieStorage(name);
    expect(await storage.load(() => undefined)).toMatchObject({ rows: [], position: null, outbox: items, unread: [] });
    expect(await storage.readDraft('note')).toBe('half a thought');
    storage.close();
    mend();
    // In both copies again.
    await inCopy(name, '-outbox', (database) => database.table('items').clear());
    expect((await loadOnce(name)).outbox).toEqual(items);
  });

  it('nor made anew leaves what is queued to be shown and sent', async () => {
    const { name, items } = await fill();
    const mend = broken([name], false);
    const { outbox, damage: found } = await loadOnce(name);
    mend();
    expect(outbox).toEqual(items);
    expect(found).toMatch(/backing store is gone/);
  });

  it('because it was closed meanwhile is left as it is', async () => {
    const { name, items } = await fill();
    const storage = createDexieStorage(name);
    const loading = storage.load(() => storage.close());
    await expect(loading).rejects.toThrow('closed');
    expect(await loadOnce(name)).toMatchObject({ rows: [{}], position: '7.12', outbox: items, damage: null });
  });
});

describe('a draft', () => {
  it('of an earlier version is found, and is one draft afterwards', async () => {
    const { name } = await fill();
    const text = 'written before the update';
    await inCopy(name, '', (database) =>
      database.table('facts').put({ key: 'draft:old', text, sum: checksum(`draft:old${text}`) }),
    );
    const storage = createDexieStorage(name);
    expect(await storage.readDraft('old')).toBe(text);
    await storage.writeDraft('old', 'and after it');
    expect(await storage.readDraft('old')).toBe('and after it');
    await storage.writeDraft('old', '');
    expect(await storage.readDraft('old')).toBeNull();
    storage.close();
  });

  it('that a window of an earlier version wrote since is the newer one', async () => {
    const { name } = await fill();
    const text = 'half a thought, and the rest';
    await inCopy(name, '', (database) =>
      database.table('facts').put({ key: 'draft:note', text, sum: checksum(`draft:note${text}`) }),
    );
    expect(await createDexieStorage(name).readDraft('note')).toBe(text);
  });

  it('that was sent is gone, also where the copy beside the rows cannot be opened', async () => {
    const { name } = await fill();
    const mend = broken([name], false);
    await createDexieStorage(name)
      .writeDraft('note', '')
      .catch(() => undefined);
    mend();
    expect(await createDexieStorage(name).readDraft('note')).toBeNull();
  });

  it('is no queued action, and a damaged one is none at all', async () => {
    const { name, items } = await fill();
    expect(await loadOnce(name)).toMatchObject({ outbox: items, unread: [] });
    await inCopy(name, '-outbox', async (database) => {
      const [draft] = await database.table('items').where('id').startsWith('~').toArray();
      await database.table('items').put({ ...draft, text: 'half a thaught' });
    });
    const storage = createDexieStorage(name);
    expect(await storage.readDraft('note')).toBeNull();
    storage.close();
  });
});

describe('what could not be stored', () => {
  it('in both copies is in neither: it is said to be refused, and is not sent after the next start', async () => {
    const { name, items } = await fill();
    const storage = createDexieStorage(name);
    await storage.load(() => undefined);
    const put = IDBObjectStore.prototype.put;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value,
      key,
    ) {
      if (this.transaction.db.name === name) throw new DOMException('no room', 'QuotaExceededError');
      return key === undefined ? put.call(this, value) : put.call(this, value, key);
    });
    await expect(storage.saveOutbox([note(3)])).rejects.toThrow('no room');
    full.mockRestore();
    storage.close();
    expect((await loadOnce(name)).outbox).toEqual(items);
  });

  it('of rows changes nothing of what is there, and not what it is said to take', async () => {
    const { name } = await fill();
    const storage = createDexieStorage(name);
    await storage.load(() => undefined);
    const before = storage.sizes().total;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const row = sampleIncident(sampleId('incident', 2));
    const change = { rows: [{ entity: 'incident' as const, id: row.id, row }], total: 1, replaceAll: true };
    await expect(storage.commit(change)).rejects.toThrow('no room');
    full.mockRestore();
    expect(storage.sizes().total).toBe(before);
    storage.close();
    expect(await loadOnce(name)).toMatchObject({ rows: [{ row: { id: incidentId } }], position: '7.12', damage: null });
  });
});

it('the browser is asked once, with the first thing that only this machine has, never to clear it by itself', async () => {
  const persist = vi.fn<() => Promise<boolean>>(async () => true);
  vi.stubGlobal('navigator', { storage: { persist } });
  const { name } = await fill();
  const asked = persist.mock.calls.length;
  await loadOnce(name);
  vi.unstubAllGlobals();
  expect([asked, persist.mock.calls.length]).toEqual([1, 1]);
});

it('a window that is still open when another one signed out writes nothing back', async () => {
  const { name } = await fill();
  const other = createDexieStorage(name);
  await other.load(() => undefined);
  await createDexieStorage(name).wipe();
  await expect(other.commit({ rows: [], total: 0, position: '8.0' })).rejects.toThrow('closed');
  await expect(other.writeDraft('note', 'after all')).rejects.toThrow('closed');
  expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(name);
  expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(`${name}-outbox`);
});
