import Dexie from 'dexie';
import { t } from '../../language/words.ts';
import { type Journal, mergeCopies, readCopies, type Repair } from './dexie-outbox.ts';
import { format, kinds, readCopy } from './dexie-reading.ts';
import {
  draftName,
  openMain,
  readDraft,
  readFact,
  type StoredItem,
  writeDraft,
  writeFact,
  writeItem,
  writeRow,
} from './dexie-records.ts';
import { createOutboxSpare, spareStore } from './outbox-spare.ts';
import type { Commit, Storage, StoredOutbox } from '../storage.ts';

/** Rows made ready and handed over at once. */
const sliceRows = 200;

/** `name` tells server and person apart; nobody reads another's rows. */
export function createDexieStorage(name: string): Storage {
  let main = openMain(name);
  const journal = new Dexie(`${name}-outbox`);
  // Never changed: an older client, of a server that was taken back a release, has to find what is queued.
  journal.version(1).stores({ items: 'id' });
  const journalItems: Journal = journal.table('items');
  const spare = createOutboxSpare(name, spareStore());
  let closed = false;
  // Another window signed out. Opened again, as it would be by itself, all this would come back.
  journal.on('versionchange', () => {
    close();
    return false;
  });

  /** Nothing after it was closed, perhaps to be deleted: what was on its way to the disk then ends a little later. */
  function keepSpare(items: readonly StoredItem[]): void {
    if (!closed) spare.put(items);
  }

  let asked = false;
  /** Else the browser may clear all of it, unsent actions too, when the machine runs short of room. */
  function askToKeep(): void {
    if (asked) return;
    asked = true;
    // Plain http on another host has no storage manager.
    void navigator.storage?.persist?.().catch(() => undefined);
  }

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

  async function repair({ put, remove }: Repair): Promise<void> {
    const items = put.map(writeItem);
    await journalItems.bulkPut(items);
    await journalItems.bulkDelete(remove);
    await main.transaction('rw', main.items, main.done, async () => {
      await main.items.bulkPut(items);
      await main.items.bulkDelete(remove);
      await main.done.bulkDelete(remove);
    });
  }

  async function readOutbox(beside = true, mend = false): Promise<StoredOutbox> {
    const copies = await readCopies(beside ? main : null, journalItems);
    const { repair: needed, ...found } = mergeCopies(copies, spare.all());
    if (mend) {
      spare.remove(copies.done);
      keepSpare(found.outbox.map(writeItem));
      if (needed !== null) await repair(needed).catch(() => undefined);
    }
    return found;
  }

  function close(): void {
    closed = true;
    main.close();
    journal.close();
  }

  return {
    kept: true,
    async load(onRows, mend = true) {
      let outbox: StoredOutbox | null = null;
      try {
        await main.open();
        const reading = readCopy(main, { inTurn: mend, onRows, sized: resize });
        // What is queued is read beside it, and is here before anything that fails is made anew.
        reading.catch(() => undefined);
        outbox = await readOutbox(true, mend);
        return { ...(await reading), ...outbox };
      } catch (error) {
        if (!mend || closed) throw error;
        const damage = t`the stored copy could not be opened: ${String(error)}`;
        // Where not even that is possible, what is queued is shown and sent from the journal all the same.
        const anew = await rebuildMain().then(
          () => true,
          () => false,
        );
        outbox ??= await readOutbox(false);
        if (anew) await main.items.bulkPut(outbox.outbox.map(writeItem)).catch(() => undefined);
        return { rows: [], position: null, heard: null, damage, ...outbox };
      }
    },
    loadOutbox: () => readOutbox(),
    async dropUnread(ids) {
      spare.remove(ids);
      await journalItems.bulkDelete([...ids]);
      await main.items.bulkDelete([...ids]);
    },
    async commit(change: Commit) {
      const gone = change.rows
        .filter((entry) => entry.row === null)
        .map((entry): [string, string] => [entry.entity, entry.id]);
      const puts = change.rows.flatMap(({ entity, row }) => (row === null ? [] : [{ entity, row }]));
      const lengths: [entity: string, id: string, characters: number][] = [];
      await main.transaction('rw', main.rows, main.facts, main.items, main.done, async () => {
        if (change.replaceAll === true) await main.rows.clear();
        else if (gone.length > 0) await main.rows.bulkDelete(gone);
        // All in one transaction, but a few hundred at a time: the page draws and answers keys between them.
        for (let from = 0; from < puts.length; from += sliceRows) {
          const stored = puts.slice(from, from + sliceRows).map(({ entity, row }) => writeRow(entity, row));
          for (const { entity, id, text } of stored) lengths.push([entity, id, text.length]);
          await main.rows.bulkPut(stored);
        }
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
      // Only now: a transaction that was refused has changed nothing.
      if (change.replaceAll === true) {
        sizes.clear();
        total = 0;
      }
      for (const [entity, id] of gone) resize(entity, id, 0);
      for (const [entity, id, characters] of lengths) resize(entity, id, characters);
      if (change.outbox === undefined) return;
      keepSpare(change.outbox.put.map(writeItem));
      spare.remove(change.outbox.remove);
      await journalItems.bulkPut(change.outbox.put.map(writeItem));
      await journalItems.bulkDelete([...change.outbox.remove]);
      // With a spare that is written later they stay until the next start.
      if (!spare.kept) await main.done.bulkDelete([...change.outbox.remove]);
    },
    async saveOutbox(items) {
      askToKeep();
      const stored = items.map(writeItem);
      await journalItems.bulkPut(stored);
      try {
        await main.items.bulkPut(stored);
      } catch (error) {
        // Who is told that it was not kept must not find it sent after the next start.
        await journalItems.bulkDelete(stored.map(({ id }) => id));
        throw error;
      }
      keepSpare(stored);
    },
    async readDraft(key) {
      // Where an earlier version keeps it, and this one deletes it: what is there was written last.
      const earlier = await main.facts.get(`draft:${key}`).catch(() => undefined);
      return readFact(earlier) ?? readDraft(await journalItems.get(draftName(key)));
    },
    async writeDraft(key, text) {
      if (text === null || text === '') await journalItems.delete(draftName(key));
      else {
        askToKeep();
        await journalItems.put(writeDraft(key, text));
      }
      await main.facts.delete(`draft:${key}`);
    },
    sizes: () => ({ total, of: (entity, id) => sizes.get(`${entity}:${id}`) ?? 0 }),
    async wipe() {
      close();
      try {
        // First the one that has the other windows close both.
        await Dexie.delete(journal.name);
        await Dexie.delete(main.name);
      } finally {
        // Last: until they have closed, they write.
        spare.clear();
      }
    },
    close,
  };
}
