// The settings of paging: read by every send, so kept in memory and read again every few seconds and after a change.
import { AppError } from '#server/api/app-error.ts';
import { defaultPagingSettings, PagingSettings } from '#server/contract/paging-settings.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { pagingSettingsStore } from '#server/modules/watchdog/store.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** Another server's change is seen here within this. */
const refreshMs = 3_000;

export interface PagingSettingsService {
  /** As last read. */
  current(): PagingSettings;
  get(): Promise<PagingSettings>;
  set(change: Partial<PagingSettings>, userId: string): Promise<PagingSettings>;
  /** Called after each change, whoever made it. */
  onChange(listener: (settings: PagingSettings) => void): void;
  /** Reads them before anything is sent. */
  start(): Promise<void>;
  stop(): void;
}

export function createPagingSettings(deps: {
  database: SqlReader & Transactor;
  config: ConfigReader;
  /** Whether a channel of this kind can tell something by itself, without a person's address. */
  canTell(kind: string): boolean;
  clock: Clock;
  logger: Logger;
}): PagingSettingsService {
  const { database, clock, logger } = deps;
  const listeners = new Set<(settings: PagingSettings) => void>();
  let settings = defaultPagingSettings;
  let cancel = () => {};
  let stopped = true;

  async function read(): Promise<PagingSettings> {
    const stored = await pagingSettingsStore.read(database);
    const parsed = PagingSettings.safeParse({ ...defaultPagingSettings, ...(stored as object | null) });
    if (!parsed.success) {
      logger.error('the stored settings of paging cannot be read; the last good ones stay in force', {
        error: parsed.error.message,
      });
      return settings;
    }
    if (JSON.stringify(parsed.data) !== JSON.stringify(settings)) {
      settings = parsed.data;
      for (const listener of listeners) listener(settings);
    }
    return settings;
  }

  function schedule(): void {
    cancel = clock.setTimer(refreshMs, () => {
      read()
        .catch((error: unknown) => logger.debug('the settings of paging could not be read', { error: String(error) }))
        .finally(() => {
          if (!stopped) schedule();
        });
    });
  }

  async function refuseUseless(wanted: PagingSettings): Promise<void> {
    if (wanted.deadMan !== null) {
      // With the hosts that are allowed from now on: both may come in one change.
      const outgoing = createOutgoing({ allowedPrivate: () => wanted.allowedPrivateHosts, clock });
      const fault = await outgoing.fault(wanted.deadMan.url);
      if (fault !== null) throw new AppError('invalid', `The dead-man address cannot be called. ${fault}`);
    }
    const id = wanted.fallbackChannelId;
    if (id === null) return;
    const channel = (await deps.config.current(database)).get('channel', id);
    if (channel === null)
      throw new AppError('invalid', 'The fallback channel is not there any more. Choose another one.');
    const { name, kind, enabled } = channel.draft;
    if (!enabled) throw new AppError('invalid', `The channel "${name}" is switched off, so it cannot be the fallback.`);
    // A status page is read by customers, and telling them of a stall pages nobody.
    if (kind === 'statuspage' || !deps.canTell(kind))
      throw new AppError(
        'invalid',
        `A channel of kind ${kind} cannot tell anybody by itself. Choose another one as the fallback.`,
      );
  }

  return {
    current: () => settings,
    get: read,
    async set(change, userId) {
      const wanted = PagingSettings.parse({ ...(await read()), ...change });
      await refuseUseless(wanted);
      const at = new Date(clock.now()).toISOString();
      await database.withTransaction((tx) => pagingSettingsStore.write(tx, wanted, at, userId));
      logger.info('the settings of paging were changed', { userId, mode: wanted.mode });
      return read();
    },
    onChange: (listener) => void listeners.add(listener),
    async start() {
      stopped = false;
      await read();
      schedule();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
