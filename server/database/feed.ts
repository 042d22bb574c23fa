import { type Audience, isNarrowed } from '#server/contract/audience.ts';
import type { EntityName } from '#server/contract/replica.ts';
import { betweenTexts, plainArray } from '#server/database/columns.ts';
import { type Tx, wakeAfterCommit } from '#server/database/transaction.ts';

export interface FeedRow {
  /** `session` only with `reset`. */
  entity: EntityName | 'session';
  op: 'put' | 'delete' | 'reset';
  id: string;
  version: number;
  /** The whole new state as the contract has it; null for `delete` and `reset`. */
  body: unknown;
  /** Teams that may see it; null is everyone. */
  audience: Audience;
  /** Only this user. */
  userId?: string | null;
}

/** Appends to the change feed inside the transaction that made the changes: a screen never shows what did not commit. */
export async function appendToFeed(tx: Tx, at: string, rows: readonly FeedRow[]): Promise<void> {
  if (rows.length === 0) return;
  wakeAfterCommit(tx, 'feed');
  await tx.query({
    name: 'feed-append',
    text: `INSERT INTO feed (at, entity, op, id, version, body, audience, user_id)
           SELECT $1, r.entity, r.op, r.id, r.version, r.body, r.audience::uuid[], r.user_id
           FROM ROWS FROM (unnest($2::text[]), unnest($3::text[]), unnest($4::uuid[]), unnest($5::bigint[]),
             string_to_table($6, E'\\x1e', ''), unnest($7::text[]), unnest($8::uuid[])) WITH ORDINALITY AS r (entity, op, id, version, body, audience, user_id, place)
           ORDER BY r.place`,
    values: [
      at,
      plainArray(rows.map((row) => row.entity)),
      plainArray(rows.map((row) => row.op)),
      plainArray(rows.map((row) => row.id)),
      plainArray(rows.map((row) => row.version)),
      // An empty one is read as null.
      rows.map((row) => (row.op === 'put' ? JSON.stringify(row.body) : '')).join(betweenTexts),
      rows.map((row) => (row.audience === null ? null : `{${row.audience.join(',')}}`)),
      plainArray(rows.map((row) => row.userId ?? null)),
    ],
  });
}

/**
 * The version of a thing that is made under an id which a client chose. One that was deleted may come back under its own,
 * and begins above all that was said of it: else its deletion would be the newest for readers who were away.
 */
export async function firstVersion(tx: Tx, entity: EntityName, id: string): Promise<number> {
  const { rows } = await tx.query<{ version: number }>({
    name: 'feed-first-version',
    text: 'SELECT coalesce(max(version), 0) + 1 AS version FROM feed WHERE id = $1 AND entity = $2',
    values: [id, entity],
  });
  return rows[0]?.version ?? 1;
}

export interface Reissue {
  entity: EntityName;
  /** As they are now, with a version above the one that readers hold. */
  states: readonly { id: string; version: number }[];
  before: Audience;
  after: Audience;
}

/**
 * Feed rows for things whose audience changed. Who may not see them any more gets a `delete`, and what they said before
 * is withdrawn from the feed's history too: a reader who was away must not catch up on it.
 */
export async function reissueToFeed(tx: Tx, at: string, { entity, states, before, after }: Reissue): Promise<void> {
  if (states.length === 0) return;
  const withdrawn: FeedRow[] = [];
  if (isNarrowed(before, after)) {
    await tx.query({
      name: 'feed-narrow',
      text: `UPDATE feed SET audience = $2::uuid[] WHERE id = ANY($1::uuid[]) AND op = 'put'`,
      values: [states.map((state) => state.id), after],
    });
    for (const { id, version } of states) {
      withdrawn.push({ entity, op: 'delete', id, version: version - 1, body: null, audience: before });
    }
  }
  const shown = states.map((state): FeedRow => {
    return { entity, op: 'put', id: state.id, version: state.version, body: state, audience: after };
  });
  await appendToFeed(tx, at, [...withdrawn, ...shown]);
}
