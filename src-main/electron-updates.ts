import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { HostUpdater, UpdaterEvents } from './host.ts';

/** The builder writes beside the app where its updates are; without that file there is nothing to ask. */
export async function loadElectronUpdater(events: UpdaterEvents): Promise<HostUpdater | null> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return null;
  // Only now: most starts never need it, and an older Electron could not even read it.
  const { autoUpdater } = await import('electron-updater');
  autoUpdater.autoDownload = true;
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.on('update-available', ({ version }) => events.found(version));
  autoUpdater.on('update-not-available', () => events.nothing());
  autoUpdater.on('update-downloaded', ({ version }) => events.ready(version));
  autoUpdater.on('error', (error) => events.failed(error.message));
  return {
    check: async () => void (await autoUpdater.checkForUpdates()),
    restart: () => autoUpdater.quitAndInstall(),
    atQuit(takesOver) {
      autoUpdater.autoInstallOnAppQuit = takesOver;
    },
  };
}
