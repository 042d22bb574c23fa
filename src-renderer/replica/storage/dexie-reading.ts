// Reads the copy back, the first screen's part of it first, and judges whether the stream may go on from where it stands.
import Dexie from 'dexie';
import { type EntityName, entityNames } from '#server/contract/replica.ts';
import { t } from '../../language/words.ts';
import { type Main, readFact, readHeard, readRow } from './dexie-records.ts';
import type { Heard, Loaded, Storage, StoredRows } from '../storage.ts';

/** Raised when there are rows to keep that an older client did not ask for, or that it stored in another shape. */
export const format = 3;
/** Older formats whose rows are still good to look at until the snapshot is here. */
const readable: readonly string[] = ['1', '2'];
/** What this version keeps: a copy of another list has gaps, and looks whole. */
export const kinds = entityNames.join(' ');

/** Of these there can be tens of thousands, and no first screen needs them: they are read last. */
const many: readonly EntityName[] = ['timeline', 'chat', 'change', 'alert'];
const few = entityNames.filter((entity) => entity !== 'service' && !many.includes(entity));

interface Facts {
  position: string | null;
  format: string | null;
  count: string | null;
  kinds: string | null;
  heard: Heard | null;
}

interface Found {
  rows: Loaded['rows'];
  /** Rows that were not readable. */
  bad: number;
}

/** Read at once: what somebody clicks meanwhile waits no longer than these take to be understood. */
const pageRows = 2_000;

export interface CopyReading {
  /**
   * In two transactions, so that the first screen is drawn between them; only for the window that writes. In one for
   * every other: what is written meanwhile would look like damage.
   */
  inTurn: boolean;
  onRows: Parameters<Storage['load']>[0];
  /** Hears of every row what it takes. */
  sized: (entity: string, id: string, characters: number) => void;
}

export async function readCopy(main: Main, { inTurn, onRows, sized }: CopyReading): Promise<StoredRows> {
  const found: Found = { rows: [], bad: 0 };

  async function readFacts(): Promise<Facts> {
    const stored = await main.facts.bulkGet(['position', 'format', 'count', 'kinds', 'heard']);
    const [position = null, formatText = null, count = null, keptKinds = null, heard = null] = stored.map(readFact);
    return { position, format: formatText, count, kinds: keptKinds, heard: readHeard(heard) };
  }

  /** Page by page, so that none of them holds up the screen. */
  async function readKind(entity: EntityName, heard: (rows: Loaded['rows']) => void): Promise<void> {
    for (let after: unknown = Dexie.minKey; ;) {
      const page = await main.rows
        .where('[entity+id]')
        .between([entity, after], [entity, Dexie.maxKey], false, true)
        .limit(pageRows)
        .toArray();
      const part: Loaded['rows'] = [];
      for (const stored of page) {
        const row = readRow(stored);
        if (row === null) found.bad += 1;
        else {
          part.push({ entity, row });
          sized(entity, row.id, stored.text.length);
        }
      }
      for (const each of part) found.rows.push(each);
      if (part.length > 0) heard(part);
      if (page.length < pageRows) return;
      after = page.at(-1)?.id;
    }
  }

  /** All kinds at once: each waits for the disk, and together they wait once. */
  async function readFew(): Promise<Loaded['rows']> {
    const rows: Loaded['rows'] = [];
    await Promise.all(few.map((entity) => readKind(entity, (part) => rows.push(...part))));
    return rows;
  }

  /** Answers how many rows there are, of whatever kind. */
  async function readMany(): Promise<number> {
    // All of them at once: half a map would be laid out, and the places kept, as if it were the whole.
    const services: Loaded['rows'] = [];
    await readKind('service', (part) => services.push(...part));
    if (services.length > 0) void onRows(services);
    for (const entity of many) await readKind(entity, (part) => void onRows(part));
    return main.rows.count();
  }

  const reading = <T>(work: () => Promise<T>): Promise<T> =>
    Promise.resolve(main.transaction('r', main.rows, main.facts, work));

  if (!inTurn) {
    const [facts, kept] = await reading(async () => {
      const now = await readFacts();
      const rows = await readFew();
      if (rows.length > 0) void onRows(rows);
      return [now, await readMany()] as const;
    });
    return judge(found, facts, kept);
  }
  const [facts, rows] = await reading(async () => [await readFacts(), await readFew()] as const);
  if (rows.length > 0) await onRows(rows);
  const [then, kept] = await reading(async () => [await readFacts(), await readMany()] as const);
  const moved = then.position !== facts.position || then.count !== facts.count;
  return moved
    ? { rows: found.rows, position: null, heard: then.heard, damage: t`the stored copy changed while it was read` }
    : judge(found, facts, kept);
}

/** What of the rows may be trusted, and whether the stream may go on from their place. */
function judge({ rows, bad }: Found, facts: Facts, kept: number): StoredRows {
  const { position, heard } = facts;
  const damaged = (damage: string): StoredRows => ({ rows, position: null, heard, damage });
  if (bad > 0) return damaged(t`${bad} stored rows were not readable`);
  if (kept !== rows.length) return damaged(t`rows of an unknown kind were stored`);
  if (facts.format !== null && readable.includes(facts.format))
    return damaged(t`an older version of the client kept less`);
  if (rows.length > 0 && facts.format !== String(format))
    return { ...damaged(t`the stored format is another version`), rows: [] };
  if (rows.length > 0 && facts.kinds !== kinds)
    return damaged(t`another version of the client kept other kinds of rows`);
  if (position !== null && facts.count !== String(rows.length)) return damaged(t`stored rows are missing`);
  if (position !== null && heard === null) return damaged(t`how old the copy is was not readable`);
  if (rows.length > 0 && position === null) return damaged(t`the place in the change feed was not readable`);
  return { rows, position, heard, damage: null };
}
