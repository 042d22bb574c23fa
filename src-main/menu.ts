// The native menu: what every app has, and under the page's own groups every command in force. Pure.
import { capital, t } from '../src-renderer/language/words.ts';
import type { HostInfo, MenuCommand } from './bridge.ts';
import type { MenuItem } from './host.ts';

export interface MenuActs {
  command(id: string): void;
  openPath(path: string): void;
  close(): void;
  checkForUpdates(): void;
  quit(): void;
}

export function menuOf(platform: HostInfo['platform'], commands: readonly MenuCommand[], acts: MenuActs): MenuItem[] {
  const mac = platform === 'darwin';
  const about = { role: 'about', label: t`About Tocsin` };
  const settings = { label: t`Settings…`, run: () => acts.openPath('/settings') };
  const updates = { label: t`Check for Updates…`, run: acts.checkForUpdates };
  // Not the system's own role: quitting is told apart from closing.
  const quit = { label: t`Quit Tocsin`, accelerator: 'CommandOrControl+Q', takesKey: true, run: acts.quit };
  const close = { label: t`Close Window`, accelerator: 'CommandOrControl+W', takesKey: true, run: acts.close };
  return [
    ...(mac
      ? [
          {
            label: 'Tocsin',
            items: [
              about,
              updates,
              line,
              settings,
              line,
              { role: 'services', label: t`Services` },
              line,
              { role: 'hide', label: t`Hide Tocsin` },
              { role: 'hideOthers', label: t`Hide Others` },
              { role: 'unhide', label: t`Show All` },
              line,
              quit,
            ],
          },
        ]
      : []),
    { label: t`File`, items: mac ? [close] : [settings, updates, line, close, quit] },
    {
      label: t`Edit`,
      items: [
        { role: 'undo', label: t`Undo` },
        { role: 'redo', label: t`Redo` },
        line,
        { role: 'cut', label: t`Cut` },
        { role: 'copy', label: t`Copy` },
        { role: 'paste', label: t`Paste` },
        { role: 'selectAll', label: t`Select All` },
      ],
    },
    {
      label: t`View`,
      items: [
        { role: 'resetZoom', label: t`Actual Size` },
        { role: 'zoomIn', label: t`Zoom In` },
        { role: 'zoomOut', label: t`Zoom Out` },
        line,
        { role: 'togglefullscreen', label: t`Toggle Full Screen` },
      ],
    },
    ...groupsOf(commands).map(({ group, members }) => ({
      label: group,
      items: members.map((command) => commandItem(command, acts)),
    })),
    {
      role: 'windowMenu',
      label: t`Window`,
      items: [{ role: 'minimize', label: t`Minimize` }, ...(mac ? [{ role: 'zoom', label: t`Zoom` }] : [])],
    },
    {
      label: t`Help`,
      items: [
        { label: t`Diagnostics`, run: () => acts.openPath('/diagnostics') },
        { label: t`Crash Reports`, run: () => acts.openPath('/settings/desktop') },
        ...(mac ? [] : [about]),
      ],
    },
  ];
}

const line: MenuItem = { separator: true };

/** In the order in which the page names them. */
function groupsOf(commands: readonly MenuCommand[]): { group: string; members: MenuCommand[] }[] {
  const groups = new Map<string, MenuCommand[]>();
  for (const command of commands) {
    const group = command.group === '' ? t`Actions` : command.group;
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return [...groups].map(([group, members]) => ({ group, members }));
}

function commandItem({ id, label, keys, unavailable }: MenuCommand, acts: MenuActs): MenuItem {
  const accelerator = keys === null ? null : acceleratorOf(keys);
  const beside = keys === null || accelerator !== null ? '' : ` (${keys})`;
  const reason = unavailable === null ? '' : `: ${unavailable}`;
  return {
    label: `${capital(label)}${beside}${reason}`,
    ...(accelerator === null ? {} : { accelerator }),
    enabled: unavailable === null,
    run: () => acts.command(id),
  };
}

/**
 * As the system writes it; the page itself takes the key. Keys without a modifier and sequences stand in the label
 * instead: on macOS a menu would take a plain letter away from every text field.
 */
export function acceleratorOf(keys: string): string | null {
  if (keys.includes(' ') || !keys.includes('$mod')) return null;
  const names: Record<string, string> = { $mod: 'CommandOrControl', Escape: 'Esc', ' ': 'Space' };
  const parts = keys.split('+').filter((part) => !/^\[.+\]$/.test(part));
  return parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+');
}
