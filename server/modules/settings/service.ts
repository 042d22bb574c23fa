import { AppError } from '#server/api/app-error.ts';
import { conflictWords, decideChange } from '#server/contract/setting-changes.ts';
import {
  type SettingName,
  settingNames,
  type Settings,
  settingsOf,
  untouchedSettings,
  type VersionedSettings,
} from '#server/contract/settings.ts';
import { createKept, type Kept } from '#server/database/kept.ts';
import { type SqlReader, type Transactor, wakeAfterCommit } from '#server/database/transaction.ts';
import type { People } from '#server/modules/incidents/people.ts';
import { settingStore } from '#server/modules/settings/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const wakeChannel = 'settings';

export interface SettingsService extends Pick<Kept<Settings>, 'start' | 'stop'> {
  get(): Promise<VersionedSettings>;
  /** As last read: for what may not wait for the database. */
  current(): Settings;
  /** What is left out stays as it is. Refused when somebody else changed the same after `baseVersion`; null skips that. */
  set(change: Partial<Settings>, userId: string, baseVersion?: number | null): Promise<VersionedSettings>;
}

export function createSettings(deps: {
  database: SqlReader & Transactor;
  people: People;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Clock;
  logger: Logger;
}): SettingsService {
  const { database, wake, clock, logger } = deps;
  const load = async () => settingsOf(await settingStore.all(database));
  const { read, ...kept } = createKept({ initial: untouchedSettings, load, channel: wakeChannel, wake, clock, logger });
  return {
    ...kept,
    get: read,
    async set(change, userId, baseVersion = null) {
      const at = new Date(clock.now()).toISOString();
      await database.withTransaction(async (tx) => {
        const before = settingsOf(await settingStore.lock(tx, at));
        const decided = decideChange(settingNames, before, change, { baseVersion, at, by: userId });
        if (decided.kind === 'conflict') {
          const [who] = await deps.people.read(tx, [decided.by]);
          const what = decided.names.map((name) => nameWords[name]);
          throw new AppError('conflict', conflictWords(what, decided.at, who?.name ?? 'Somebody who has left'), {
            current: before,
          });
        }
        if (decided.kind === 'same') return;
        for (const name of [...decided.names, 'version', 'changes'] as const) {
          await settingStore.put(tx, name, decided.next[name], at, userId);
        }
        wakeAfterCommit(tx, wakeChannel);
      });
      return read();
    },
  };
}

const nameWords: Record<SettingName, string> = {
  organisationName: 'the name of the organisation',
  approverFrom: 'from when on updates are approved',
  cadenceMinutes: 'the minutes between updates',
};
