// The desktop shell: one center in windows of its own, a tray, a menu, notifications, updates. It knows no Electron.
import { join } from 'node:path';
import type { HostInfo, MenuCommand, PageState, ShellStatus } from './bridge.ts';
import { startWith } from './center.ts';
import { createClosing } from './closing.ts';
import { type Connections, createConnections } from './connections.ts';
import { createCrashReports } from './crashes.ts';
import { createWalls } from './displays.ts';
import { deepLinkAmong, pathOfDeepLink } from './deep-link.ts';
import type { DesktopHost, HostTray } from './host.ts';
import { answerPages } from './ipc.ts';
import { menuOf } from './menu.ts';
import { createNotificationMemory } from './notification-memory.ts';
import { createNotifier } from './notifications.ts';
import { mayOpenOutside, mayUse } from './own-page.ts';
import { pagePolicy } from './page-file.ts';
import { askForPlainStorage } from './plain-storage.ts';
import { createReloads } from './reloads.ts';
import { createServers } from './servers.ts';
import { createShellSettings, publicSettings } from './shell-settings.ts';
import { badgeOf, trayOf } from './tray.ts';
import { createUpdates, reasonToWait } from './updates.ts';
import { createShellWindows } from './windows.ts';

export async function runShell(host: DesktopHost): Promise<void> {
  const { userData, env, platform } = host.facts;
  const given = startWith(env);
  const servers = createServers({ file: join(userData, 'servers.json'), given: given.url, now: host.clock.now });
  const settings = createShellSettings(join(userData, 'shell.json'));
  const crashes = createCrashReports(host);
  let quitting = false;
  let connections: Connections | null = null;
  let ready = false;
  let signedIn = false;
  let page: PageState | null = null;
  let commands: MenuCommand[] = [];
  let needs = 0;
  let tray: HostTray | null = null;
  const awake = new Map<number, () => void>();

  const reloads = createReloads({
    now: () => host.clock.now().getTime(),
    reload: () => windows.reload(),
    giveUp: (reason) => void tellOfCrashes(reason),
  });
  const windows = createShellWindows({
    host,
    placeFile: join(userData, 'window.json'),
    closing: createClosing({
      host,
      settings,
      quitting: () => quitting,
      hasTray: () => tray !== null,
      hosts: () => connections?.hosts() ?? false,
    }),
    crashed(reason) {
      crashes.keep({ process: 'page', reason, stack: null });
      reloads.crashed(reason);
    },
    left: letSleep,
  });
  function letSleep(pageId: number): void {
    awake.get(pageId)?.();
    awake.delete(pageId);
  }
  const show = (startHash = ''): void => {
    if (ready) windows.openMain(startHash);
  };
  const openPath = (path: string | null): void => {
    if (path !== null) windows.tellMain('openPath', path);
    show();
  };

  host.listen({
    secondInstance: (args) => openPath(deepLinkAmong(args)),
    openUrl: (url) => openPath(pathOfDeepLink(url)),
    activate: () => show(),
    quitting() {
      quitting = true;
    },
    ending: () => connections?.stopLocal() ?? Promise.resolve(),
  });
  host.onCrash(crashes.keep);
  const asked = deepLinkAmong(host.facts.args);
  if (asked !== null) windows.tellMain('openPath', asked);

  await host.ready();
  const offer = await host.safeStorage();
  connections = createConnections({
    host,
    servers,
    offer,
    plainAllowed: () => settings.get().plainSession === true,
    signedIn(keep) {
      windows.reloadOthers();
      // Afterwards, so that a sign-in waits for nobody's answer.
      void askForPlainStorage(host, offer, settings).then((allowed) => (allowed ? keep() : undefined));
    },
    switched() {
      forgetPage();
      windows.forget('openPath');
      windows.startAnew();
    },
  });
  host.guardPermissions(mayUse);
  host.servePages(() => pagePolicy(servers.shown()));

  const updates = createUpdates({
    host,
    wanted: () => settings.get().updates === 'auto',
    waitsFor: () => reasonToWait({ heldRole: page?.heldRole ?? null, signedIn, known: page !== null }),
    changed: () => windows.tellAll('shellStatus', status()),
  });
  const status = (): ShellStatus => ({
    settings: publicSettings(settings.get()),
    updates: updates.state(),
    crashReports: crashes.count(),
    tray: tray !== null,
    knowsLock: host.knowsLock,
  });
  const notifier = createNotifier({
    platform,
    notifications: host.notifications,
    memory: createNotificationMemory(join(userData, 'notifications.json')),
    knowsLock: host.knowsLock,
    circumstances: () => ({
      windowFocused: windows.main()?.isFocused() ?? false,
      quiet: settings.get().quiet,
      now: host.clock.now(),
      onCall: page === null ? null : page.onCall !== null,
    }),
    lockScreen: () => settings.get().lockScreen,
    openPath,
    answer: (answer) => windows.tellMain('answer', answer),
    unshown: () => windows.main()?.flash(),
  });

  const walls = createWalls({
    host,
    windows,
    file: join(userData, 'walls.json'),
    changed: () => windows.tellAll('walls', walls.status()),
  });

  function draw(): void {
    const { look, tooltip, items } = trayOf(
      { signedIn, page, needs },
      { open: show, openPath, answer: (answer) => windows.tellMain('answer', answer), quit: host.quit },
    );
    tray?.show(look, tooltip, items);
    host.setBadge(badgeOf(signedIn, needs));
  }
  function drawMenu(): void {
    host.setMenu(
      menuOf(platform, commands, {
        command(id) {
          show();
          windows.tellMain('command', id);
        },
        openPath,
        close: () => windows.main()?.close(),
        checkForUpdates() {
          openPath('/settings/desktop');
          void updates.check();
        },
        quit: host.quit,
      }),
    );
  }
  /** What was said and what waits belongs to somebody who is here no longer. */
  function forgetPage(): void {
    signedIn = false;
    page = null;
    commands = [];
    needs = 0;
    notifier.dismissAll();
    for (const name of ['answer', 'command'] as const) windows.forget(name);
    drawMenu();
    draw();
  }
  async function tellOfCrashes(reason: string): Promise<void> {
    const chosen = await host.ask({
      message: 'The window of Tocsin keeps crashing',
      detail: `The last reason was: ${reason}. Reports are in ${crashes.folder}. Until it runs again no page reaches you on this machine; your phone still rings.`,
      buttons: ['Try again', 'Quit'],
      cancel: 0,
    });
    if (chosen === 1) host.quit();
    else windows.reload();
  }

  host.onPower({
    resumed: () => windows.tellAll('wake', null),
    locked: () => notifier.setLocked(true),
    unlocked() {
      notifier.setLocked(false);
      windows.tellAll('wake', null);
    },
  });
  answerPages(host, windows.keyOf, {
    host: (): HostInfo => ({
      centerUrl: servers.shown(),
      platform,
      electronVersion: host.facts.electronVersion,
      appVersion: host.facts.appVersion,
      sessionStorage: connections.storage(),
      sessionStorageWhy: offer.kind === 'safe' ? null : offer.why,
      notifications: host.notifications.supported(),
    }),
    notify: (_window, notification) => notifier.notify(notification),
    dismiss: (_window, id) => notifier.dismiss(id),
    ...connections.answers,
    setBadge(_window, count) {
      needs = count;
      draw();
    },
    setSignedIn(_window, now) {
      signedIn = now;
      if (now) draw();
      else forgetPage();
      updates.reconsider();
    },
    tell(_window, state) {
      // Of the page before, when another server was chosen meanwhile.
      if (state.serverUrl !== servers.shown()) return;
      page = state;
      servers.named(state.serverUrl, state.serverName);
      draw();
      updates.reconsider();
    },
    setCommands(_window, list) {
      commands = list;
      drawMenu();
    },
    async openExternal(_window, url) {
      if (!mayOpenOutside(url)) return false;
      await host.openOutside(url);
      return true;
    },
    keepAwake({ id, role }, on) {
      letSleep(id);
      if (role === 'wall') walls.incidentOpen(on);
      if (on) awake.set(id, host.keepAwake());
    },
    wallsList: walls.status,
    wallsAssign: (_window, displayId, setup) => walls.assign(displayId, setup),
    openPresenter: windows.openPresenter,
    shellStatus: status,
    async shellChange(_window, change) {
      settings.change(change);
      await connections.storeAnew(change.plainSession ?? null);
      return status();
    },
    async checkForUpdates() {
      await updates.check();
      return status();
    },
    restartToUpdate() {
      updates.restart();
      return status();
    },
    showCrashReports: () => host.showFolder(crashes.folder),
    removeCrashReports() {
      crashes.remove();
      return status();
    },
    pageListens: ({ id }, name, listening) => windows.listens(id, name, listening),
  });

  ready = true;
  tray = host.createTray({ clicked: () => show() });
  draw();
  drawMenu();
  show(given.startHash);
  walls.start();
  updates.start();
}
