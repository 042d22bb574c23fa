// What the client keeps on this machine. The replica's rows carry a checksum; the outbox exists twice, in databases of
// their own kind of life: one beside the rows, so that both change in one transaction, one that no rebuild touches.
import type { EntityName } from '#server/contract/replica.ts';
import type { Sizes } from './rows/byte-bound.ts';
import type { OutboxItem } from './outbox/outbox.ts';
import type { Row } from './rows/rows.ts';

/** The last word of the server that what is stored goes up to, by both clocks. */
export interface Heard {
  /** Device clock. */
  at: number;
  /** Server clock. */
  serverAt: number;
}

/** A queued action that is stored and cannot be shown or sent by this version. It stays until somebody deletes it. */
export interface UnreadItem {
  id: string;
  /**
   * damaged: in every copy of it. newer: whole, in a shape that only a newer client knows. shut: no action, but the
   * database itself, which could not be opened; how many are in it is not known.
   */
  why: 'damaged' | 'newer' | 'shut';
  /** As it is stored, for a person to look at. */
  text: string;
}

export interface StoredOutbox {
  outbox: OutboxItem[];
  unread: UnreadItem[];
}

export interface StoredRows {
  position: string | null;
  rows: { entity: EntityName; row: Row }[];
  /** How old the rows are; null where it is not known. */
  heard: Heard | null;
  /** Why a snapshot has to be taken: something stored was not readable. Null when all was well. */
  damage: string | null;
}

export type Loaded = StoredRows & StoredOutbox;

/** Nothing of the copy could be had. */
export function nothingLoaded(damage: string): Loaded {
  return { rows: [], outbox: [], unread: [], position: null, heard: null, damage };
}

export interface Commit {
  rows: readonly { entity: EntityName; id: string; row: Row | null }[];
  /** Rows there are after this commit; a later load that finds another number knows that some are missing. */
  total: number;
  /** Undefined leaves it; null forgets it, so that the next start takes a snapshot. */
  position?: string | null;
  /** What the position was heard with. */
  heard?: Heard;
  outbox?: { put: readonly OutboxItem[]; remove: readonly string[] };
  /** Rows not named here are dropped first: after a snapshot. */
  replaceAll?: boolean;
}

export interface Storage {
  /**
   * `onRows` gets first, as one part, what a first screen is made of, then the kinds with many rows page by page. Only
   * the window that writes may begin a copy that cannot be opened anew (`mend`); for it, the many wait for what `onRows`
   * answers to the first part.
   */
  load(onRows: (rows: Loaded['rows']) => void | Promise<void>, mend?: boolean): Promise<Loaded>;
  /** What is queued, as it is stored now. */
  loadOutbox(): Promise<StoredOutbox>;
  /** Deletes what could not be read, because a person said so. */
  dropUnread(ids: readonly string[]): Promise<void>;
  /** One transaction. */
  commit(change: Commit): Promise<void>;
  /** Both copies of the outbox, before anything is shown; neither where one of them is refused. */
  saveOutbox(items: readonly OutboxItem[]): Promise<void>;
  /** What is being written stands beside the journal of the outbox: no rebuild of the copy touches it. */
  readDraft(key: string): Promise<string | null>;
  writeDraft(key: string, text: string | null): Promise<void>;
  /** Room that the stored rows take, counted with two bytes a character, as the browser keeps what is not Latin. */
  sizes(): Sizes;
  /** Forgets everything of this person on this machine. */
  wipe(): Promise<void>;
  close(): void;
  /** False when the browser gave no database: what is shown is then lost with the window. */
  readonly kept: boolean;
}

/** FNV-1a over UTF-16 units: enough to notice a flipped bit, fast enough for 50,000 rows at start. */
export function checksum(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
