import { defaultSettings, Settings } from '#server/contract/settings.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { settingStore } from '#server/modules/settings/store.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface SettingsService {
  get(): Promise<Settings>;
  set(change: Partial<Settings>, userId: string): Promise<Settings>;
}

export function createSettings(deps: { database: SqlReader & Transactor; clock: Clock }): SettingsService {
  const { database, clock } = deps;

  async function get(): Promise<Settings> {
    return Settings.parse({ ...defaultSettings, ...(await settingStore.all(database)) });
  }

  return {
    get,
    async set(change, userId) {
      const at = new Date(clock.now()).toISOString();
      await database.withTransaction(async (tx) => {
        for (const [name, value] of Object.entries(change)) await settingStore.put(tx, name, value, at, userId);
      });
      return get();
    },
  };
}
