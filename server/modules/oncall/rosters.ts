// Keeps each schedule's shifts of two weeks back and ahead, so that clients know who is on call without the server.
import type { Transactor, SqlReader, Tx } from '#server/database/transaction.ts';
import type { AfterSave, ConfigReader, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { factsBetween, peopleOf } from '#server/modules/oncall/facts.ts';
import { judge, type JudgedWorld, planIn } from '#server/modules/oncall/judge.ts';
import { dayMs, instantText } from '#server/modules/oncall/local-days.ts';
import { publicShift } from '#server/modules/oncall/public-shift.ts';
import { type RosterBody, rosterStore } from '#server/modules/oncall/roster-store.ts';
import type { Plan } from '#server/modules/oncall/shifts.ts';
import type { Calendars, PlannedSchedule } from '#server/modules/oncall/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const keptDays = 14;
const everyMs = 3_600_000;
/** How often it is looked whether a person was disabled. */
const peopleMs = 10_000;
/** By then the change has committed; several in a row are one. */
const soonMs = 1_000;
const batch = 20;

export interface Rosters {
  /** Hooks that work inside the transaction of the save. */
  afterSave: {
    schedule: AfterSave<'schedule'>;
    override: AfterSave<'override'>;
    timeOff: AfterSave<'timeOff'>;
    swap: AfterSave<'swap'>;
    responder: AfterSave<'responder'>;
  };
  start(): void;
  stop(): Promise<void>;
  /** Soon: a person was disabled, a calendar was read. */
  changed(): void;
  /** Works out every roster; answers how many were other than stored. */
  refresh(): Promise<number>;
}

export function createRosters(deps: {
  database: SqlReader & Transactor;
  reader: ConfigReader;
  readPeople(sql: SqlReader | Tx): Promise<Pick<JudgedWorld, 'users'>>;
  calendars: Calendars;
  clock: Clock;
  logger: Pick<Logger, 'error'>;
}): Rosters {
  const { database, reader, readPeople, calendars, clock, logger } = deps;
  let started = false;
  let ended = false;
  let cancelSoon: (() => void) | null = null;
  const cancels = new Map<number, () => void>();
  let running: Promise<unknown> = Promise.resolve();
  let disabledBefore: string | null = null;

  async function workOut(tx: Tx, at: string, config: PagingConfig, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { users } = await readPeople(tx);
    const world = { config, calendars, users };
    const found = ids.map((id) => config.get('schedule', id)).filter((schedule) => schedule !== null);
    await rosterStore.save(
      tx,
      at,
      found.map((schedule) => rosterOf(world, schedule, Date.parse(at))),
    );
    changed();
  }

  async function refresh(): Promise<number> {
    const config = await reader.current(database);
    const { users } = await readPeople(database);
    const world = { config, calendars, users };
    const at = instantText(clock.now());
    const planOf = keptPlans(world);
    const schedules = config.list('schedule').items;
    let count = 0;
    for (let from = 0; from < schedules.length && !ended; from += batch) {
      const bodies = schedules
        .slice(from, from + batch)
        .map((schedule) => rosterOf(world, schedule, Date.parse(at), planOf));
      count += await database.withTransaction((tx) => rosterStore.save(tx, at, bodies));
      // Working them out computes; others get their turn in between.
      await clock.sleep(0);
    }
    const gone = (await rosterStore.ids(database)).filter((id) => config.get('schedule', id) === null);
    await database.withTransaction((tx) => rosterStore.remove(tx, at, gone));
    return count;
  }

  function inTurn(work: () => Promise<unknown>): void {
    running = running
      .then(() => (ended ? undefined : work()))
      .catch((error: unknown) => logger.error('rosters could not be worked out', { error: String(error) }));
  }

  function changed(): void {
    if (!started || ended || cancelSoon !== null) return;
    cancelSoon = clock.setTimer(soonMs, () => {
      cancelSoon = null;
      inTurn(refresh);
    });
  }

  async function lookAtPeople(): Promise<void> {
    const { users } = await readPeople(database);
    const disabled = [...users].filter(([, user]) => user.disabled).map(([id]) => id);
    const now = disabled.sort().join();
    if (disabledBefore !== null && disabledBefore !== now) await refresh();
    disabledBefore = now;
  }

  function repeat(ms: number, work: () => Promise<unknown>): void {
    const cancel = clock.setTimer(ms, () => {
      inTurn(work);
      repeat(ms, work);
    });
    cancels.set(ms, cancel);
  }

  const onSchedule = (scheduleIds: readonly (string | undefined)[]) => [
    ...new Set(scheduleIds.filter((id) => id !== undefined)),
  ];
  return {
    afterSave: {
      async schedule(tx, at, { before, after, config }) {
        if (after === null) await rosterStore.remove(tx, at, before === null ? [] : [before.id]);
        else await workOut(tx, at, config, [after.id]);
      },
      override: (tx, at, { before, after, config }) =>
        workOut(tx, at, config, onSchedule([before?.draft.scheduleId, after?.draft.scheduleId])),
      swap: (tx, at, { before, after, config }) =>
        workOut(tx, at, config, onSchedule([before?.draft.scheduleId, after?.draft.scheduleId])),
      async timeOff(tx, at, { before, after, config }) {
        const people = [before?.draft.userId, after?.draft.userId];
        const { users } = await readPeople(tx);
        const [from, to] = [-keptDays, 2 * keptDays].map((days) => instantText(Date.parse(at) + days * dayMs));
        const touched = config.list('schedule').items.filter((schedule) => {
          const facts = factsBetween({ config, calendars, users }, schedule, from!, to!);
          return peopleOf(schedule, facts).some((id) => people.includes(id));
        });
        await workOut(
          tx,
          at,
          config,
          touched.map(({ id }) => id),
        );
      },
      // E-mail addresses match the events of calendars.
      async responder() {
        changed();
      },
    },
    start() {
      started = true;
      inTurn(refresh);
      repeat(everyMs, refresh);
      repeat(peopleMs, lookAtPeople);
    },
    async stop() {
      ended = true;
      cancelSoon?.();
      for (const cancel of cancels.values()) cancel();
      await running;
    },
    changed,
    refresh,
  };
}

/** Aligned to days, so that the same schedule gives the same roster all day long; what was before it was saved is not judged. */
export function rosterOf(
  world: JudgedWorld,
  schedule: StoredDocument<'schedule'>,
  at: number,
  planOf?: Parameters<typeof judge>[3],
): RosterBody {
  const today = Math.floor(at / dayMs) * dayMs;
  const [from, to] = [today - keptDays * dayMs, today + (keptDays + 1) * dayMs];
  const { shifts } = planIn(world, schedule, from, to);
  return {
    id: schedule.id,
    from: instantText(from),
    to: instantText(to),
    shifts: shifts.map(publicShift),
    quality: judge(world, schedule, Math.max(today, Date.parse(schedule.updatedAt)), planOf).quality,
  };
}

/** Each schedule is asked about by all that share people with it, always for the same span. */
function keptPlans(world: JudgedWorld) {
  const kept = new Map<string, Plan>();
  return (schedule: PlannedSchedule, from: number, to: number): Plan => {
    const key = `${schedule.id} ${from} ${to}`;
    const plan = kept.get(key) ?? planIn(world, schedule, from, to);
    kept.set(key, plan);
    return plan;
  };
}
