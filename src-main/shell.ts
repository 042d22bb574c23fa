// The desktop shell: one center in windows of its own, a tray, a menu, notifications, updates. It knows no Electron.
import { join } from 'node:path';
import type { HostInfo, MenuCommand, PageState, ShellStatus } from './bridge.ts';
import { centerFrom } from './center.ts';
import { createClosing } from './closing.ts';
import { createCrashReports } from './crashes.ts';
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
import { createSessionToken, sessionFile } from './session-token.ts';
import { createShellSettings, publicSettings } from './shell-settings.ts';
import { badgeOf, trayOf } from './tray.ts';
import { createUpdates, reasonToWait } from './updates.ts';
import { createShellWindows } from './windows.ts';

export async function runShell(host: DesktopHost): Promise<void> {
  const { userData, env, platform } = host.facts;
  const center = centerFrom(env);
  const settings = createShellSettings(join(userData, 'shell.json'));
  const crashes = createCrashReports(host);
  let quitting = false;
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
    closing: createClosing({ host, settings, quitting: () => quitting, hasTray: () => tray !== null }),
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
  });
  host.onCrash(crashes.keep);
  const asked = deepLinkAmong(host.facts.args);
  if (asked !== null) windows.tellMain('openPath', asked);

  await host.ready();
  const offer = await host.safeStorage();
  const token = createSessionToken(
    offer,
    () => settings.get().plainSession === true,
    sessionFile(userData, center.url),
  );
  host.guardPermissions(mayUse);
  host.servePages(() => pagePolicy(center.url));

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
      centerUrl: center.url,
      platform,
      electronVersion: host.facts.electronVersion,
      appVersion: host.facts.appVersion,
      sessionStorage: token.storage,
      sessionStorageWhy: offer.kind === 'safe' ? null : offer.why,
      notifications: host.notifications.supported(),
    }),
    notify: (_window, notification) => notifier.notify(notification),
    dismiss: (_window, id) => notifier.dismiss(id),
    sessionGet: () => token.get(),
    async sessionSet(_window, text) {
      await token.set(text);
      // Afterwards, so that a sign-in waits for nobody's answer.
      void askForPlainStorage(host, offer, settings).then((allowed) => (allowed ? token.set(text) : undefined));
    },
    sessionClear: () => token.clear(),
    setBadge(_window, count) {
      needs = count;
      draw();
    },
    setSignedIn(_window, now) {
      signedIn = now;
      if (!now) {
        page = null;
        commands = [];
        needs = 0;
        notifier.dismissAll();
        for (const name of ['answer', 'command'] as const) windows.forget(name);
        drawMenu();
      }
      draw();
      updates.reconsider();
    },
    tell(_window, state) {
      page = state;
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
    keepAwake({ id }, on) {
      letSleep(id);
      if (on) awake.set(id, host.keepAwake());
    },
    shellStatus: status,
    async shellChange(_window, change) {
      settings.change(change);
      if (change.plainSession === false) {
        const kept = await token.get();
        await token.clear();
        if (kept !== null) await token.set(kept);
      }
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
  show(center.startHash);
  updates.start();
}
