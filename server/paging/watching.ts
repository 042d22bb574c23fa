// Paging watches itself: an auditor on a thread of its own, and what people are told of the center's health.
import type { DatabaseAddress } from '#server/database/pool.ts';
import { auditTimes } from '#server/modules/watchdog/audit.ts';
import { hasBattery } from '#server/modules/watchdog/host.ts';
import { createWatchdog } from '#server/modules/watchdog/service.ts';
import { createAuditorThread } from '#server/modules/watchdog/thread.ts';
import type { PagingGround } from '#server/paging/ground.ts';

export interface WatchedDeps {
  /** The program of the auditor's thread. */
  program: URL;
  address: DatabaseAddress;
  embeddedDatabase: boolean;
}

export function createWatching(ground: PagingGround, watched: WatchedDeps) {
  const { database, wake, secrets, reader, settings, machineClock, publicUrl, random, logger } = ground;
  const auditor = createAuditorThread({
    program: watched.program,
    serverId: random.uuid(),
    address: watched.address,
    times: auditTimes,
    async facts() {
      const current = settings.current();
      const id = current.fallbackChannelId;
      const channel = id === null ? null : (await reader.current(database)).get('channel', id);
      return {
        settings: current,
        publicUrl: publicUrl(),
        fallback:
          channel === null
            ? null
            : {
                channelId: channel.id,
                kind: channel.draft.kind,
                settings: channel.draft.settings,
                secrets: await secrets.open(database, 'channel', channel.id),
              },
      };
    },
    clock: machineClock,
    logger,
  });
  settings.onChange(() => {
    auditor.refresh();
    wake.signal('notify');
  });
  const watchdog = createWatchdog({
    database,
    settings,
    thread: auditor,
    embeddedDatabase: watched.embeddedDatabase,
    battery: hasBattery,
    platform: process.platform,
    clock: machineClock,
  });

  return { auditor, watchdog };
}
