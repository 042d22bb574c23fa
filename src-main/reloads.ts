import { t } from '../src-renderer/language/words.ts';
import type { DesktopHost } from './host.ts';

/** Brings a crashed page back at once, and asks when that helps no more: a pager that blinks pages nobody. */
export function createReloads(deps: {
  host: Pick<DesktopHost, 'ask' | 'clock' | 'quit'>;
  /** The folder of the crash reports. */
  reports: string;
  reloadAll(): void;
}) {
  const { host } = deps;
  const mostInAMinute = 3;
  let recent: number[] = [];

  async function giveUp(reason: string): Promise<void> {
    const chosen = await host.ask({
      message: t`The window of Tocsin keeps crashing`,
      detail: t`The last reason was: ${reason}. Reports are in ${deps.reports}. Until it runs again no page reaches you on this machine; your phone still rings.`,
      buttons: [t`Try again`, t`Quit`],
      cancel: 0,
    });
    if (chosen === 1) host.quit();
    else deps.reloadAll();
  }

  return {
    crashed(reason: string, page: { reload(): void }): void {
      const now = host.clock.now().getTime();
      recent = [...recent.filter((at) => now - at < 60_000), now];
      if (recent.length <= mostInAMinute) {
        page.reload();
        return;
      }
      recent = [];
      void giveUp(reason);
    },
  };
}
