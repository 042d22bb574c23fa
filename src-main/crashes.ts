// Crash reports: small texts on this machine, without what is secret or personal. Nothing is ever sent.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Crash, DesktopHost } from './host.ts';

export interface CrashReports {
  readonly folder: string;
  keep(crash: Crash): void;
  count(): number;
  remove(): void;
}

const most = 20;

export function createCrashReports(host: Pick<DesktopHost, 'facts' | 'clock' | 'startCrashReports'>): CrashReports {
  const folder = join(host.facts.userData, 'crash-reports');
  const dumps = host.startCrashReports();
  const names = (): string[] => list(folder).filter((name) => name.endsWith('.json'));
  return {
    folder,
    keep(crash) {
      const { platform, electronVersion, appVersion, home } = host.facts;
      const at = host.clock.now().toISOString();
      const report = { at, appVersion, electronVersion, platform, ...crash };
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const name = `${at.replaceAll(/[:.]/g, '-')}-${crash.process}.json`;
        writeFileSync(join(folder, name), scrubbed(JSON.stringify(report, null, 2), home), { mode: 0o600 });
        for (const old of names().toSorted().slice(0, -most)) rmSync(join(folder, old), { force: true });
      } catch {
        // A crash that cannot be written down must not become a second one.
      }
    },
    count: () => names().length,
    remove() {
      rmSync(folder, { recursive: true, force: true });
      // The system's own dumps hold memory, and so whatever was secret in it.
      if (dumps !== null) for (const name of list(dumps)) rmSync(join(dumps, name), { recursive: true, force: true });
    },
  };
}

/** Pure. Keeps words, files and lines; takes out who, where and with which key. */
export function scrubbed(text: string, home: string): string {
  const withoutHome = home === '' || home === '/' ? text : text.replaceAll(home, '~');
  return withoutHome
    .replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [removed]')
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
    .replaceAll(/\b[a-z]{2,4}_[A-Za-z0-9_-]{16,}/g, '[key]')
    .replaceAll(/([?&#][^=\s"'&]{1,40})=[^\s"'&)]+/g, '$1=[removed]')
    .replaceAll(/\b(https?|wss?):\/\/(?:[^\s/"'@]*@)?[^\s/"':)]+(:\d+)?/gi, '$1://[host]')
    .replaceAll(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[address]')
    .replaceAll(/\+\d[\d ()-]{6,}\d/g, '[number]');
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
