import { defaultSettings, type Settings, settingsOf } from '#server/contract/settings.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { settingStore } from '#server/modules/settings/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** Another server's change is seen here within this. */
const refreshMs = 3_000;

export interface SettingsService {
  get(): Promise<Settings>;
  /** As last read: for what may not wait for the database. */
  current(): Settings;
  /** What is left out stays as it is. */
  set(change: { [K in keyof Settings]?: Settings[K] | undefined }, userId: string): Promise<Settings>;
  start(): Promise<void>;
  stop(): void;
}

export function createSettings(deps: {
  database: SqlReader & Transactor;
  clock: Clock;
  logger: Logger;
}): SettingsService {
  const { database, clock, logger } = deps;
  let settings = defaultSettings;
  let cancel = () => {};
  let stopped = true;

  async function get(): Promise<Settings> {
    settings = settingsOf(await settingStore.all(database));
    return settings;
  }

  function schedule(): void {
    cancel = clock.setTimer(refreshMs, () => {
      get()
        .catch((error: unknown) => logger.debug('the settings could not be read', { error: String(error) }))
        .finally(() => {
          if (!stopped) schedule();
        });
    });
  }

  return {
    get,
    current: () => settings,
    async set(change, userId) {
      const at = new Date(clock.now()).toISOString();
      await database.withTransaction(async (tx) => {
        for (const [name, value] of Object.entries(change)) {
          if (value !== undefined) await settingStore.put(tx, name, value, at, userId);
        }
      });
      return get();
    },
    async start() {
      stopped = false;
      await get();
      schedule();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
