// Cleans away what has done its work, in small transactions with rests between them.
import type { Database } from '#server/database/pool.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface RetentionLimits {
  consumedLogHours: number;
  /** How long a delivery or record that comes again is recognised (S1). */
  identityHours: number;
  feedHours: number;
  feedRows: number;
  intentDays: number;
  deadLetterDays: number;
  /** Deliveries from providers that were taken before. */
  callbackHours: number;
  /** Codes, and links to the phone page, after nobody can use them any more. */
  expiredHours: number;
  /** The ledger, ended pages with their notifications, pages of another pager, readers of updates. */
  pagingDays: number;
  chunkRows: number;
  everyMs: number;
  restMs: number;
}

export const defaultRetention: RetentionLimits = {
  consumedLogHours: 1,
  identityHours: 72,
  feedHours: 1,
  feedRows: 300_000,
  intentDays: 30,
  deadLetterDays: 90,
  callbackHours: 72,
  expiredHours: 24,
  pagingDays: 400,
  chunkRows: 5_000,
  everyMs: 60_000,
  restMs: 50,
};

export interface Retention {
  start(): void;
  stop(): Promise<void>;
  /** One round over everything; answers how many rows went. */
  runDue(): Promise<number>;
}

const hourMs = 3_600_000;

export function createRetention(deps: {
  database: Pick<Database, 'query'>;
  /** The feed remembers up to where it was cleaned; its own store knows how. */
  purgeFeed(olderThan: string, keepMost: number, chunk: number): Promise<number>;
  clock: Clock;
  logger: Logger;
  limits?: Partial<RetentionLimits>;
}): Retention {
  const { database, clock, logger } = deps;
  const limits = { ...defaultRetention, ...deps.limits };
  let stopping = new AbortController();
  let loop: Promise<void> | null = null;

  const before = (ms: number) => new Date(clock.now() - ms).toISOString();
  const remove = async (text: string, values: unknown[]) => (await database.query(text, values)).length;

  const chores: (() => Promise<number>)[] = [
    () => deps.purgeFeed(before(limits.feedHours * hourMs), limits.feedRows, limits.chunkRows),
    () =>
      remove(
        // Only what every group of the topic has behind it; a topic that no group reads is kept.
        `DELETE FROM event_log WHERE (topic, partition, xid, seq) IN (
           SELECT l.topic, l.partition, l.xid, l.seq FROM (
             SELECT topic, partition, min(xid) AS xid FROM consumer_offset GROUP BY topic, partition
           ) AS done JOIN event_log l ON l.topic = done.topic AND l.partition = done.partition AND l.xid < done.xid
           WHERE l.received_at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.consumedLogHours * hourMs), limits.chunkRows],
      ),
    () =>
      remove(`DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE at < $1 LIMIT $2) RETURNING true`, [
        before(limits.identityHours * hourMs),
        limits.chunkRows,
      ]),
    () =>
      remove(
        `DELETE FROM inbox WHERE (consumer_group, record_id) IN (
           SELECT consumer_group, record_id FROM inbox WHERE at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.identityHours * hourMs), limits.chunkRows],
      ),
    () =>
      remove(`DELETE FROM intent WHERE id IN (SELECT id FROM intent WHERE applied_at < $1 LIMIT $2) RETURNING true`, [
        before(limits.intentDays * 24 * hourMs),
        limits.chunkRows,
      ]),
    () =>
      remove(
        `DELETE FROM dead_letter WHERE id IN (
           SELECT id FROM dead_letter WHERE resolution IS NOT NULL AND resolved_at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.deadLetterDays * 24 * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        `DELETE FROM callback_seen WHERE (channel_id, delivery) IN (
           SELECT channel_id, delivery FROM callback_seen WHERE at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.callbackHours * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        `DELETE FROM contact_verification WHERE (user_id, method_id) IN (
           SELECT user_id, method_id FROM contact_verification WHERE expires_at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.expiredHours * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        `DELETE FROM page_link WHERE id IN (SELECT id FROM page_link WHERE expires_at < $1 LIMIT $2) RETURNING true`,
        [before(limits.expiredHours * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        // One that is still open belongs to an incident that is not over.
        `WITH old AS (SELECT id FROM page WHERE at < $1 AND status <> 'open' LIMIT $2 FOR UPDATE SKIP LOCKED),
           told AS (DELETE FROM notification n USING old WHERE n.page_id = old.id)
         DELETE FROM page p USING old WHERE p.id = old.id RETURNING true`,
        [before(limits.pagingDays * 24 * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        `DELETE FROM ledger_entry WHERE sequence IN (SELECT sequence FROM ledger_entry WHERE at < $1 LIMIT $2) RETURNING true`,
        [before(limits.pagingDays * 24 * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        `DELETE FROM ledger_turn WHERE sequence IN (SELECT sequence FROM ledger_turn WHERE at < $1 LIMIT $2) RETURNING true`,
        [before(limits.pagingDays * 24 * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        // What was said stays with its incident; where it stood elsewhere matters as long as somebody may change it there.
        `DELETE FROM chat_mirror WHERE (message_id, channel_id) IN (
           SELECT message_id, channel_id FROM chat_mirror WHERE state <> 'waiting' AND queued_at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.pagingDays * 24 * hourMs), limits.chunkRows],
      ),
    () =>
      remove(
        // How an update was delivered stays with the update, in numbers; who its readers were does not.
        `DELETE FROM status_delivery WHERE id IN (
           SELECT id FROM status_delivery WHERE state <> 'waiting' AND queued_at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.pagingDays * 24 * hourMs), limits.chunkRows],
      ),
    () =>
      remove(`DELETE FROM shadow_page WHERE id IN (SELECT id FROM shadow_page WHERE at < $1 LIMIT $2) RETURNING true`, [
        before(limits.pagingDays * 24 * hourMs),
        limits.chunkRows,
      ]),
    () =>
      remove(
        // A step that fired so long ago does not come again: its run or its repeat is another by now.
        `DELETE FROM escalation_step WHERE (incident_id, run, policy_version, step_id, loop) IN (
           SELECT incident_id, run, policy_version, step_id, loop FROM escalation_step WHERE fired_at < $1 LIMIT $2
         ) RETURNING true`,
        [before(limits.pagingDays * 24 * hourMs), limits.chunkRows],
      ),
  ];

  async function runDue(): Promise<number> {
    let total = 0;
    for (const chore of chores) {
      for (;;) {
        if (stopping.signal.aborted) return total;
        const removed = await chore();
        total += removed;
        if (removed < limits.chunkRows) break;
        await clock.sleep(limits.restMs, stopping.signal);
      }
    }
    return total;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(limits.everyMs, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        const removed = await runDue();
        if (removed > 0) logger.debug('old rows were cleaned away', { removed });
      } catch (error) {
        logger.warn('cleaning was put off', { reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  return {
    start() {
      if (loop !== null) return;
      stopping = new AbortController();
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
      loop = null;
    },
    runDue,
  };
}
