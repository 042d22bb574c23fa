// The desktop shell: one center in windows of its own, a tray, a menu, notifications, updates. It knows no Electron.
import { join } from 'node:path';
import type { HostInfo, ShellStatus } from './bridge.ts';
import { startWith } from './center.ts';
import { createClosing } from './closing.ts';
import { type Connections, createConnections } from './connections.ts';
import { createCrashReports } from './crashes.ts';
import { createWalls } from './displays.ts';
import { deepLinkAmong, pathOfDeepLink } from './deep-link.ts';
import type { DesktopHost, HostTray } from './host.ts';
import { answerPages } from './ipc.ts';
import { createNotificationMemory } from './notification-memory.ts';
import { createNotifier } from './notifications.ts';
import { createOutsideLinks } from './outside-links.ts';
import { mayUse } from './own-page.ts';
import { pagePolicy } from './page-file.ts';
import { createPageMessages } from './page-messages.ts';
import { createPageSigns } from './page-signs.ts';
import { askForPlainStorage } from './plain-storage.ts';
import { createReloads } from './reloads.ts';
import { createServers } from './servers.ts';
import { createSignOfLife } from './sign-of-life.ts';
import { createShellLanguage } from './shell-language.ts';
import { createShellSettings, publicSettings } from './shell-settings.ts';
import { wordsOfUndone } from './undone-words.ts';
import { createUpdates, reasonToWait } from './updates.ts';
import { createShellWindows } from './windows.ts';

export async function runShell(host: DesktopHost): Promise<void> {
  const { userData, env, platform } = host.facts;
  const given = startWith(env);
  const servers = createServers({ file: join(userData, 'servers.json'), given: given.url, now: host.clock.now });
  const settings = createShellSettings(join(userData, 'shell.json'));
  const language = createShellLanguage(settings);
  const crashes = createCrashReports(host);
  let quitting = false;
  let connections: Connections | null = null;
  let ready = false;
  let tray: HostTray | null = null;
  const awake = new Map<number, () => void>();

  const reloads = createReloads({ host, reports: crashes.folder, reloadAll: () => windows.reload() });
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
    crashed(reason, window) {
      crashes.keep({ process: 'page', reason, stack: null });
      reloads.crashed(reason, window);
    },
    left(pageId, role) {
      letSleep(pageId);
      life.left(pageId);
      if (role !== 'main') return;
      messages.left();
      signs.doubt();
    },
    hung: (pageId) => life.hung(pageId),
    answers: (pageId) => life.heard(pageId),
  });
  const life = createSignOfLife({
    host,
    windowOf: windows.windowOf,
    changed: () => signs.draw(),
    stopped: (why) => crashes.keep({ process: 'page', reason: `hung: ${why}`, stack: null }),
  });
  const messages = createPageMessages({
    clock: host.clock,
    nudge: windows.nudgeMain,
    undone(message, why) {
      const words = wordsOfUndone(message, why, signs.labelOf);
      if (words !== null) void notifier.notify(words);
    },
  });
  const openOutside = createOutsideLinks(host);
  function letSleep(pageId: number): void {
    awake.get(pageId)?.();
    awake.delete(pageId);
  }
  const show = (startHash = ''): void => {
    if (ready) windows.openMain(startHash);
  };
  const openPath = (path: string | null): void => {
    if (path !== null) messages.tell('openPath', path);
    show();
  };
  const signs = createPageSigns({
    host,
    stopped: () => life.hasStopped(windows.main()?.id ?? 0),
    acts: {
      open: show,
      openPath,
      answer: (answer) => messages.tell('answer', answer),
      command(id) {
        show();
        messages.tell('command', id);
      },
      close: () => windows.main()?.close(),
      checkForUpdates() {
        openPath('/settings/desktop');
        void updates.check();
      },
      quit: host.quit,
    },
  });

  host.listen({
    secondInstance: (args) => openPath(deepLinkAmong(args)),
    openUrl: (url) => openPath(pathOfDeepLink(url)),
    activate: () => show(),
    linkFollowed: (url) => void openOutside(url).catch(() => undefined),
    quitting: () => void (quitting = true),
    ending: () => connections?.stopLocal() ?? Promise.resolve(),
  });
  host.onCrash(crashes.keep);
  const asked = deepLinkAmong(host.facts.args);
  if (asked !== null) messages.tell('openPath', asked);

  await Promise.all([host.ready(), language.start()]);
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
      messages.forget('openPath');
      windows.startAnew();
    },
  });
  host.guardPermissions(mayUse);
  host.servePages(() => pagePolicy(servers.shown()));

  const updates = createUpdates({
    host,
    wanted: () => settings.get().updates === 'auto',
    waitsFor: () =>
      reasonToWait({
        heldRole: signs.page()?.heldRole ?? null,
        signedIn: signs.signedIn(),
        known: signs.page() !== null,
      }),
    changed: () => windows.tellAll('shellStatus', status()),
    async leaving() {
      await connections?.stopLocal();
      // On macOS the updater closes the windows before the app says that it quits: they must not hide instead.
      quitting = true;
    },
    stayed() {
      quitting = false;
      connections?.resumeLocal();
    },
  });
  const status = (): ShellStatus => ({
    settings: publicSettings(settings.get()),
    updates: updates.state(),
    crashReports: crashes.count(),
    tray: tray !== null,
    knowsLock: host.knowsLock,
  });
  const onCall = (): boolean | null => {
    const page = signs.page();
    return page === null ? null : page.onCall !== null;
  };
  const notifier = createNotifier({
    platform,
    notifications: host.notifications,
    memory: createNotificationMemory(join(userData, 'notifications.json')),
    knowsLock: host.knowsLock,
    circumstances: () => ({
      windowFocused: windows.main()?.isFocused() ?? false,
      quiet: settings.get().quiet,
      now: host.clock.now(),
      onCall: onCall(),
    }),
    lockScreen: () => settings.get().lockScreen,
    openPath,
    answer: (answer) => messages.tell('answer', answer),
    unshown: () => windows.main()?.flash(),
  });

  const walls = createWalls({
    host,
    windows,
    file: join(userData, 'walls.json'),
    changed: () => windows.tellAll('walls', walls.status()),
  });

  /** What was said and what waits belongs to somebody who is here no longer. */
  function forgetPage(): void {
    signs.forget();
    notifier.dismissAll();
    for (const name of ['answer', 'command'] as const) messages.forget(name);
  }

  host.onPower({
    suspended: signs.doubt,
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
    setBadge: (_window, count) => signs.setNeeds(count),
    setSignedIn(_window, now) {
      if (now) signs.setSignedIn(true);
      else forgetPage();
      updates.reconsider();
    },
    async setLanguage(_window, id) {
      await language.set(id);
      signs.drawMenu();
      signs.draw();
    },
    tell(_window, state) {
      // Of the page before, when another server was chosen meanwhile.
      if (state.serverUrl !== servers.shown()) return;
      servers.named(state.serverUrl, state.serverName);
      signs.tell(state);
      updates.reconsider();
    },
    setCommands: (_window, list) => signs.setCommands(list),
    openExternal: (_window, url) => openOutside(url),
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
      updates.reconsider();
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
    pageTakes: (_window, name) => messages.take(name),
    pageDid: (_window, number) => messages.did(number),
    alive: ({ id }) => life.heard(id),
  });

  ready = true;
  tray = host.createTray({ clicked: () => show() });
  signs.drawIn(tray);
  show(given.startHash);
  walls.start();
  updates.start();
  life.start();
}
