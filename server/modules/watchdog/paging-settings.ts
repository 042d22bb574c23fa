// The settings of paging: read by every send, so kept in memory and read again after a change, whoever made it.
import { AppError } from '#server/api/app-error.ts';
import {
  type PagingSettingName,
  pagingSettingNames,
  PagingSettings,
  untouchedPagingSettings,
  VersionedPagingSettings,
} from '#server/contract/paging-settings.ts';
import { conflictWords, decideChange } from '#server/contract/setting-changes.ts';
import { createKept, type Kept } from '#server/database/kept.ts';
import { type SqlReader, type Transactor, type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { pagingSettingsStore } from '#server/modules/watchdog/store.ts';
import { isPlace } from '#server/outgoing/address-rules.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

const wakeChannel = 'paging-settings';

export interface PagingSettingsService extends Pick<Kept<VersionedPagingSettings>, 'current' | 'start' | 'stop'> {
  get(): Promise<VersionedPagingSettings>;
  /** Refused when somebody else changed the same after `baseVersion`; null skips the check. */
  set(change: Partial<PagingSettings>, userId: string, baseVersion?: number | null): Promise<VersionedPagingSettings>;
  /** Called after each change, whoever made it. */
  onChange(listener: (settings: PagingSettings) => void): void;
}

export function createPagingSettings(deps: {
  database: SqlReader & Transactor;
  config: ConfigReader;
  /** Whether a channel of this kind can tell something by itself, without a person's address. */
  canTell(kind: string): boolean;
  /** What somebody is called, whom a refusal names. */
  nameOf(tx: Tx, userId: string): Promise<string>;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Clock;
  logger: Logger;
}): PagingSettingsService {
  const { database, wake, clock, logger } = deps;
  const listeners = new Set<(settings: PagingSettings) => void>();
  const { read, ...kept } = createKept({
    initial: untouchedPagingSettings,
    load,
    changed: (settings) => listeners.forEach((listener) => listener(settings)),
    channel: wakeChannel,
    wake,
    clock,
    logger,
  });

  async function load(): Promise<VersionedPagingSettings | null> {
    return understood(await pagingSettingsStore.read(database));
  }

  function understood(stored: unknown): VersionedPagingSettings | null {
    const parsed = VersionedPagingSettings.safeParse({ ...untouchedPagingSettings, ...(stored as object | null) });
    if (parsed.success) return parsed.data;
    logger.error('the stored settings of paging cannot be read; the last good ones stay in force', {
      error: parsed.error.message,
    });
    return null;
  }

  /** Only what is changed: a fallback that was switched off since keeps nobody from pausing everything. */
  async function refuseUseless(change: Partial<PagingSettings>): Promise<void> {
    const odd = change.allowedPrivateHosts?.find((entry) => !isPlace(entry));
    if (odd !== undefined)
      throw new AppError(
        'invalid',
        `“${odd}” is no host, address or range, so it would allow nothing. Write one like mail.internal, mail.internal:2525, 10.1.2.3 or 10.0.0.0/8.`,
      );
    const wanted = PagingSettings.parse({ ...(await read()), ...change });
    if (wanted.deadMan !== null && (change.deadMan ?? change.allowedPrivateHosts) !== undefined) {
      // With the hosts that are allowed from now on: both may come in one change.
      const outgoing = createOutgoing({ allowedPrivate: () => wanted.allowedPrivateHosts, clock });
      const fault = await outgoing.fault(wanted.deadMan.url);
      if (fault !== null) throw new AppError('invalid', `The dead-man address cannot be called. ${fault}`);
    }
    const id = change.fallbackChannelId ?? null;
    if (id === null) return;
    const channel = (await deps.config.current(database)).get('channel', id);
    if (channel === null)
      throw new AppError('invalid', 'The fallback channel is not there any more. Choose another one.');
    const { name, kind, enabled } = channel.draft;
    if (!enabled) throw new AppError('invalid', `The channel “${name}” is switched off, so it cannot be the fallback.`);
    // A status page is read by customers, and telling them of a stall pages nobody.
    if (kind === 'statuspage' || !deps.canTell(kind))
      throw new AppError(
        'invalid',
        `A channel of kind ${kind} cannot tell anybody by itself. Choose another one as the fallback.`,
      );
  }

  return {
    ...kept,
    get: read,
    async set(change, userId, baseVersion = null) {
      // Before the row is locked: it asks for names in the network.
      await refuseUseless(change);
      const at = new Date(clock.now()).toISOString();
      await database.withTransaction(async (tx) => {
        const before = understood(await pagingSettingsStore.lock(tx, at)) ?? kept.current();
        const decided = decideChange(pagingSettingNames, before, change, { baseVersion, at, by: userId });
        if (decided.kind === 'conflict') {
          const who = await deps.nameOf(tx, decided.by);
          const what = decided.names.map((name) => nameWords[name]);
          throw new AppError('conflict', conflictWords(what, decided.at, who), { current: before });
        }
        if (decided.kind === 'same') return;
        await pagingSettingsStore.write(tx, decided.next, at, userId);
        wakeAfterCommit(tx, wakeChannel);
      });
      const now = await read();
      logger.info('the settings of paging were changed', { userId, mode: now.mode });
      return now;
    },
    onChange: (listener) => void listeners.add(listener),
  };
}

const nameWords: Record<PagingSettingName, string> = {
  mode: 'the mode of paging',
  deadMan: 'the dead-man address',
  fallbackChannelId: 'the fallback channel',
  allowedPrivateHosts: 'the private addresses that channels may call',
};
