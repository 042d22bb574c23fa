// What the client keeps on this machine. The replica's rows carry a checksum; the outbox exists twice, in databases of
// their own kind of life: one beside the rows, so that both change in one transaction, one that no rebuild touches.
import type { EntityName } from '#server/contract/replica.ts';
import type { Sizes } from './byte-bound.ts';
import type { OutboxItem } from './outbox.ts';
import type { Row } from './rows.ts';

/** The last word of the server that what is stored goes up to, by both clocks. */
export interface Heard {
  /** Device clock. */
  at: number;
  /** Server clock. */
  serverAt: number;
}

export interface Loaded {
  position: string | null;
  rows: { entity: EntityName; row: Row }[];
  outbox: OutboxItem[];
  /** How old the rows are; null where it is not known. */
  heard: Heard | null;
  /** Why a snapshot has to be taken: something stored was not readable. Null when all was well. */
  damage: string | null;
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
   * Reads people and incidents first; `onRows` gets each part as it is read, for an early first paint. Only the window
   * that writes may begin a copy that cannot be opened anew (`mend`).
   */
  load(onRows: (rows: Loaded['rows']) => void, mend?: boolean): Promise<Loaded>;
  /** What is queued, as it is stored now. */
  loadOutbox(): Promise<OutboxItem[]>;
  /** One transaction. */
  commit(change: Commit): Promise<void>;
  /** Both copies of the outbox, before anything is shown. */
  saveOutbox(items: readonly OutboxItem[]): Promise<void>;
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
