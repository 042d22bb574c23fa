// The loop of one consumer group: looks for work, runs it, and decides what a failure means. Partitions without trouble
// share a transaction; one that failed runs by itself, first as a batch and then record by record.
import type pg from 'pg';
import { type Attempt, lookForWork, takeBack } from '#server/adapters/postgres/attempts.ts';
import { partitionCount } from '#server/adapters/postgres/partitions.ts';
import { runTurn, type Turn, type TurnDeps } from '#server/adapters/postgres/turn.ts';
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { Database } from '#server/database/pool.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Consumer, ConsumerOptions } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface ConsumerLimits {
  maxAttempts: number;
  attemptTimeoutMs: number;
  /** Without a hint it looks by itself this often. */
  fallbackMs: number;
}

export const defaultConsumerLimits: ConsumerLimits = { maxAttempts: 3, attemptTimeoutMs: 30_000, fallbackMs: 1_000 };

/** Effects are kept this short, because the change feed waits for the oldest running transaction. */
const longTurnMs = 120;
const shortTurnMs = 40;
const leastBatch = 16;
/** Records that come one by one are gathered this long, so that a steady trickle does not cost a transaction each. */
const gatherMs = 10;
/** Above this many appended records a second, accepting has the machine first and processing a share of the rest. */
const floodPerSecond = 3_000;
const floodRest = 2;
const longestRestMs = 300;

export interface ConsumerDeps {
  database: Pick<Database, 'withTransaction' | 'connect'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  wake: Wake;
  options: ConsumerOptions;
  /** Records appended per second, lately. */
  appendRate(): number;
  limits?: Partial<ConsumerLimits>;
}

interface PartitionState {
  notBefore: number;
  failures: number;
  lastReason: string | null;
  /** A count that could not be taken back while the database was away. */
  owed: Attempt | null;
  /** Bounds the next batch, so that it ends before a record that wants to wait. */
  limit: number | null;
  /** Something went wrong in a turn that it shared; it does not share the next one. */
  alone: boolean;
}

export function createConsumer(deps: ConsumerDeps): Consumer {
  const { clock, options, random } = deps;
  const limits = { ...defaultConsumerLimits, ...deps.limits };
  const logger = deps.logger.child({ consumer: options.group });
  const states: PartitionState[] = Array.from({ length: partitionCount }, () => ({
    notBefore: 0,
    failures: 0,
    lastReason: null,
    owed: null,
    limit: null,
    alone: false,
  }));
  let batchLimit = Math.min(leastBatch * 4, options.batchSize);
  let stopping = false;
  let loop: Promise<void> | null = null;
  let rung = false;
  let ring: AbortController | null = null;
  let endWake = () => {};
  let control: pg.Client | null = null;
  let known = false;

  const turnDeps: TurnDeps = {
    database: deps.database,
    clock,
    random,
    control: controlClient,
    options,
    attemptTimeoutMs: limits.attemptTimeoutMs,
    maxAttempts: limits.maxAttempts,
  };

  async function controlClient(): Promise<pg.Client> {
    if (control !== null) return control;
    const client = await deps.database.connect();
    await client.query(`SET synchronous_commit = off; SET lock_timeout = '2s'`);
    client.once('end', () => {
      if (control === client) control = null;
    });
    control = client;
    return client;
  }

  async function rest(ms: number): Promise<void> {
    if (rung || stopping) {
      rung = false;
      return;
    }
    ring = new AbortController();
    await clock.sleep(ms, ring.signal);
    ring = null;
    rung = false;
  }

  function wakeUp(): void {
    rung = true;
    ring?.abort();
  }

  async function ensureOffsets(client: pg.Client): Promise<void> {
    if (known) return;
    await client.query(
      `INSERT INTO consumer_offset (consumer_group, topic, partition)
       SELECT $1, $2, p FROM generate_series(0, $3::int - 1) AS p ON CONFLICT DO NOTHING`,
      [options.group, options.topic, partitionCount],
    );
    known = true;
  }

  async function run(): Promise<void> {
    let hiddenRounds = 0;
    while (!stopping) {
      const begun = clock.monotonic();
      try {
        await repay();
        const client = await controlClient();
        await ensureOffsets(client);
        const found = await lookForWork(client, options);
        const ready = found.filter(({ visible }) => visible);
        const due = ready.filter(({ partition }) => (states[partition]?.notBefore ?? 0) <= begun);
        const shared = due.filter(({ partition, cautious }) => !cautious && states[partition]?.alone !== true).map(({ partition }) => partition);
        if (shared.length > 0) await step(shared, false);
        let oneByOne = false;
        for (const { partition } of due) {
          if (shared.includes(partition)) continue;
          const turnEnds = clock.monotonic() + longTurnMs;
          while (!stopping && (await step([partition], true))) {
            oneByOne = true;
            if (clock.monotonic() > turnEnds) break;
          }
        }
        const hidden = ready.length < found.length;
        hiddenRounds = hidden ? hiddenRounds + 1 : 0;
        if (due.length > 0) {
          const spent = clock.monotonic() - begun;
          if (!oneByOne && spent < gatherMs) await clock.sleep(gatherMs - spent);
        } else {
          const waiting = ready.map(({ partition }) => partition);
          await rest(untilNext(waiting, hidden ? Math.min(100, 2 * 2 ** Math.min(hiddenRounds, 6)) : limits.fallbackMs));
        }
      } catch (error) {
        logger.warn('processing waits for the database', { reason: error instanceof Error ? error.message : String(error) });
        control?.end().catch(() => {});
        control = null;
        await rest(limits.fallbackMs);
      }
    }
  }

  function untilNext(ready: number[], most: number): number {
    const now = clock.monotonic();
    return Math.max(1, Math.min(most, ...ready.map((partition) => (states[partition]?.notBefore ?? 0) - now)));
  }

  async function repay(): Promise<void> {
    const owed = states.map((state) => state.owed).filter((attempt) => attempt !== null);
    if (owed.length === 0) return;
    await takeBack(await controlClient(), options, owed);
    for (const state of states) state.owed = null;
  }

  function each(attempts: readonly Attempt[], change: (state: PartitionState, attempt: Attempt) => void): void {
    for (const attempt of attempts) {
      const state = states[attempt.partition];
      if (state !== undefined) change(state, attempt);
    }
  }

  /** True while a partition that runs alone is to go on at once. */
  async function step(partitions: readonly number[], cautious: boolean): Promise<boolean> {
    const [first = 0] = partitions;
    const head = cautious ? states[first] : undefined;
    const turn: Turn = {
      partitions,
      limit: head?.limit ?? Math.max(Math.ceil(batchLimit / partitions.length), 1),
      cautious,
      lastReason: head?.lastReason ?? null,
    };
    const begun = clock.monotonic();
    const result = await runTurn(turnDeps, turn);
    const spent = clock.monotonic() - begun;
    for (const partition of partitions) {
      const state = states[partition];
      if (state === undefined) continue;
      state.limit = null;
      if (result.kind === 'busy') state.notBefore = clock.monotonic() + 100;
    }
    switch (result.kind) {
      case 'idle':
      case 'busy':
        return false;
      case 'done': {
        if (result.parked > 0) logger.warn('records were parked as dead letters', { count: result.parked, reason: turn.lastReason });
        each(result.attempts, (state) => Object.assign(state, { failures: 0, lastReason: null, alone: false }));
        if (spent > longTurnMs) batchLimit = Math.max(leastBatch, Math.floor(batchLimit / 2));
        else if (spent < shortTurnMs && result.records.length >= batchLimit) batchLimit = Math.min(options.batchSize, batchLimit * 2);
        options.committed?.(result.records);
        if (deps.appendRate() > floodPerSecond) await clock.sleep(Math.min(longestRestMs, spent * floodRest));
        return cautious && result.attempts.some((attempt) => attempt.cautious);
      }
      case 'retry': {
        each(result.attempts, (state, attempt) => (state.owed = attempt));
        await repay();
        const state = states[result.partition];
        if (state === undefined) return false;
        state.alone = true;
        if (result.before > 0) {
          state.limit = result.before;
          return cautious;
        }
        if (cautious) {
          state.failures += 1;
          state.notBefore = clock.monotonic() + backoffMs(state.failures, 100, 10_000);
          logger.info('a record asked to be tried later', { partition: result.partition, reason: result.reason });
        }
        return false;
      }
      case 'unavailable':
        each(result.attempts, (state, attempt) => (state.owed = attempt));
        throw result.error;
      case 'failed': {
        const [attempt] = result.attempts;
        logger.warn('an attempt failed', { partitions, attempt: attempt?.attempts, records: sum(result.attempts), reason: result.reason });
        if (result.attempts.length > 1 && !result.hung) {
          // Which partition it was is not known; each tries by itself, uncharged.
          each(result.attempts, (state, one) => Object.assign(state, { owed: one, alone: true }));
          await repay();
          return false;
        }
        each(result.attempts, (state) => (state.lastReason = result.reason));
        if (attempt === undefined || !attempt.cautious) {
          batchLimit = leastBatch;
          return cautious;
        }
        if (attempt.attempts >= limits.maxAttempts) return true;
        if (head !== undefined) head.notBefore = clock.monotonic() + backoffMs(attempt.attempts - 1, 10, 1_000);
        return false;
      }
    }
  }

  function backoffMs(failures: number, first: number, most: number): number {
    return Math.min(most, first * 2 ** Math.min(failures, 20)) * (0.5 + random.number() / 2);
  }

  return {
    start() {
      if (loop !== null) return;
      stopping = false;
      endWake = deps.wake.on(`log:${options.topic}`, wakeUp);
      loop = run();
    },
    async stop() {
      stopping = true;
      endWake();
      ring?.abort();
      await loop;
      loop = null;
      const open = control;
      control = null;
      await open?.end().catch(() => {});
    },
    async drained() {
      const client = await deps.database.connect();
      try {
        const { rows: ends } = await client.query<{ partition: number; xid: string; seq: number }>(
          `SELECT p AS partition, last.xid, last.seq FROM generate_series(0, $2::int - 1) AS p JOIN LATERAL (
             SELECT xid, seq FROM event_log WHERE topic = $1 AND partition = p ORDER BY xid DESC, seq DESC LIMIT 1
           ) AS last ON true`,
          [options.topic, partitionCount],
        );
        for (;;) {
          const { rows } = await client.query<{ missing: boolean }>(
            `SELECT EXISTS (
               SELECT FROM unnest($3::int[], $4::text[], $5::bigint[]) AS e (partition, xid, seq)
               LEFT JOIN consumer_offset o ON o.consumer_group = $1 AND o.topic = $2 AND o.partition = e.partition
               WHERE o.partition IS NULL OR (o.xid, o.seq) < (e.xid::xid8, e.seq)
             ) AS missing`,
            [options.group, options.topic, ends.map((end) => end.partition), ends.map((end) => end.xid), ends.map((end) => end.seq)],
          );
          if (rows[0]?.missing !== true) return;
          wakeUp();
          await clock.sleep(5);
        }
      } finally {
        await client.end();
      }
    },
  };
}

function sum(attempts: readonly Attempt[]): number {
  return attempts.reduce((total, attempt) => total + attempt.records, 0);
}
