// Heartbeat monitors: a job calls its address; when it stops calling, that is an alert like any other.
import { hash } from 'node:crypto';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { Tx, SqlReader, Transactor } from '#server/database/transaction.ts';
import type { AfterSave, ConfigReader, MonitorState, StoredDocument } from '#server/modules/config/state.ts';
import {
  absentAfterMs,
  afterEdit,
  type Beat,
  dueAfter,
  dueAfterAbsence,
  shifted,
  statusOf,
} from '#server/modules/monitors/decide.ts';
import { monitorStore, type Untold } from '#server/modules/monitors/store.ts';
import { createMonitorKeys } from '#server/modules/monitors/keys.ts';
import { signalOf } from '#server/modules/monitors/signal.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import { createLooks } from '#server/database/looks.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

const tickMs = 1_000;
const watchEveryMs = 5_000;
/** Clients see the last beat this often; a change of the status they see at once. */
const showEveryMs = 60_000;
const tellMax = 200;

export interface Monitors {
  /** Makes a new key, which is never told again; the old one stops at once. */
  newKey(actor: Pick<Actor, 'userId'>, monitorId: string): Promise<{ key: string; url: string }>;
  /** A call of its address. Null: no monitor has this key. Kept in memory until the next tick. */
  beat(key: string): Promise<{ monitorId: string } | null>;
  afterSave: AfterSave<'monitor'>;
  start(): void;
  stop(): Promise<void>;
  /** Everything that is due now; answers how many monitors changed. */
  runDue(): Promise<number>;
}

export function createMonitors(deps: {
  database: SqlReader & Transactor;
  config: ConfigReader;
  /** `updateState` of the configuration, not historic: no decision reads it. */
  show(tx: Tx, at: string, id: string, change: (state: MonitorState) => MonitorState): Promise<unknown>;
  log: Pick<EventLog, 'append'>;
  /** Of the event log that the pipeline reads. */
  topic: string;
  /** Public address, without a trailing slash. */
  baseUrl(): string;
  /** First in a transaction: whether due times there and `clock` are of one mind, and stay so until it ends. */
  agrees(tx: Tx): Promise<boolean>;
  /** One for all servers: the clocks of two machines may differ by more than a monitor is given. */
  clock: Clock;
  random: Random;
  logger: Logger;
}): Monitors {
  const { database, config, show, log, agrees, clock, random, logger } = deps;
  const now = () => new Date(clock.now()).toISOString();
  const keys = createMonitorKeys({ clock, find: (keyHash) => monitorStore.byKey(database, keyHash) });
  /** By the elapsed time: until they are written, the clock may be set. */
  let beats = new Map<string, number>();
  const shownAt = new Map<string, number>();
  let watchedAt: number | null = null;

  const monitorOf = async (tx: Tx, id: string) => (await config.current(tx)).get('monitor', id);

  async function publish(tx: Tx, at: string, monitor: StoredDocument<'monitor'>, beat: Beat): Promise<void> {
    const status = statusOf(monitor.draft.enabled, beat);
    const last = shownAt.get(monitor.id);
    if (monitor.state.status === status && last !== undefined && clock.monotonic() - last < showEveryMs) return;
    await show(tx, at, monitor.id, (state) => ({ ...state, status, lastBeatAt: beat.lastBeatAt, dueAt: beat.dueAt }));
    shownAt.set(monitor.id, clock.monotonic());
  }

  /**
   * What was called since the last tick; null while the clock was set and not everybody has seen it. Lost with the process:
   * the absence that follows makes up for it.
   */
  async function writeBeats(): Promise<number | null> {
    if (beats.size === 0) return 0;
    const taken = beats;
    beats = new Map();
    const keep = () => {
      for (const [id, elapsed] of taken) if (!beats.has(id)) beats.set(id, elapsed);
    };
    try {
      const written = await database.withTransaction(async (tx) => {
        if (!(await agrees(tx))) return null;
        const at = now();
        const ago = clock.elapsed();
        const known = await Promise.all(
          [...taken].map(async ([id, elapsed]) => ({
            monitor: await monitorOf(tx, id),
            beatAt: shifted(at, Math.round(elapsed - ago)),
          })),
        );
        const counted = known.flatMap(({ monitor, beatAt }) =>
          monitor?.draft.enabled === true ? [{ monitor, beatAt }] : [],
        );
        const saved = await monitorStore.beat(
          tx,
          counted.map(({ monitor, beatAt }) => ({
            monitorId: monitor.id,
            at: beatAt,
            dueAt: dueAfter(beatAt, monitor.draft),
          })),
        );
        const byId = new Map(saved.map((beat) => [beat.monitorId, beat]));
        for (const { monitor } of counted) {
          const beat = byId.get(monitor.id);
          if (beat !== undefined) await publish(tx, at, monitor, beat);
        }
        return counted.length;
      });
      if (written === null) keep();
      return written;
    } catch (error) {
      keep();
      throw error;
    }
  }

  /**
   * Writes down that we watch; after a gap, gives senders time to call again before their silence counts. Answers up to
   * when, or null while the clock was set and not everybody has seen it.
   */
  async function watch(): Promise<string | null> {
    const looked = now();
    // By the clock that may be set and goes on while the machine sleeps: both are noticed before anybody is missed.
    if (watchedAt !== null && Math.abs(Date.parse(looked) - watchedAt) < watchEveryMs) return looked;
    const watched = await database.withTransaction(async (tx) => {
      if (!(await agrees(tx))) return null;
      const at = now();
      const before = await monitorStore.watch(tx, at);
      const gapMs = before === null ? 0 : Date.parse(at) - Date.parse(before);
      if (Math.abs(gapMs) <= absentAfterMs) return at;
      const all = await monitorStore.lockAll(tx);
      const current = await config.current(tx);
      const moved = all.flatMap((beat): Beat[] => {
        // The clock was set back: what was due then is due so much earlier now.
        if (gapMs < 0)
          return [
            { ...beat, lastBeatAt: shiftedOrNull(beat.lastBeatAt, gapMs), dueAt: shiftedOrNull(beat.dueAt, gapMs) },
          ];
        const monitor = current.get('monitor', beat.monitorId);
        return monitor === null ? [] : [{ ...beat, dueAt: dueAfterAbsence(beat, monitor.draft, at) }];
      });
      await monitorStore.save(tx, moved);
      logger.info('heartbeats were not watched for a while; their senders get time to call again', { gapMs });
      return at;
    });
    if (watched !== null) watchedAt = Date.parse(watched);
    return watched;
  }

  async function miss(at: string): Promise<number> {
    return database.withTransaction(async (tx) => {
      // The second: it was set back since, and `at` is of before.
      if (!(await agrees(tx)) || now() < at) return 0;
      const missed = await monitorStore.miss(tx, at);
      for (const beat of missed) {
        const monitor = await monitorOf(tx, beat.monitorId);
        if (monitor !== null) await publish(tx, at, monitor, beat);
      }
      return missed.length;
    });
  }

  /** Tells the event log. Each turn is one delivery, so that telling it again after a crash has no effect. */
  async function tell(): Promise<number> {
    return database.withTransaction(async (tx) => {
      const untold = await monitorStore.lockUntold(tx, tellMax);
      if (untold.length === 0) return 0;
      const gone: string[] = [];
      for (const one of untold) {
        const monitor = await monitorOf(tx, one.monitorId);
        if (monitor === null) gone.push(one.monitorId);
        await append(one, monitor);
      }
      await monitorStore.told(tx, untold, gone);
      return untold.length;
    });
  }

  async function append(one: Untold, monitor: StoredDocument<'monitor'> | null): Promise<void> {
    const item = signalOf(one, monitor);
    const id = one.monitorId;
    const payload = JSON.stringify({ integrationId: id, source: 'heartbeat', item });
    const record = { id: random.uuid(), key: `${id} ${id}`, type: 'heartbeat', payload, receivedAt: clock.now() };
    await log.append(deps.topic, [record], hash('sha256', `heartbeat ${id} ${one.turn}`, 'hex'));
  }

  async function runDue(): Promise<number> {
    // One instant for all of it: nobody is missed for time over which it is not known whether we watched.
    const at = await watch();
    if (at === null) return 0;
    const called = await writeBeats();
    // Who called is not written yet, and would be missed.
    if (called === null) return 0;
    const { overdue, untold } = await monitorStore.waiting(database, at);
    const missed = overdue ? await miss(at) : 0;
    return called + missed + (untold || missed > 0 ? await tell() : 0);
  }

  const looks = createLooks({
    clock,
    everyMs: tickMs,
    look: runDue,
    failed: (error) =>
      logger.error('watching over heartbeats failed; it is tried again in a second', { error: String(error) }),
  });

  return {
    async newKey(actor, monitorId) {
      const key = `tsh_${Buffer.from(random.bytes(32)).toString('base64url')}`;
      await database.withTransaction(async (tx) => {
        if ((await monitorOf(tx, monitorId)) === null)
          throw new AppError('not-found', 'There is no such heartbeat. It may have been deleted.');
        await monitorStore.setKey(tx, monitorId, keys.hashOf(key));
        await show(tx, now(), monitorId, (state) => ({ ...state, keyHint: key.slice(-4) }));
      });
      keys.forget();
      logger.info('a monitor got a new key', { monitorId, userId: actor.userId });
      return { key, url: `${deps.baseUrl()}/heartbeats/${key}` };
    },

    async beat(key) {
      const monitorId = await keys.monitorOf(key);
      if (monitorId === null) return null;
      beats.set(monitorId, clock.elapsed());
      return { monitorId };
    },

    async afterSave(tx, at, { before, after }) {
      const id = (after ?? before)?.id;
      if (id === undefined) return;
      const beat = (await monitorStore.lock(tx, id)) ?? { monitorId: id, lastBeatAt: null, dueAt: null, missed: false };
      if (after === null) {
        await monitorStore.deleteKey(tx, id);
        await monitorStore.save(tx, [{ ...beat, dueAt: null, missed: false }]);
        keys.forget();
        return;
      }
      const edited = afterEdit(beat, before?.draft ?? null, after.draft, now());
      await monitorStore.save(tx, [edited]);
      const status = statusOf(after.draft.enabled, edited);
      if (after.state.status !== status || after.state.dueAt !== edited.dueAt)
        await show(tx, at, id, (state) => ({ ...state, status, dueAt: edited.dueAt }));
    },

    start: looks.start,
    async stop() {
      await looks.stop();
      await writeBeats().catch((error: unknown) =>
        logger.warn('the last heartbeats were not written', { error: String(error) }),
      );
    },
    runDue,
  };
}

function shiftedOrNull(at: string | null, ms: number): string | null {
  return at === null ? null : shifted(at, ms);
}
