// Reads what a center sends, also one that is newer: what this version does not know is passed over, counted where it
// would be missed, and never ends the connection. docs/offline.md.
import { z } from 'zod';
import { openFields } from '#server/contract/client.ts';
import { Change, EntityName, FeedPosition, replicatedEntities } from '#server/contract/replica.ts';
import { Instant } from '#server/contract/primitives.ts';
import { type Row, rowKey, type RowKey } from './rows.ts';

const WireMessage = z.object({
  previous: FeedPosition,
  position: FeedPosition,
  serverNow: Instant,
  changes: z.array(z.unknown()),
  reset: z.string().nullable(),
});

const WirePage = z.object({
  position: FeedPosition,
  serverNow: Instant,
  changes: z.array(z.unknown()),
  next: z.string().nullable(),
  heardAt: z.number().optional(),
});

export interface ReadMessage {
  previous: string;
  position: string;
  serverNow: string;
  changes: Change[];
  reset: string | null;
}

export interface ReadPage {
  position: string;
  serverNow: string;
  changes: Change[];
  next: string | null;
  /** Device clock of `serverNow`, where the page is of the copy that another window keeps. */
  heardAt?: number | undefined;
}

/** Null when it is no message of the feed at all. */
export function readMessage(raw: unknown): ReadMessage | null {
  const parsed = WireMessage.safeParse(raw);
  return parsed.success ? { ...parsed.data, changes: knownChanges(parsed.data.changes) } : null;
}

/** Throws when it is no page of a snapshot. */
export function readSnapshotPage(raw: unknown): ReadPage {
  const page = WirePage.parse(raw);
  return { ...page, changes: knownChanges(page.changes) };
}

const NamedRow = z.object({ entity: EntityName, id: z.string() });

/**
 * Kinds of rows that came with a later release are not for this client, and no loss: it has no screen for them. What
 * became of a row of a known kind in words that it does not know stands here as a row that it cannot read.
 */
function knownChanges(raw: readonly unknown[]): Change[] {
  return raw.flatMap((each): Change[] => {
    const parsed = Change.safeParse(each);
    if (parsed.success) return [parsed.data];
    const named = NamedRow.safeParse(each);
    return named.success ? [{ op: 'put', ...named.data, version: 0, body: null }] : [];
  });
}

export interface ReadRow {
  key: RowKey;
  /** Null for a deletion, and for what cannot be read. */
  row: Row | null;
  /** A row of a known kind in a shape that this version cannot read: somebody would miss it. */
  unread: boolean;
}

export function readRow(change: Change): ReadRow {
  const key = rowKey(change.entity, change.id);
  if (change.op === 'delete') return { key, row: null, unread: false };
  const schema = replicatedEntities[change.entity];
  const parsed = schema.safeParse(change.body);
  if (parsed.success) return { key, row: parsed.data as Row, unread: false };
  const known = schema.safeParse(withStandIns(change.entity, change.body));
  return known.success ? { key, row: known.data as Row, unread: false } : { key, row: null, unread: true };
}

/** The same row with every value that a growing list does not have yet said in an older word. */
function withStandIns(entity: EntityName, body: unknown): unknown {
  return openFields
    .filter((field) => field.entity === entity && field.standIn !== null)
    .reduce((row, { path, values, standIn }) => (standIn === null ? row : replaceAt(row, path, values, standIn)), body);
}

function replaceAt(value: unknown, path: readonly string[], known: readonly string[], standIn: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' && !known.includes(value) ? standIn : value;
  if (step === '*') return Array.isArray(value) ? value.map((part) => replaceAt(part, rest, known, standIn)) : value;
  if (typeof value !== 'object' || value === null || !(step in value)) return value;
  return { ...value, [step]: replaceAt((value as Record<string, unknown>)[step], rest, known, standIn) };
}
