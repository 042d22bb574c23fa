// How rows, queued actions and facts stand in the browser's database: as text with a checksum over it and its name.
import Dexie, { type Table as DexieTable } from 'dexie';
import { z } from 'zod';
import { Intent } from '#server/contract/intent.ts';
import type { EntityName } from '#server/contract/replica.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import type { Row } from '../rows/rows.ts';
import { checksum, type Heard } from '../storage.ts';

export type Main = Dexie & {
  rows: DexieTable<StoredRow, [string, string]>;
  facts: DexieTable<StoredFact, string>;
  items: DexieTable<StoredItem, string>;
  done: DexieTable<{ id: string }, string>;
};

export function openMain(name: string): Main {
  const database = new Dexie(name);
  database.version(1).stores({ rows: '[entity+id], entity', facts: 'key', items: 'id', done: 'id' });
  return database as Main;
}

export interface StoredRow {
  entity: string;
  id: string;
  text: string;
  sum: number;
}

export interface StoredItem {
  id: string;
  text: string;
  sum: number;
}

export interface StoredFact {
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

export function writeRow(entity: EntityName, row: Row): StoredRow {
  const text = JSON.stringify(row);
  return { entity, id: row.id, text, sum: checksum(`${entity}${row.id}${text}`) };
}

export function readRow(stored: StoredRow): Row | null {
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

export function writeItem(item: OutboxItem): StoredItem {
  const text = JSON.stringify(item);
  return { id: item.intent.id, text, sum: checksum(text) };
}

export type ReadItem = { item: OutboxItem } | { item: null; why: 'damaged' | 'newer' };

export function readItem(stored: StoredItem): ReadItem {
  if (typeof stored.text !== 'string' || checksum(stored.text) !== stored.sum) return { item: null, why: 'damaged' };
  const parsed = OutboxItemShape.safeParse(parseJson(stored.text));
  return parsed.success ? { item: parsed.data } : { item: null, why: 'newer' };
}

/** Ids of actions come before it; what else stands in the journal is named after it, where older clients pass over it. */
export const afterItems = '~';

export function draftName(key: string): string {
  return `${afterItems}draft:${key}`;
}

export function writeDraft(key: string, text: string): StoredItem {
  const id = draftName(key);
  return { id, text, sum: checksum(`${id}${text}`) };
}

export function readDraft(stored: StoredItem | undefined): string | null {
  if (stored === undefined || typeof stored.text !== 'string') return null;
  return checksum(`${stored.id}${stored.text}`) === stored.sum ? stored.text : null;
}

export function writeFact(key: string, text: string): StoredFact {
  return { key, text, sum: checksum(`${key}${text}`) };
}

export function readFact(stored: StoredFact | undefined): string | null {
  if (stored === undefined || typeof stored.text !== 'string') return null;
  return checksum(`${stored.key}${stored.text}`) === stored.sum ? stored.text : null;
}

const HeardShape = z.object({ at: z.number(), serverAt: z.number() });

export function readHeard(text: string | null): Heard | null {
  return text === null ? null : (HeardShape.safeParse(parseJson(text)).data ?? null);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
