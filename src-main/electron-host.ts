// The shell's machine, answered by Electron. What an older Electron lacks is looked for and done without.
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  app,
  clipboard,
  crashReporter,
  dialog,
  Menu,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron';
import { t } from '../src-renderer/language/words.ts';
import { answerPages, guardPages } from './electron-pages.ts';
import { electronNotifications } from './electron-notifications.ts';
import { createElectronTray, imageOf, menuTemplate } from './electron-tray.ts';
import { centerRunner, freePort } from './electron-center.ts';
import { judgeCertificates, request } from './electron-network.ts';
import { loadElectronUpdater } from './electron-updates.ts';
import { openElectronWindow, showOverlay } from './electron-window.ts';
import type { Badge, Crash, DesktopHost, HostFacts, StorageOffer } from './host.ts';
import { pageScheme, servePages } from './page-protocol.ts';
import { lookAtCertificate } from './trust.ts';

const appId = 'center.tocsin.app';

export function createElectronHost(mainDir: string): DesktopHost {
  const icons = join(mainDir, '../../resources/icons');
  const platform = process.platform as HostFacts['platform'];
  protocol.registerSchemesAsPrivileged([pageScheme]);
  if (platform === 'win32') nameForWindows();
  if (app.isPackaged) app.setAsDefaultProtocolClient('tocsin');
  let linkFollowed = (_url: string): void => undefined;
  guardPages((url) => linkFollowed(url));

  return {
    facts: {
      platform,
      electronVersion: process.versions.electron,
      appVersion: app.getVersion(),
      packaged: app.isPackaged,
      args: process.argv,
      env: process.env,
      userData: app.getPath('userData'),
      home: homedir(),
    },
    clock: {
      now: () => new Date(),
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    takeSingleInstance: () => app.requestSingleInstanceLock(),
    listen(events) {
      app.on('second-instance', (_event, args) => events.secondInstance(args));
      app.on('open-url', (event, url) => {
        event.preventDefault();
        events.openUrl(url);
      });
      app.on('activate', () => events.activate());
      linkFollowed = events.linkFollowed;
      app.on('before-quit', () => events.quitting());
      let ended = false;
      app.on('will-quit', (event) => {
        if (ended) return;
        event.preventDefault();
        void events.ending().finally(() => {
          ended = true;
          app.quit();
        });
      });
      // The windows of a pager close when it quits, and not the other way round.
      app.on('window-all-closed', () => undefined);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
    },
    ready: () => app.whenReady().then(() => undefined),
    quit: () => app.quit(),

    openWindow: (options, events) =>
      openElectronWindow({ ...options, preload: join(mainDir, '../preload/preload.cjs') }, events),
    workAreas: () => [screen.getPrimaryDisplay().workArea, ...screen.getAllDisplays().map(({ workArea }) => workArea)],
    displays() {
      const primary = screen.getPrimaryDisplay().id;
      return screen.getAllDisplays().map((display) => ({
        id: String(display.id),
        // An older Electron does not name them.
        name: (display as Partial<typeof display>).label ?? '',
        ...display.bounds,
        primary: display.id === primary,
      }));
    },
    onDisplays(listener) {
      screen.on('display-added', listener);
      screen.on('display-removed', listener);
      screen.on('display-metrics-changed', listener);
    },
    servePages: (policy) => servePages(join(mainDir, '../renderer'), policy),
    request,
    judgeCertificates,
    certificateOf: lookAtCertificate,
    forkCenter: centerRunner(),
    freePort,
    guardPermissions(mayUse) {
      const { defaultSession } = session;
      defaultSession.setPermissionRequestHandler((contents, permission, callback) =>
        callback(mayUse(permission, contents?.getURL() ?? '')),
      );
      defaultSession.setPermissionCheckHandler((contents, permission) => mayUse(permission, contents?.getURL() ?? ''));
      const { setDevicePermissionHandler } = defaultSession as Partial<typeof defaultSession>;
      setDevicePermissionHandler?.call(defaultSession, () => false);
    },
    answerPages,

    setMenu: (items) => Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(items, platform))),
    createTray: (events) => createElectronTray(icons, platform, events),
    setBadge: (badge) => setBadge(badge, platform, icons),
    notifications: electronNotifications(platform),
    async ask({ message, detail, buttons, cancel, withdrawn }) {
      // An older Electron leaves the question standing; its answer then changes nothing.
      const end = typeof AbortController === 'undefined' ? null : new AbortController();
      void withdrawn?.then(() => end?.abort());
      const { response } = await dialog.showMessageBox({
        type: 'info',
        message,
        detail,
        buttons,
        defaultId: 0,
        cancelId: cancel,
        noLink: true,
        ...(end === null ? {} : { signal: end.signal }),
      });
      return response;
    },
    openOutside: (url) => shell.openExternal(url),
    copyText: (text) => clipboard.writeText(text),
    showFolder: (path) => void shell.openPath(path),

    onPower(events) {
      powerMonitor.on('suspend', () => events.suspended());
      powerMonitor.on('resume', () => events.resumed());
      powerMonitor.on('lock-screen', () => events.locked());
      powerMonitor.on('unlock-screen', () => events.unlocked());
    },
    knowsLock: platform !== 'linux',
    keepAwake() {
      const id = powerSaveBlocker.start('prevent-display-sleep');
      return () => void powerSaveBlocker.stop(id);
    },

    safeStorage: () => storageOffer(platform),
    startCrashReports,
    onCrash,
    loadUpdater: loadElectronUpdater,
  };
}

/** The same in every run, so that a button of a notification that outlived the app starts it. */
function nameForWindows(): void {
  app.setAppUserModelId(appId);
  const { setToastActivatorCLSID } = app as Partial<typeof app>;
  setToastActivatorCLSID?.call(app, '{5B0E6E5C-6C0B-4B43-9C9D-3B1A7F0E2D64}');
}

async function storageOffer(platform: HostFacts['platform']): Promise<StorageOffer> {
  const storage: Partial<typeof safeStorage> | undefined = safeStorage;
  if (storage?.encryptStringAsync === undefined || storage.decryptStringAsync === undefined) {
    return { kind: 'none', why: t`This version of the app cannot keep secrets, so the sign-in ends with it.` };
  }
  if ((await storage.isAsyncEncryptionAvailable?.()) !== true) {
    return { kind: 'none', why: t`This system offers no place for secrets, so the sign-in ends with the app.` };
  }
  const offered = {
    encrypt: (text: string) => safeStorage.encryptStringAsync(text),
    decrypt: async (data: Buffer) => (await safeStorage.decryptStringAsync(data)).result,
  };
  if (platform === 'linux' && storage.getSelectedStorageBackend?.() === 'basic_text') {
    return {
      kind: 'plain',
      storage: offered,
      why: t`No keyring (GNOME Keyring, KWallet) is running, so what is kept here can be read by whoever can read your files.`,
    };
  }
  return { kind: 'safe', storage: offered };
}

function setBadge(badge: Badge, platform: HostFacts['platform'], icons: string): void {
  if (platform === 'darwin') app.dock?.setBadge(badge.text);
  else if (platform === 'win32') showOverlay(badge.text === '' ? null : imageOf(icons, overlayOf(badge)), badge.words);
  else app.setBadgeCount(badge.count);
}

function overlayOf({ text }: Badge): string {
  return text === '!' ? 'badge-signed-out.png' : 'badge-needs.png';
}

function startCrashReports(): string | null {
  try {
    // An Electron without this folder sends its dumps or keeps none.
    const folder = app.getPath('crashDumps');
    crashReporter.start({ uploadToServer: false, submitURL: '' });
    return folder;
  } catch {
    return null;
  }
}

function onCrash(listener: (crash: Crash) => void): void {
  const failed = (error: unknown): void =>
    listener({
      process: 'main',
      reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      stack: error instanceof Error ? (error.stack ?? null) : null,
    });
  // A pager goes on: what failed is written down, the rest still pages.
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  app.on('child-process-gone', (_event, { type, reason }) =>
    reason === 'clean-exit' ? undefined : listener({ process: 'helper', reason: `${type}: ${reason}`, stack: null }),
  );
}
