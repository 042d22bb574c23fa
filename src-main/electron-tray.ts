import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, Tray } from 'electron';
import type { HostTray, MenuItem, TrayLook } from './host.ts';

export function createElectronTray(
  icons: string,
  platform: NodeJS.Platform,
  events: { clicked(): void },
): HostTray | null {
  let tray: Tray;
  try {
    tray = new Tray(trayImage(icons, 'calm', platform));
  } catch {
    return null;
  }
  tray.on('click', () => events.clicked());
  return {
    show(look, tooltip, items) {
      tray.setImage(trayImage(icons, look, platform));
      tray.setToolTip(tooltip);
      tray.setContextMenu(Menu.buildFromTemplate(menuTemplate(items, platform)));
    },
  };
}

function trayImage(icons: string, look: TrayLook, platform: NodeJS.Platform): NativeImage {
  const image = imageOf(icons, `tray-${look}.png`);
  // macOS draws it in the colour of its bar.
  if (platform === 'darwin') image.setTemplateImage(true);
  return image;
}

export function imageOf(icons: string, name: string): NativeImage {
  return nativeImage.createFromPath(join(icons, name));
}

export function menuTemplate(items: readonly MenuItem[], platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  return items.map((item): MenuItemConstructorOptions => {
    if (item.separator === true) return { type: 'separator' };
    const { label, role, accelerator, takesKey, enabled, run, items: inner } = item;
    return {
      ...(label === undefined ? {} : { label: platform === 'darwin' ? label : label.replaceAll('&', '&&') }),
      ...(role === undefined ? {} : { role: role as Exclude<MenuItemConstructorOptions['role'], undefined> }),
      ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: takesKey === true }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(run === undefined ? {} : { click: () => run() }),
      ...(inner === undefined ? {} : { submenu: menuTemplate(inner, platform) }),
    };
  });
}
