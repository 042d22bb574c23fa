import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import { type Change, EntityName, entityNames, FeedPosition, type SnapshotPage } from '#server/contract/replica.ts';
import { Instant } from '#server/contract/primitives.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { ReplicaActor, ReplicaReader, ReplicaRow } from '#server/modules/replica/reader.ts';
import type { FeedStore } from '#server/modules/replica/store.ts';
import type { Clock } from '#server/ports/clock.ts';

const pageRows = 2_000;
const pageCharacters = 1_000_000;

/** Everything the next page needs; travels through the client as opaque text. */
const Cursor = z.object({
  position: FeedPosition,
  at: Instant,
  entity: EntityName,
  after: z.string().max(500).nullable(),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * Pages are read one by one, each from the present. That is sound because the position was taken before the first:
 * whatever changes meanwhile comes again with the stream, and a reader ignores what is not newer.
 */
export function createSnapshot(deps: {
  database: SqlReader;
  store: Pick<FeedStore, 'horizon'>;
  entities: Record<EntityName, ReplicaReader>;
  clock: Pick<Clock, 'now'>;
}): (actor: ReplicaActor, cursor: string | null, reads?: (entity: EntityName) => boolean) => Promise<SnapshotPage> {
  return async (actor, text, reads = () => true) => {
    const start = text === null ? await firstCursor() : parseCursor(text);
    const changes: Change[] = [];
    let characters = 0;
    let place: Cursor | null = start;
    while (place !== null && changes.length < pageRows && characters < pageCharacters) {
      const entity: EntityName = place.entity;
      if (!reads(entity)) {
        place = nextEntity(place);
        continue;
      }
      const limit = pageRows - changes.length;
      const rows: ReplicaRow[] = await deps.entities[entity](deps.database, actor, place.after, limit, place.at);
      let taken = 0;
      for (const row of rows) {
        if (changes.length > 0 && characters >= pageCharacters) break;
        characters += JSON.stringify(row.body).length;
        changes.push({ op: 'put', entity, id: row.id, version: row.version, body: row.body });
        place = { ...place, after: row.cursor ?? row.id };
        taken += 1;
      }
      if (taken === rows.length && rows.length < limit) place = nextEntity(place);
    }
    return {
      position: start.position,
      serverNow: new Date(deps.clock.now()).toISOString(),
      changes,
      next: place === null ? null : Buffer.from(JSON.stringify(place)).toString('base64url'),
    };
  };

  async function firstCursor(): Promise<Cursor> {
    const position = await deps.store.horizon();
    return { position, at: new Date(deps.clock.now()).toISOString(), entity: entityNames[0] ?? 'user', after: null };
  }
}

function nextEntity(place: Cursor): Cursor | null {
  const entity = entityNames[entityNames.indexOf(place.entity) + 1];
  return entity === undefined ? null : { ...place, entity, after: null };
}

function parseCursor(text: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid', 'The cursor of this page is damaged. Start the snapshot again without one.', {
      cause,
    });
  }
}
