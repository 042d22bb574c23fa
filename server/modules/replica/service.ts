import type { FeedMessage, FeedPosition, SnapshotPage, EntityName } from '#server/contract/replica.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { createFeedReader } from '#server/modules/replica/feed-reader.ts';
import type { ReplicaActor, ReplicaReader } from '#server/modules/replica/reader.ts';
import { createSnapshot } from '#server/modules/replica/snapshot.ts';
import { createFeedStore, type Missed } from '#server/modules/replica/store.ts';
import { createStream } from '#server/modules/replica/stream.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** How a reader goes on from its place. */
export interface Resumed {
  /** The newest state of each thing, unless `every` change of it is wanted. */
  missed?: Missed;
  /** When it heard that place, by the server's clock. */
  heardAt?: string | null;
}

export interface Replica<A extends ReplicaActor = ReplicaActor> {
  start(): void;
  /** Ends every stream. */
  stop(): Promise<void>;
  /** `reads` leaves out what the asking client does not know. */
  snapshotPage(actor: A, cursor: string | null, reads?: (entity: EntityName) => boolean): Promise<SnapshotPage>;
  /** What was missed comes first. */
  stream(
    actor: A,
    lastPosition: FeedPosition | null,
    signal: AbortSignal,
    resumed?: Resumed,
  ): AsyncGenerator<FeedMessage, void>;
  connected(): number;
  /** Cleans away feed rows that are older than the instant or beyond the newest `keepMost`; answers how many. */
  purge(olderThan: string, keepMost: number, chunk: number): Promise<number>;
}

export function createReplica<A extends ReplicaActor>(deps: {
  database: SqlReader & Transactor;
  /** Tells that the feed may have grown. */
  wake: { on(channel: string, listener: () => void): () => void };
  entities: Record<EntityName, ReplicaReader>;
  refreshActor(actor: A): Promise<ReplicaActor | null>;
  clock: Clock;
  logger: Logger;
}): Replica<A> {
  const { database, wake, clock } = deps;
  const store = createFeedStore(database);
  const reader = createFeedReader({
    store,
    clock,
    logger: deps.logger,
    onHint: (listener) => wake.on('feed', listener),
  });
  return {
    start() {
      reader.start();
    },
    async stop() {
      await reader.stop();
    },
    snapshotPage: createSnapshot({ database, store, entities: deps.entities, clock }),
    stream: createStream<A>({ reader, store, clock, refreshActor: deps.refreshActor }),
    connected: reader.subscribers,
    purge: store.purge,
  };
}
