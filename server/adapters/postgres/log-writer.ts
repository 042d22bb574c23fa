// Group commit: whatever arrived while the writer was busy is one transaction; no timer, so a lone append waits for nobody.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '#server/api/app-error.ts';
import { copyRecords, type PlacedRecord } from '#server/adapters/postgres/copy-records.ts';
import { asAppError } from '#server/database/database-error.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface LogWriter {
  append(records: PlacedRecord[], deliveryId: string | undefined): Promise<{ duplicate: boolean }>;
  /** Records waiting in memory. */
  waiting(): number;
  /** Waits for what was taken in. */
  stop(): Promise<void>;
}

export interface LogWriterLimits {
  /** Most records and characters held in memory; beyond that an append is refused. */
  queueRecords: number;
  queueCharacters: number;
  /** Most records in one transaction. */
  groupRecords: number;
  /** A group that takes longer is given up: its connection is cut and its callers are told `unavailable`. */
  timeoutMs: number;
}

export const defaultWriterLimits: LogWriterLimits = {
  queueRecords: 20_000,
  queueCharacters: 64_000_000,
  groupRecords: 2_000,
  timeoutMs: 10_000,
};

interface Entry {
  records: PlacedRecord[];
  characters: number;
  delivery: Buffer | null;
  since: number;
  resolve(answer: { duplicate: boolean }): void;
  reject(error: unknown): void;
}

// One connection keeps up with single posts in ever larger groups. With batches a second one overlaps the wait for the disk.
const laneCount = 2;
const secondLaneFrom = 200;

export function createLogWriter(deps: {
  connect(): Promise<pg.Client>;
  clock: Clock;
  logger: Logger;
  limits?: Partial<LogWriterLimits>;
  /** After each commit, with how many records it held. */
  appended(count: number): void;
}): LogWriter {
  const { clock, logger } = deps;
  const limits = { ...defaultWriterLimits, ...deps.limits };
  const queue: Entry[] = [];
  let queuedRecords = 0;
  let queuedCharacters = 0;
  let stopping = false;
  /** Records refused since the last group that was stored: told once when it begins and once when it is over. */
  let refused = 0;
  const running = new Set<Promise<void>>();
  const clients: (pg.Client | null)[] = Array.from({ length: laneCount }, () => null);
  const busy = clients.map(() => false);

  function take(): Entry[] {
    const group: Entry[] = [];
    let records = 0;
    for (const entry of queue) {
      if (group.length > 0 && records + entry.records.length > limits.groupRecords) break;
      group.push(entry);
      records += entry.records.length;
      queuedCharacters -= entry.characters;
    }
    queue.splice(0, group.length);
    queuedRecords -= records;
    return group;
  }

  /** What has waited as long as a group may take: while nothing can be stored, its senders are told so, not kept. */
  function takeOverdue(): Entry[] {
    const overdue = queue.findIndex(({ since }) => clock.monotonic() - since < limits.timeoutMs);
    const entries = queue.splice(0, overdue === -1 ? queue.length : overdue);
    for (const entry of entries) {
      queuedRecords -= entry.records.length;
      queuedCharacters -= entry.characters;
    }
    return entries;
  }

  function refuse(entries: readonly Entry[], error: unknown): void {
    for (const entry of entries) {
      refused += entry.records.length;
      entry.reject(error);
    }
  }

  function pump(): void {
    for (let lane = 0; lane < laneCount; lane += 1) {
      if (queue.length === 0) return;
      if (busy[lane] === true || (lane > 0 && queuedRecords < secondLaneFrom)) continue;
      busy[lane] = true;
      const run = drain(lane).finally(() => running.delete(run));
      running.add(run);
    }
  }

  async function drain(lane: number): Promise<void> {
    // Lets everything that arrived in this turn of the event loop into the first group.
    await Promise.resolve();
    while (queue.length > 0 && (lane === 0 || queuedRecords >= secondLaneFrom)) {
      const group = take();
      if (lane === 0 && queuedRecords >= secondLaneFrom) pump();
      try {
        await flush(lane, group);
        if (refused > 0) logger.warn('records are appended to the log again', { refused });
        refused = 0;
      } catch (error) {
        if (refused === 0) {
          const reason = error instanceof Error ? error.message : String(error);
          logger.error('records cannot be appended to the log', { reason });
        }
        refuse([...group, ...takeOverdue()], asAppError(error));
      }
    }
    // In the same turn as the last look at the queue: an append that comes after it starts the lane again.
    busy[lane] = false;
  }

  async function open(lane: number): Promise<pg.Client> {
    const client = await deps.connect();
    clients[lane] = client;
    client.once('end', () => {
      if (clients[lane] === client) clients[lane] = null;
    });
    return client;
  }

  async function flush(lane: number, group: Entry[]): Promise<void> {
    const client = clients[lane] ?? (await open(lane));
    const deadline = clock.setTimer(limits.timeoutMs, () => cut(client));
    try {
      const deliveries = group.some((entry) => entry.delivery !== null);
      const taken = deliveries ? await insertNew(client, group) : null;
      if (taken === null)
        await copyRecords(
          client,
          group.flatMap((entry) => entry.records),
        );
      const answered = new Set<string>();
      let count = 0;
      for (const entry of group) {
        const identity = entry.delivery?.toString('hex');
        const duplicate = identity !== undefined && (taken?.has(identity) !== true || answered.has(identity));
        if (identity !== undefined) answered.add(identity);
        if (!duplicate) count += entry.records.length;
        entry.resolve({ duplicate });
      }
      if (count > 0) deps.appended(count);
    } catch (error) {
      cut(client);
      clients[lane] = null;
      throw error;
    } finally {
      deadline();
    }
  }

  return {
    append(records, deliveryId) {
      if (stopping)
        return Promise.reject(
          new AppError('unavailable', 'The server is stopping. Try again in a few seconds.', { retryAfterSeconds: 5 }),
        );
      const characters = records.reduce((sum, { record }) => sum + record.payload.length + record.key.length, 0);
      const full =
        queuedRecords + records.length > limits.queueRecords || queuedCharacters + characters > limits.queueCharacters;
      // A single post larger than the whole queue still fits an empty one.
      if (full && queue.length > 0) {
        return Promise.reject(
          new AppError('overloaded', 'More is coming in than can be stored right now. Try again in a few seconds.', {
            retryAfterSeconds: 2,
          }),
        );
      }
      return new Promise((resolve, reject) => {
        const delivery = deliveryId === undefined ? null : createHash('sha256').update(deliveryId).digest();
        queue.push({ records, characters, delivery, since: clock.monotonic(), resolve, reject });
        queuedRecords += records.length;
        queuedCharacters += characters;
        pump();
      });
    },
    waiting: () => queuedRecords,
    async stop() {
      stopping = true;
      while (running.size > 0) await Promise.all(running);
      await Promise.all(clients.map((client) => client?.end().catch(() => {}) ?? Promise.resolve()));
    },
  };
}

function cut(client: pg.Client): void {
  // `end` would wait for the running statement.
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}

/**
 * Appends what belongs to deliveries that are new, and everything that has no identity, in one transaction.
 * Answers the identities that are new. One that another transaction is just adding makes this one wait for its end.
 */
async function insertNew(client: pg.Client, group: readonly Entry[]): Promise<Set<string>> {
  const rows: { place: PlacedRecord; delivery: Buffer | null }[] = [];
  const seen = new Map<string, Entry>();
  for (const entry of group) {
    if (entry.delivery !== null) {
      const identity = entry.delivery.toString('hex');
      if (seen.has(identity)) continue;
      seen.set(identity, entry);
    }
    for (const place of entry.records) rows.push({ place, delivery: entry.delivery });
  }
  // Sorted, so that two writers with the same identities never wait for each other in a circle.
  const identities = [...seen.keys()].sort();
  const result = await client.query<{ id: string }>({
    name: 'log-append-deliveries',
    text: `WITH fresh AS (
             INSERT INTO delivery (id, at) SELECT decode(d, 'hex'), now() FROM unnest($1::text[]) AS d
             ON CONFLICT DO NOTHING RETURNING encode(id, 'hex') AS id
           ), appended AS (
             INSERT INTO event_log (topic, partition, id, key, type, payload, received_at)
             SELECT r.topic, r.partition, r.id, r.key, r.type, r.payload, to_timestamp(r.received_ms / 1000.0)
             FROM unnest($2::text[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[])
               WITH ORDINALITY AS r (topic, partition, id, key, type, payload, received_ms, delivery, place)
             WHERE r.delivery IS NULL OR r.delivery IN (SELECT id FROM fresh)
             ORDER BY r.place
           )
           SELECT id FROM fresh`,
    values: [
      identities,
      rows.map((row) => row.place.topic),
      rows.map((row) => row.place.partition),
      rows.map((row) => row.place.record.id),
      rows.map((row) => row.place.record.key),
      rows.map((row) => row.place.record.type),
      rows.map((row) => row.place.record.payload),
      rows.map((row) => row.place.record.receivedAt),
      rows.map((row) => row.delivery?.toString('hex') ?? null),
    ],
  });
  return new Set(result.rows.map((row) => row.id));
}
