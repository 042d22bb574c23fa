// The desktop shell: one window on the center that npm start (or the settings of the app) names.
import { join } from 'node:path';
import { app, protocol, session } from 'electron';
import type { HostInfo } from './bridge.ts';
import { centerFrom } from './center.ts';
import { deepLinkAmong, pathOfDeepLink } from './deep-link.ts';
import { guardApp, guardSession, openOutside } from './guards.ts';
import { nativeNotification, notificationsSupported, setBadge, systemSafeStorage } from './host.ts';
import { registerIpc } from './ipc.ts';
import { createNotifier } from './notifications.ts';
import { pageScheme, servePages } from './page-protocol.ts';
import { createSessionToken } from './session-token.ts';
import { createMainWindow, type MainWindow, preloadFile } from './windows.ts';

const mainDir = __dirname;
const waitingPaths: string[] = [];
let window: MainWindow | null = null;

if (app.requestSingleInstanceLock()) run();
else app.quit();

function run(): void {
  protocol.registerSchemesAsPrivileged([pageScheme]);
  guardApp();
  if (process.platform === 'win32') app.setAppUserModelId('center.tocsin.app');
  if (app.isPackaged) app.setAsDefaultProtocolClient('tocsin');

  app.on('second-instance', (_event, args) => {
    openPath(deepLinkAmong(args));
    window?.show();
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openPath(pathOfDeepLink(url));
  });
  // Closing is quitting: without a tray a hidden window could not be found again.
  app.on('window-all-closed', () => app.quit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());

  openPath(deepLinkAmong(process.argv));
  void app.whenReady().then(open);
}

async function open(): Promise<void> {
  const center = centerFrom(process.env);
  const userData = app.getPath('userData');
  const token = createSessionToken(await systemSafeStorage(), join(userData, 'session'));
  guardSession(session.defaultSession);
  servePages(join(mainDir, '../renderer'), center.url);

  const created = createMainWindow({
    preload: preloadFile(mainDir),
    stateFile: join(userData, 'window.json'),
    startHash: center.startHash,
  });
  window = created;
  const notifier = createNotifier({
    supported: notificationsSupported,
    windowFocused: () => created.isFocused(),
    create: nativeNotification,
    openPath: (path) => {
      created.show();
      created.openPath(path);
    },
  });
  registerIpc(
    {
      host: (): HostInfo => ({
        centerUrl: center.url,
        platform: process.platform as HostInfo['platform'],
        electronVersion: process.versions.electron,
        appVersion: app.getVersion(),
        sessionStorage: token.storage,
        notifications: notificationsSupported(),
      }),
      notify: notifier.notify,
      dismiss: notifier.dismiss,
      sessionGet: () => token.get(),
      sessionSet: (text) => token.set(text),
      sessionClear: () => token.clear(),
      setBadge,
      openExternal: openOutside,
      pageListens: () => created.pageListens(),
    },
    (id) => created.owns(id),
  );
  for (const path of waitingPaths.splice(0)) created.openPath(path);
}

function openPath(path: string | null): void {
  if (path === null) return;
  if (window === null) waitingPaths.push(path);
  else window.openPath(path);
}
