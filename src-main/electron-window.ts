// A window of Electron's, with its safety settings; the page in it goes nowhere and opens nothing.
import { BrowserWindow, type NativeImage, type WebContents } from 'electron';
import type { HostWindow, WindowEvents, WindowOptions } from './host.ts';
import { isOwnPage } from './own-page.ts';

export function openElectronWindow(options: WindowOptions & { preload: string }, events: WindowEvents): HostWindow {
  const { x, y, width, height } = options;
  const window = new BrowserWindow({
    x,
    y,
    width,
    height,
    ...(options.fills === true
      ? { frame: false, fullscreen: true, kiosk: process.platform !== 'darwin', autoHideMenuBar: true }
      : { minWidth: 380, minHeight: 360 }),
    show: false,
    backgroundColor: '#0B0F14',
    title: 'Tocsin',
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
      // Put away, it still has to hear that somebody is paged.
      backgroundThrottling: false,
    },
  });
  const { webContents } = window;
  const { id } = webContents;
  window.once('ready-to-show', () => {
    if (options.maximized) window.maximize();
    window.show();
  });
  window.on('close', (event) => {
    if (!events.closing()) event.preventDefault();
  });
  window.on('closed', () => events.closed());
  window.on('focus', () => window.flashFrame(false));
  let restarting = false;
  // Not when one begins: a navigation that was refused leaves the page, and its listening, as they were.
  webContents.on('did-navigate', () => {
    restarting = false;
    events.navigated();
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (!restarting && reason !== 'clean-exit') events.crashed(reason);
    restarting = false;
  });
  window.on('unresponsive', () => events.hung());
  window.on('responsive', () => events.answers());
  return {
    id,
    send: (channel, carried) => webContents.send(channel, carried),
    load: (url) => void window.loadURL(url),
    reload: () => webContents.reload(),
    restart() {
      // A page that hangs takes no reload either: its process has to go first.
      const { forcefullyCrashRenderer } = webContents as Partial<WebContents>;
      restarting = forcefullyCrashRenderer !== undefined;
      forcefullyCrashRenderer?.call(webContents);
      webContents.reload();
    },
    close: () => window.close(),
    show() {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    hide: () => window.hide(),
    minimize: () => window.minimize(),
    isFocused: () => window.isVisible() && window.isFocused(),
    flash: () => window.flashFrame(true),
    place: () => ({ ...window.getNormalBounds(), maximized: window.isMaximized() }),
  };
}

/** On the taskbar button of each window; Windows alone has such a place. */
export function showOverlay(image: NativeImage | null, words: string): void {
  for (const window of BrowserWindow.getAllWindows()) window.setOverlayIcon(image, image === null ? '' : words);
}

interface PreventableEvent {
  preventDefault(): void;
}

export function guardContents(contents: WebContents, linkFollowed: (url: string) => void): void {
  const refuse = (event: PreventableEvent, url: string): void => {
    if (!isOwnPage(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event, url) => refuse(event, url));
  contents.on('will-redirect', (event, url) => refuse(event, url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  if (typeof (contents as Partial<WebContents>).setWindowOpenHandler === 'function') {
    contents.setWindowOpenHandler(({ url }) => {
      linkFollowed(url);
      return { action: 'deny' };
    });
    return;
  }
  // Before Electron 12 the question was an event.
  const older = contents as unknown as {
    on(name: string, listener: (event: PreventableEvent, url: string) => void): void;
  };
  older.on('new-window', (event, url) => {
    event.preventDefault();
    linkFollowed(url);
  });
}
