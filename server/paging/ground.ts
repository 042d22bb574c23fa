// What every part of paging stands on: its settings, the configuration, time, the way out and the pure decisions.
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { Database } from '#server/database/pool.ts';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { createClockGuard, createClockStore } from '#server/modules/escalation/clock-guard.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createTraces } from '#server/modules/ledger/trace.ts';
import { channelTypes } from '#server/modules/notify/registry.ts';
import { createPagingSettings } from '#server/modules/watchdog/paging-settings.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import { decisions } from '#server/paging/decisions.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import type { Secrets } from '#server/secrets/secrets.ts';

export interface GroundDeps {
  database: Database;
  wake: Wake;
  secrets: Secrets;
  /** Where others reach this center, without a trailing slash. */
  publicUrl(): string;
  clock: Clock;
  random: Random;
  logger: Logger;
}

export type PagingGround = Awaited<ReturnType<typeof createPagingGround>>;

export async function createPagingGround(deps: GroundDeps) {
  const { database, wake, secrets, publicUrl, random, logger } = deps;
  // What compares due times takes the guarded clock, made below; all else the machine's.
  const machineClock = deps.clock;
  const reader = createConfigReader({ logger });

  const settings = createPagingSettings({
    database,
    config: reader,
    canTell: (kind) => channelTypes.get(kind as never)?.info.can.target === true,
    nameOf: async (tx, userId) => (await directoryStore.read(tx)).users.get(userId)?.name ?? 'Somebody who has left',
    wake,
    clock: machineClock,
    logger,
  });
  await settings.start();
  const outgoing = createOutgoing({
    allowedPrivate: () => settings.current().allowedPrivateHosts,
    clock: machineClock,
  });

  const newTrace = createTraces({ decisions, newId: random.uuid });

  // Due times are compared with the database's clock, and move with it when it is set.
  const guard = createClockGuard({
    transact: database.withTransaction,
    store: createClockStore(database),
    async record(tx, at, incidentIds, byMs) {
      const words = { title: 'The clock was set', detail: `Pending timers moved by ${Math.round(byMs / 1_000)} s` };
      const entries = incidentIds.flatMap((id) => {
        const trace = newTrace(id, at);
        trace.observe('clock', { byMs }, words);
        return trace.entries;
      });
      await ledgerStore.append(tx, entries);
    },
    clock: machineClock,
    logger,
  });

  return {
    database,
    wake,
    secrets,
    publicUrl,
    random,
    logger,
    reader,
    readPeople: directoryStore.read,
    settings,
    outgoing,
    decisions,
    newTrace,
    guard,
    clock: guard.clock,
    machineClock,
    now: () => new Date(machineClock.now()).toISOString(),
  };
}
