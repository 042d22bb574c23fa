// R10: whatever happens to the stored copy, the client comes up, asks for a snapshot, and no queued action is lost.
import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { sampleChanges } from '../../testkit/sample-state.ts';
import { createDexieStorage } from './dexie-storage.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import type { Row } from '../rows/rows.ts';
import { checksum, type Commit } from '../storage.ts';

let databases = 0;

function freshName(): string {
  databases += 1;
  return `replica test ${databases}`;
}

function idOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

function queuedNote(number: number): OutboxItem {
  return {
    intent: {
      id: idOf(900 + number),
      at: '2026-11-21T14:00:00.000Z',
      baseVersion: 1,
      dependsOn: null,
      action: {
        kind: 'incident.note',
        incidentId: idOf(1),
        entryId: idOf(700 + number),
        text: `note ${number}`,
        at: null,
      },
    },
    place: number,
    state: 'queued',
    attempts: 0,
    confirmed: false,
    madeAt: 1_000,
    reason: null,
    version: null,
    current: null,
  };
}

/** One row of each kind that the sample has, so that no kind's rows are read another way. */
const everyKind: Commit['rows'] = [
  ...new Map(
    sampleChanges(Date.UTC(2026, 10, 21, 14))
      .flatMap((change) => (change.op === 'put' ? [change] : []))
      .map(({ entity, id, body }) => [entity, { entity, id, row: body as Row }]),
  ).values(),
];
const heard = { at: 1_000, serverAt: 3_601_000 };

async function fill(name: string): Promise<OutboxItem[]> {
  const storage = createDexieStorage(name);
  await storage.commit({ rows: everyKind, position: '7.12', heard, total: everyKind.length, replaceAll: true });
  const items = [queuedNote(1), queuedNote(2), queuedNote(3)];
  await storage.saveOutbox(items);
  storage.close();
  return items;
}

describe('what is stored', () => {
  it('comes back whole, with its place in the feed', async () => {
    const name = freshName();
    const items = await fill(name);
    const storage = createDexieStorage(name);
    const parts: number[] = [];
    const loaded = await storage.load((rows) => {
      parts.push(rows.length);
    });
    expect(loaded.damage).toBeNull();
    expect(loaded.position).toBe('7.12');
    expect(loaded.rows).toHaveLength(everyKind.length);
    const late = everyKind.filter(({ entity }) => ['service', 'timeline', 'chat', 'change', 'alert'].includes(entity));
    expect(parts).toEqual([everyKind.length - late.length, ...late.map(() => 1)]);
    expect(loaded.heard).toEqual(heard);
    expect(everyKind.length).toBeGreaterThan(15);
    expect(loaded.outbox).toEqual(items);
    storage.close();
  });

  it('comes back whole where there are more rows of a kind than are read at once', async () => {
    const name = freshName();
    const alert = everyKind.find(({ entity }) => entity === 'alert');
    if (alert?.row === undefined || alert.row === null) throw new Error('the sample has no alert');
    const { row } = alert;
    const many = Array.from({ length: 4_001 }, (_, i) => ({
      entity: 'alert' as const,
      id: idOf(i),
      row: { ...row, id: idOf(i) },
    }));
    const storage = createDexieStorage(name);
    await storage.commit({ rows: many, position: '7.12', heard, total: many.length, replaceAll: true });
    const loaded = await storage.load(() => undefined);
    expect(loaded.damage).toBeNull();
    expect(new Set(loaded.rows.map(({ row: { id } }) => id)).size).toBe(many.length);
    expect(loaded.rows).toHaveLength(many.length);
    storage.close();
  });

  it('waits for the first screen with the kinds that have many rows, and notices what was written meanwhile', async () => {
    const name = freshName();
    await fill(name);
    const storage = createDexieStorage(name);
    const other = createDexieStorage(name);
    const parts: string[][] = [];
    const loaded = await storage.load(async (rows) => {
      parts.push(rows.map(({ entity }) => entity));
      if (parts.length > 1) return;
      await other.commit({ rows: [], position: '7.13', total: everyKind.length });
    });
    expect(parts[0]).toContain('incident');
    expect(parts[0]).not.toContain('alert');
    expect(parts.slice(1).flat()).toContain('alert');
    expect([loaded.position, loaded.damage]).toEqual([null, 'the stored copy changed while it was read']);
    const following = await other.load(() => undefined, false);
    expect([following.position, following.damage]).toEqual(['7.13', null]);
    storage.close();
    other.close();
  });

  it('changes rows, place and outbox in one transaction', async () => {
    const name = freshName();
    const items = await fill(name);
    const storage = createDexieStorage(name);
    await storage.load(() => undefined);
    const broken = {
      entity: 'incident' as const,
      id: idOf(1),
      row: {
        ...sampleIncident(idOf(1)),
        version: 2,
        get title(): string {
          throw new Error('cannot be written');
        },
      },
    };
    await expect(
      storage.commit({
        rows: [broken],
        position: '8.1',
        total: everyKind.length,
        outbox: { put: [], remove: [items[0]?.intent.id ?? ''] },
      }),
    ).rejects.toThrow('cannot be written');
    const again = await storage.load(() => undefined);
    expect(again.position).toBe('7.12');
    expect(again.outbox).toEqual(items);
    storage.close();
  });

  it('forgets a finished action in both copies, and a crash in between does not bring it back', async () => {
    const name = freshName();
    const items = await fill(name);
    const storage = createDexieStorage(name);
    await storage.load(() => undefined);
    await storage.commit({
      rows: [],
      total: everyKind.length,
      outbox: { put: [], remove: [items[0]?.intent.id ?? ''] },
    });
    expect((await storage.load(() => undefined)).outbox).toEqual(items.slice(1));
    storage.close();

    // The journal still has the second one, as after a crash between the two databases.
    const main = await new Dexie(name).open();
    await main.table('items').delete(items[1]?.intent.id ?? '');
    await main.table('done').put({ id: items[1]?.intent.id });
    main.close();
    const after = createDexieStorage(name);
    expect((await after.load(() => undefined)).outbox).toEqual(items.slice(2));
    after.close();
  });

  it('is gone after signing out', async () => {
    const name = freshName();
    await fill(name);
    const storage = createDexieStorage(name);
    await storage.load(() => undefined);
    await storage.wipe();
    expect(await Dexie.getDatabaseNames()).not.toContain(name);
    expect(await Dexie.getDatabaseNames()).not.toContain(`${name}-outbox`);
  });
});

describe('200 corruptions', () => {
  it('are noticed, rebuilt from a snapshot, and lose no queued action', async () => {
    await fc.assert(
      fc.asyncProperty(corruption, async (change) => {
        const name = freshName();
        const items = await fill(name);
        await corrupt(name, change);
        const storage = createDexieStorage(name);
        const loaded = await storage.load(() => undefined);
        expect(loaded.outbox).toEqual(items);
        // A row that is shown is a row that was written; the place is only trusted when nothing at all was wrong.
        for (const { entity, row } of loaded.rows)
          expect(row).toEqual(everyKind.find((each) => each.entity === entity)?.row);
        const outboxOnly = change.table !== 'rows' && change.table !== 'facts';
        const trusted = loaded.damage === null ? loaded.position : null;
        expect(trusted, 'a damaged copy must not go on from its place').toBe(outboxOnly ? '7.12' : null);
        await storage.commit({
          rows: [{ entity: 'incident', id: idOf(1), row: sampleIncident(idOf(1)) }],
          position: '9.1',
          heard,
          total: 1,
          replaceAll: true,
        });
        const rebuilt = await storage.load(() => undefined);
        expect(rebuilt.damage).toBeNull();
        expect(rebuilt.position).toBe('9.1');
        expect(rebuilt.outbox).toEqual(items);
        await storage.wipe();
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  }, 180_000);
});

interface Corruption {
  table: 'rows' | 'facts' | 'items' | 'journal' | 'done';
  pick: number;
  how: 'flip' | 'cut' | 'drop' | 'garbage' | 'not text' | 'other sum' | 'other name';
  at: number;
  bit: number;
}

const corruption: fc.Arbitrary<Corruption> = fc.record({
  table: fc.constantFrom('rows', 'rows', 'rows', 'facts', 'items', 'journal', 'done'),
  pick: fc.nat(50),
  how: fc.constantFrom('flip', 'flip', 'flip', 'cut', 'drop', 'garbage', 'not text', 'other sum', 'other name'),
  at: fc.nat(5_000),
  bit: fc.nat(6),
});

async function corrupt(name: string, { table, pick, how, at, bit }: Corruption): Promise<void> {
  const database = await new Dexie(table === 'journal' ? `${name}-outbox` : name).open();
  const store = database.table<Record<string, unknown>>(table === 'journal' ? 'items' : table);
  if (table === 'done') {
    // Names of finished actions are all it holds: one that was flipped names no action that is there.
    const id = idOf(901);
    await store.put({
      id: `${id.slice(0, at % id.length)}${String.fromCharCode(33 + bit)}${id.slice((at % id.length) + 1)}`,
    });
    return database.close();
  }
  const all = await store.toCollection().primaryKeys();
  const key = all[pick % all.length];
  const stored = key === undefined ? undefined : await store.get(key);
  if (key === undefined || stored === undefined) throw new Error('nothing to corrupt');
  const text = String(stored['text']);
  const place = at % text.length;
  if (how === 'drop') await store.delete(key);
  else if (how === 'garbage') await store.put({ ...stored, text: '{"id":', sum: 1 });
  else if (how === 'not text') await store.put({ ...stored, text: { strange: true } });
  else if (how === 'other sum') await store.put({ ...stored, sum: Number(stored['sum']) ^ (1 << bit) });
  else if (how === 'other name') {
    // The key itself: the row stands under another name, and its own is missing.
    const field = 'entity' in stored ? 'entity' : 'key' in stored ? 'key' : 'id';
    const named = String(stored[field]);
    const spot = at % named.length;
    const other = String.fromCharCode(named.charCodeAt(spot) ^ (1 << bit));
    await store.delete(key);
    await store.put({ ...stored, [field]: named.slice(0, spot) + other + named.slice(spot + 1) });
  } else if (how === 'cut') await store.put({ ...stored, text: text.slice(0, place) });
  else {
    const flipped = String.fromCharCode(text.charCodeAt(place) ^ (1 << bit));
    await store.put({ ...stored, text: text.slice(0, place) + flipped + text.slice(place + 1) });
  }
  database.close();
}

describe('a copy that an older version wrote', () => {
  it('is shown until the snapshot is here, and keeps its queued actions', async () => {
    const name = freshName();
    await fill(name);
    const raw = new Dexie(name);
    await raw.open();
    const format = await raw.table<{ key: string; text: string; sum: number }>('facts').get('format');
    expect(format?.text).toBe('3');
    await raw.table('facts').put({ key: 'format', text: '1', sum: checksum('format1') });
    raw.close();
    const storage = createDexieStorage(name);
    const loaded = await storage.load(() => undefined);
    storage.close();
    expect(loaded.rows).toHaveLength(everyKind.length);
    expect(loaded.outbox).toHaveLength(3);
    expect(loaded.position).toBeNull();
    expect(loaded.damage).toContain('older version');
  });
});
