// The window: its safety settings, its place on the screen, and the paths it is asked to show.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import { z } from 'zod';
import { pageOrigin } from './own-page.ts';
import { placeOnScreen } from './window-place.ts';

export interface MainWindow {
  show(): void;
  isFocused(): boolean;
  owns(webContentsId: number): boolean;
  openPath(path: string): void;
  /** The page listens now: what waited for it is sent. */
  pageListens(): void;
}

const placeSchema = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });

export function createMainWindow(options: {
  preload: string;
  stateFile: string;
  /** The hash route the page starts with, e.g. the one-time sign-in of the first start. */
  startHash: string;
}): MainWindow {
  const waiting: string[] = [];
  let listening = false;

  const window = new BrowserWindow({
    ...placeOnScreen(savedPlace(options.stateFile), workAreas()),
    minWidth: 380,
    minHeight: 360,
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
    },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', () => savePlace(options.stateFile, window));
  window.webContents.on('did-start-navigation', (_event, _url, inPlace, isMainFrame) => {
    if (isMainFrame && !inPlace) listening = false;
  });
  void window.loadURL(`${pageOrigin}/index.html${options.startHash}`);

  const send = (path: string): void => window.webContents.send('tocsin:open-path', path);

  return {
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    isFocused: () => window.isVisible() && window.isFocused(),
    owns: (webContentsId) => !window.isDestroyed() && window.webContents.id === webContentsId,
    openPath: (path) => {
      if (listening) send(path);
      else waiting.push(path);
    },
    pageListens: () => {
      listening = true;
      for (const path of waiting.splice(0)) send(path);
    },
  };
}

function workAreas(): [Electron.Rectangle, ...Electron.Rectangle[]] {
  return [screen.getPrimaryDisplay().workArea, ...screen.getAllDisplays().map((display) => display.workArea)];
}

function savedPlace(file: string): z.infer<typeof placeSchema> | null {
  try {
    return placeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function savePlace(file: string, window: BrowserWindow): void {
  try {
    writeFileSync(file, JSON.stringify(window.getNormalBounds()));
  } catch {
    // A place that cannot be kept is not worth keeping the window open.
  }
}

export function preloadFile(mainDir: string): string {
  return join(mainDir, '../preload/preload.cjs');
}
