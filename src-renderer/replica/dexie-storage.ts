import Dexie, { type Table as DexieTable } from 'dexie';
import { z } from 'zod';
import { Intent } from '#server/contract/intent.ts';
import { EntityName, entityNames } from '#server/contract/replica.ts';
import type { OutboxItem } from './outbox.ts';
import type { Row } from './rows.ts';
import { checksum, type Commit, type Heard, type Loaded, type Storage } from './storage.ts';

/** Raised when there are rows to keep that an older client did not ask for, or that it stored in another shape. */
const format = 3;
/** Older formats whose rows are still good to look at until the snapshot is here. */
const readable: readonly string[] = ['1', '2'];
/** What this version keeps: a copy of another list has gaps, and looks whole. */
const kinds = entityNames.join(' ');

type Content = Omit<Loaded, 'outbox' | 'heard'>;

/** Read at once: what somebody clicks meanwhile waits no longer than these take to be understood. */
const pageRows = 2_000;

interface StoredRow {
  entity: string;
  id: string;
  text: string;
  sum: number;
}

interface StoredItem {
  id: string;
  text: string;
  sum: number;
}

interface StoredFact {
  key: string;
  text: string;
  sum: number;
}

const OutboxItemShape: z.ZodType<OutboxItem> = z.object({
  intent: Intent,
  place: z.number(),
  state: z.enum(['queued', 'waiting', 'held', 'draft', 'applied', 'conflict', 'rejected', 'refused']),
  attempts: z.number(),
  confirmed: z.boolean(),
  madeAt: z.number(),
  reason: z.string().nullable(),
  version: z.number().nullable(),
  current: z.unknown(),
  theirs: z.object({ by: z.string().nullable(), at: z.string().nullable() }).optional(),
});

/** `name` tells server and person apart; nobody reads another's rows. */
export function createDexieStorage(name: string): Storage {
  let main = openMain(name);
  const journal = new Dexie(`${name}-outbox`);
  journal.version(1).stores({ items: 'id' });
  const journalItems = journal.table<StoredItem, string>('items');

  const sizes = new Map<string, number>();
  let total = 0;

  function resize(entity: string, id: string, characters: number): void {
    const key = `${entity}:${id}`;
    total += 2 * characters - (sizes.get(key) ?? 0);
    if (characters === 0) sizes.delete(key);
    else sizes.set(key, 2 * characters);
  }

  async function rebuildMain(): Promise<void> {
    main.close();
    await Dexie.delete(main.name).catch(() => undefined);
    main = openMain(name);
    await main.open();
  }

  async function readMain(onRows: (rows: Loaded['rows']) => void, heard: Heard | null): Promise<Content> {
    const rows: Loaded['rows'] = [];
    let bad = 0;
    for (const entity of entityNames) {
      const part: Loaded['rows'] = [];
      for (let after: unknown = Dexie.minKey; ;) {
        const page = await main.rows
          .where('[entity+id]')
          .between([entity, after], [entity, Dexie.maxKey], false, true)
          .limit(pageRows)
          .toArray();
        for (const stored of page) {
          const row = readRow(stored);
          if (row === null) bad += 1;
          else {
            part.push({ entity, row });
            resize(entity, row.id, stored.text.length);
          }
        }
        if (page.length < pageRows) break;
        after = page.at(-1)?.id;
      }
      if (part.length > 0) onRows(part);
      rows.push(...part);
    }
    const kept = await main.rows.count();
    const position = readFact(await main.facts.get('position'));
    const formatText = readFact(await main.facts.get('format'));
    const count = readFact(await main.facts.get('count'));
    const keptKinds = readFact(await main.facts.get('kinds'));
    if (bad > 0) return { rows, position: null, damage: `${bad} stored rows were not readable` };
    if (kept !== rows.length) return { rows, position: null, damage: 'rows of an unknown kind were stored' };
    if (formatText !== null && readable.includes(formatText))
      return { rows, position: null, damage: 'an older version of the client kept less' };
    if (rows.length > 0 && formatText !== String(format))
      return { rows: [], position: null, damage: 'the stored format is another version' };
    if (rows.length > 0 && keptKinds !== kinds)
      return { rows, position: null, damage: 'another version of the client kept other kinds of rows' };
    if (position !== null && count !== String(rows.length))
      return { rows, position: null, damage: 'stored rows are missing' };
    if (position !== null && heard === null)
      return { rows, position: null, damage: 'how old the copy is was not readable' };
    if (rows.length > 0 && position === null)
      return { rows, position, damage: 'the place in the change feed was not readable' };
    return { rows, position, damage: null };
  }

  async function readOutbox(): Promise<OutboxItem[]> {
    const found = new Map<string, OutboxItem>();
    const copies = [journalItems, main.items];
    for (const copy of copies) {
      // The copy beside the rows is the newer one where both are whole.
      for (const stored of await copy.toArray().catch(() => [])) {
        const item = readItem(stored);
        if (item !== null) found.set(item.intent.id, item);
      }
    }
    const gone = new Set((await main.done.toArray().catch(() => [])).map((entry) => entry.id));
    return [...found.values()].filter((item) => !gone.has(item.intent.id)).sort((a, b) => a.place - b.place);
  }

  return {
    kept: true,
    async load(onRows, mend = true) {
      let content: Content;
      let heard: Heard | null = null;
      const outbox: OutboxItem[] = [];
      try {
        await main.open();
        outbox.push(...(await readOutbox()));
        // One transaction, or what another window writes meanwhile would look like damage.
        content = await main.transaction('r', main.rows, main.facts, async () => {
          heard = readHeard(readFact(await main.facts.get('heard')));
          return readMain(onRows, heard);
        });
      } catch (error) {
        if (!mend) throw error;
        await rebuildMain();
        if (outbox.length === 0) outbox.push(...(await readOutbox().catch(() => [])));
        content = { rows: [], position: null, damage: `the stored copy could not be opened: ${String(error)}` };
      }
      return { ...content, outbox, heard };
    },
    loadOutbox: readOutbox,
    async commit(change: Commit) {
      await main.transaction('rw', main.rows, main.facts, main.items, main.done, async () => {
        if (change.replaceAll === true) {
          await main.rows.clear();
          sizes.clear();
          total = 0;
        }
        const gone = change.rows
          .filter((entry) => entry.row === null)
          .map((entry): [string, string] => [entry.entity, entry.id]);
        const puts = change.rows.flatMap((entry) => (entry.row === null ? [] : [writeRow(entry.entity, entry.row)]));
        if (gone.length > 0 && change.replaceAll !== true) await main.rows.bulkDelete(gone);
        if (puts.length > 0) await main.rows.bulkPut(puts);
        for (const [entity, id] of gone) resize(entity, id, 0);
        for (const { entity, id, text } of puts) resize(entity, id, text.length);
        if (change.position !== undefined) {
          if (change.position === null) await main.facts.delete('position');
          else await main.facts.put(writeFact('position', change.position));
        }
        if (change.heard !== undefined) await main.facts.put(writeFact('heard', JSON.stringify(change.heard)));
        if (change.rows.length > 0 || change.replaceAll === true) {
          await main.facts.bulkPut([
            writeFact('format', String(format)),
            writeFact('kinds', kinds),
            writeFact('count', String(change.total)),
          ]);
        }
        if (change.outbox !== undefined) {
          await main.items.bulkPut(change.outbox.put.map(writeItem));
          await main.items.bulkDelete([...change.outbox.remove]);
          // A crash before the journal is trimmed must not bring a finished action back.
          await main.done.bulkPut(change.outbox.remove.map((id) => ({ id })));
        }
      });
      if (change.outbox === undefined) return;
      await journalItems.bulkPut(change.outbox.put.map(writeItem));
      await journalItems.bulkDelete([...change.outbox.remove]);
      await main.done.bulkDelete([...change.outbox.remove]);
    },
    async saveOutbox(items) {
      const stored = items.map(writeItem);
      await journalItems.bulkPut(stored);
      await main.items.bulkPut(stored);
    },
    async readDraft(key) {
      return readFact(await main.facts.get(`draft:${key}`));
    },
    async writeDraft(key, text) {
      if (text === null || text === '') await main.facts.delete(`draft:${key}`);
      else await main.facts.put(writeFact(`draft:${key}`, text));
    },
    sizes: () => ({ total, of: (entity, id) => sizes.get(`${entity}:${id}`) ?? 0 }),
    async wipe() {
      main.close();
      journal.close();
      await Dexie.delete(main.name);
      await Dexie.delete(journal.name);
    },
    close() {
      main.close();
      journal.close();
    },
  };
}

type Main = Dexie & {
  rows: DexieTable<StoredRow, [string, string]>;
  facts: DexieTable<StoredFact, string>;
  items: DexieTable<StoredItem, string>;
  done: DexieTable<{ id: string }, string>;
};

function openMain(name: string): Main {
  const database = new Dexie(name);
  database.version(1).stores({ rows: '[entity+id], entity', facts: 'key', items: 'id', done: 'id' });
  return database as Main;
}

function writeRow(entity: EntityName, row: Row): StoredRow {
  const text = JSON.stringify(row);
  return { entity, id: row.id, text, sum: checksum(`${entity}${row.id}${text}`) };
}

function readRow(stored: StoredRow): Row | null {
  const { entity, id, text, sum } = stored;
  if (typeof text !== 'string' || checksum(`${entity}${id}${text}`) !== sum) return null;
  const parsed = parseJson(text);
  return isRow(parsed) && parsed.id === id ? parsed : null;
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'version' in value &&
    typeof value.version === 'number'
  );
}

function writeItem(item: OutboxItem): StoredItem {
  const text = JSON.stringify(item);
  return { id: item.intent.id, text, sum: checksum(text) };
}

function readItem(stored: StoredItem): OutboxItem | null {
  if (typeof stored.text !== 'string' || checksum(stored.text) !== stored.sum) return null;
  const parsed = OutboxItemShape.safeParse(parseJson(stored.text));
  return parsed.success ? parsed.data : null;
}

function writeFact(key: string, text: string): StoredFact {
  return { key, text, sum: checksum(`${key}${text}`) };
}

function readFact(stored: StoredFact | undefined): string | null {
  if (stored === undefined || typeof stored.text !== 'string') return null;
  return checksum(`${stored.key}${stored.text}`) === stored.sum ? stored.text : null;
}

const HeardShape = z.object({ at: z.number(), serverAt: z.number() });

function readHeard(text: string | null): Heard | null {
  return text === null ? null : (HeardShape.safeParse(parseJson(text)).data ?? null);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
