// The loop of one consumer group: looks for work, runs it, and decides what a failure means. Partitions without trouble
// share a transaction. One that failed runs by itself, each record in a savepoint; one whose attempt never reported
// back (it killed or hung the process) runs record by record, each in a counted transaction.
import type pg from 'pg';
import { type Attempt, ensureOffsets, lookForWork, takeBack } from '#server/adapters/postgres/attempts.ts';
import { waitUntilDrained } from '#server/adapters/postgres/drained.ts';
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
const longTurnMs = 300;
const shortTurnMs = 100;
const leastBatch = 128;
/** Records that come one by one are gathered this long, so that a steady trickle does not cost a transaction each. */
const gatherMs = 20;
/**
 * Accepting has the machine first: the more is appended, the longer the pause after a turn, as a share of the turn.
 * It grows step by step, because a hard limit that processing itself keeps the rate below would never be reached.
 */
const calmPerSecond = 500;
const longestRestShare = 4;
const longestRestMs = 400;

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
  /** Runs by itself; its next so many records, of which one failed, each in a savepoint. */
  alone: boolean;
  isolated: number;
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
    isolated: 0,
  }));
  let batchLimit = Math.min(leastBatch * 2, options.batchSize);
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
    const client = await deps.database.connect({ impatient: true });
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

  async function run(): Promise<void> {
    let hiddenRounds = 0;
    while (!stopping) {
      const begun = clock.monotonic();
      try {
        await repay();
        const client = await controlClient();
        if (!known) await ensureOffsets(client, options);
        known = true;
        const found = await lookForWork(client, options);
        const ready = found.filter(({ visible }) => visible);
        const due = ready.filter(({ partition }) => (states[partition]?.notBefore ?? 0) <= begun);
        const shared = due
          .filter(({ partition, cautious }) => !cautious && states[partition]?.alone !== true)
          .map(({ partition }) => partition);
        if (shared.length > 0) await step(shared, false);
        let oneByOne = false;
        for (const { partition } of due) {
          if (shared.includes(partition)) continue;
          const turnEnds = clock.monotonic() + longTurnMs / 2;
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
          await rest(
            untilNext(waiting, hidden ? Math.min(100, 2 * 2 ** Math.min(hiddenRounds, 6)) : limits.fallbackMs),
          );
        }
      } catch (error) {
        logger.warn('processing waits for the database', {
          reason: error instanceof Error ? error.message : String(error),
        });
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
    const isolated = (head?.isolated ?? 0) > 0;
    const turn: Turn = {
      partitions,
      isolated,
      limit: isolated ? (head?.isolated ?? 1) : (head?.limit ?? Math.max(Math.ceil(batchLimit / partitions.length), 1)),
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
        if (result.parked > 0)
          logger.warn('records were parked as dead letters', { count: result.parked, reason: turn.lastReason });
        each(result.attempts, (state, attempt) => {
          const left = Math.max(0, state.isolated - attempt.records);
          Object.assign(state, { failures: 0, lastReason: null, isolated: left, alone: left > 0 });
        });
        if (spent > longTurnMs) batchLimit = Math.max(leastBatch, Math.floor(batchLimit / 2));
        else if (spent < shortTurnMs && result.records.length >= batchLimit)
          batchLimit = Math.min(options.batchSize, batchLimit * 2);
        options.committed?.(result.records);
        const share = Math.min(longestRestShare, (deps.appendRate() - calmPerSecond) / 1_000);
        if (share > 0) await clock.sleep(Math.min(longestRestMs, spent * share));
        return cautious && (isolated || result.attempts.some((attempt) => attempt.cautious));
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
        logger.warn('an attempt failed', {
          partitions,
          attempt: attempt?.attempts,
          records: sum(result.attempts),
          reason: result.reason,
        });
        if (attempt?.cautious === false && !result.hung) {
          // Which record it was is not known, so none is charged.
          each(result.attempts, (state, one) => {
            state.owed = one;
            state.alone = true;
            // One that fails isolated fails in a way that savepoints do not hold; the counted attempts decide then.
            if (isolated) Object.assign(state, { owed: null, isolated: 0 });
            else state.isolated = one.records;
          });
          await repay();
          return cautious;
        }
        each(result.attempts, (state) => Object.assign(state, { lastReason: result.reason, isolated: 0 }));
        if (attempt === undefined || !attempt.cautious) return cautious;
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
    drained: () => waitUntilDrained(deps.database, options, clock, wakeUp),
  };
}

function sum(attempts: readonly Attempt[]): number {
  return attempts.reduce((total, attempt) => total + attempt.records, 0);
}
