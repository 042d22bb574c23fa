// What the page says of itself, and the tray, the badge and the native menu that are drawn from it.
import type { MenuCommand, PageState } from './bridge.ts';
import type { DesktopHost, HostTray } from './host.ts';
import { type MenuActs, menuOf } from './menu.ts';
import { badgeOf, type TrayActs, trayOf } from './tray.ts';

export interface PageSigns {
  signedIn(): boolean;
  /** Null until a page has told. */
  page(): PageState | null;
  /** How the page calls a command. */
  labelOf(commandId: string): string;
  tell(state: PageState): void;
  setNeeds(count: number): void;
  setCommands(list: MenuCommand[]): void;
  setSignedIn(now: boolean): void;
  /** What was live may be so no longer: the tray does not know until a page has looked again and tells. */
  doubt(): void;
  /** What was said belongs to somebody who is here no longer. */
  forget(): void;
  /** Null where the system has no place for one. */
  drawIn(tray: HostTray | null): void;
  draw(): void;
  drawMenu(): void;
}

export function createPageSigns(deps: {
  host: Pick<DesktopHost, 'facts' | 'setBadge' | 'setMenu'>;
  /** The page has stopped: what it said last may be long over. */
  stopped(): boolean;
  acts: TrayActs & MenuActs;
}): PageSigns {
  const { host, stopped, acts } = deps;
  let signedIn = false;
  let page: PageState | null = null;
  let commands: MenuCommand[] = [];
  let needs = 0;
  let tray: HostTray | null = null;

  function draw(): void {
    const known = page !== null && stopped() ? { ...page, freshness: 'stale' as const } : page;
    const { look, tooltip, items } = trayOf({ signedIn, page: known, needs }, acts);
    tray?.show(look, tooltip, items);
    host.setBadge(badgeOf(signedIn, needs));
  }

  function drawMenu(): void {
    host.setMenu(menuOf(host.facts.platform, commands, acts));
  }

  return {
    signedIn: () => signedIn,
    page: () => page,
    labelOf: (commandId) => commands.find(({ id }) => id === commandId)?.label ?? commandId,
    tell(state) {
      page = state;
      draw();
    },
    setNeeds(count) {
      needs = count;
      draw();
    },
    setCommands(list) {
      commands = list;
      drawMenu();
    },
    setSignedIn(now) {
      signedIn = now;
      draw();
    },
    doubt() {
      if (page !== null) page = { ...page, freshness: 'stale' };
      draw();
    },
    forget() {
      signedIn = false;
      page = null;
      commands = [];
      needs = 0;
      drawMenu();
      draw();
    },
    drawIn(there) {
      tray = there;
      draw();
      drawMenu();
    },
    draw,
    drawMenu,
  };
}
