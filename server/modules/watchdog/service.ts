import { gauge, type Metric } from '#server/api/metrics.ts';
import type { WatchdogStatus } from '#server/contract/watchdog.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { noticesOf } from '#server/modules/watchdog/notices.ts';
import type { PagingSettingsService } from '#server/modules/watchdog/paging-settings.ts';
import { readPagingCounts } from '#server/modules/watchdog/store.ts';
import type { AuditorThread } from '#server/modules/watchdog/thread.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface Watchdog {
  status(): Promise<WatchdogStatus>;
  /** For the page that a Prometheus reads. */
  metrics(): Promise<Metric[]>;
}

export function createWatchdog(deps: {
  database: SqlReader;
  settings: Pick<PagingSettingsService, 'current' | 'get'>;
  thread: Pick<AuditorThread, 'lastLook'>;
  embeddedDatabase: boolean;
  /** `hasBattery`; asked once. */
  battery(): Promise<boolean>;
  platform: string;
  clock: Pick<Clock, 'now'>;
}): Watchdog {
  let laptop: Promise<boolean> | null = null;
  return {
    async status() {
      laptop ??= deps.battery();
      const settings = await deps.settings.get();
      const facts = {
        settings,
        embeddedDatabase: deps.embeddedDatabase,
        laptop: await laptop,
        look: deps.thread.lastLook(),
      };
      return {
        mode: settings.mode,
        settingsVersion: settings.version,
        host: { embeddedDatabase: facts.embeddedDatabase, laptop: facts.laptop, platform: deps.platform },
        deadManSet: settings.deadMan !== null,
        fallbackSet: settings.fallbackChannelId !== null,
        look: facts.look,
        notices: noticesOf(facts),
      };
    },

    async metrics() {
      const look = deps.thread.lastLook();
      const now = deps.clock.now();
      const { pages, notifications } = await readPagingCounts(deps.database, new Date(now).toISOString());
      const oldestDue = look?.oldestDue ?? null;
      const oldest = oldestDue === null ? 0 : Math.max(0, now - Date.parse(oldestDue)) / 1_000;
      const faults = (look?.faults.length ?? 0) + (look === null || look.parked === null ? 0 : 1);
      const age = look === null ? 0 : (now - Date.parse(look.at)) / 1_000;
      return [
        byStatus('tocsin_pages', 'Pages of the last 24 hours by status.', pages),
        byStatus('tocsin_notifications', 'Notifications of the last 24 hours by status.', notifications),
        gauge(
          'tocsin_paging_overdue',
          'Things of paging that should have been done more than 30 s ago.',
          look?.overdue ?? 0,
        ),
        gauge('tocsin_paging_oldest_due_seconds', 'How long the oldest of them is due.', oldest),
        gauge('tocsin_paging_faults', 'What the auditor found wrong with its last look.', faults),
        gauge('tocsin_audit_age_seconds', 'Since the auditor last looked; 0 before its first look.', age),
      ];
    },
  };
}

function byStatus(name: string, help: string, counts: readonly { status: string; count: number }[]): Metric {
  return {
    name,
    help,
    type: 'gauge',
    samples: counts.map(({ status, count }) => ({ labels: { status }, value: count })),
  };
}
