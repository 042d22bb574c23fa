// The outbox as it stands in two databases: reads both copies, and says what of them is whole, what this version cannot
// read, and what has to be written so that both are whole again.
import type { Table as DexieTable } from 'dexie';
import { afterItems, type Main, readItem, type StoredItem } from './dexie-records.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import type { StoredOutbox, UnreadItem } from '../storage.ts';

export type Journal = DexieTable<StoredItem, string>;

export interface OutboxCopies {
  main: StoredItem[];
  journal: StoredItem[];
  /** Finished actions that the journal may still hold. */
  done: ReadonlySet<string>;
  /** Why neither copy can be trusted to be all there is. */
  shut: string | null;
}

/** `main` is null where it was made anew, and with it the copy beside the rows. */
export async function readCopies(main: Main | null, journal: Journal): Promise<OutboxCopies> {
  // Together, and before the journal: what is finished meanwhile is gone from the journal first, and from `done` last.
  const beside = await (main === null ? Promise.reject(new Error('made anew')) : readBeside(main)).catch(() => null);
  const { main: found, done } = beside ?? { main: [], done: new Set<string>() };
  try {
    const stored = await journal.where('id').below(afterItems).toArray();
    return { main: found, done, journal: stored, shut: null };
  } catch (error) {
    return { main: found, done, journal: [], shut: beside === null ? String(error) : null };
  }
}

function readBeside(main: Main): Promise<Pick<OutboxCopies, 'main' | 'done'>> {
  return Promise.resolve(
    main.transaction('r', main.items, main.done, async () => ({
      main: await main.items.toArray(),
      done: new Set((await main.done.toArray()).map(({ id }) => id)),
    })),
  );
}

export interface MergedOutbox extends StoredOutbox {
  /** Null where both copies are whole and the same, as they should be. */
  repair: Repair | null;
}

/** Two copies are worth nothing once one of them is damaged: the next fault would meet the last one. */
export interface Repair {
  /** Not whole, or not the same, in both copies. */
  put: OutboxItem[];
  /** What the journal has of finished actions, and other names under which an action stands. */
  remove: string[];
}

/**
 * What is queued: of two whole copies of an action the one beside the rows, which is the newer one. One that stands in
 * neither, and that nobody finished, was lost with the files of the databases: it is taken from the spare.
 */
export function mergeCopies(
  { main, journal, done, shut }: OutboxCopies,
  spare: readonly StoredItem[] = [],
): MergedOutbox {
  const found = new Map<string, { item: OutboxItem; text: string; same: number }>();
  const unread = new Map<string, UnreadItem>();
  const spared = new Set(spare.map(({ id }) => id));
  // The other store is written a little later: what it still has of a finished action must not come back after a crash.
  const remove = [...done].filter((id) => !spared.has(id));
  for (const { id, text, ...stored } of [...main, ...journal]) {
    const read = readItem({ id, text, ...stored });
    if (read.item === null) {
      if (unread.get(id)?.why !== 'newer') unread.set(id, { id, why: read.why, text: String(text) });
      continue;
    }
    const own = read.item.intent.id;
    if (own !== id) remove.push(id);
    const other = found.get(own);
    if (other === undefined) found.set(own, { item: read.item, text, same: own === id ? 1 : 0 });
    else if (own === id && other.text === text) other.same += 1;
  }
  for (const stored of spare) {
    const read = readItem(stored);
    if (read.item === null) {
      if (!unread.has(stored.id)) unread.set(stored.id, { id: stored.id, why: read.why, text: stored.text });
    } else if (!found.has(stored.id)) found.set(stored.id, { item: read.item, text: stored.text, same: 0 });
  }
  const queued = [...found].filter(([id]) => !done.has(id)).map(([, each]) => each);
  const put = queued.filter(({ same }) => same < 2).map(({ item }) => item);
  const lost = [...unread.values()].filter(({ id }) => !found.has(id) && !done.has(id));
  return {
    outbox: queued.map(({ item }) => item).sort((a, b) => a.place - b.place),
    unread: shut === null ? lost : [...lost, { id: 'outbox', why: 'shut', text: shut }],
    repair: put.length + remove.length === 0 ? null : { put, remove },
  };
}
