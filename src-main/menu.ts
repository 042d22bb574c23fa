// The native menu: what every app has, and under the page's own groups every command in force. Pure.
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
  const settings = { label: 'Settings…', run: () => acts.openPath('/settings') };
  const updates = { label: 'Check for Updates…', run: acts.checkForUpdates };
  // Not the system's own role: quitting is told apart from closing.
  const quit = { label: 'Quit Tocsin', accelerator: 'CommandOrControl+Q', takesKey: true, run: acts.quit };
  const close = { label: 'Close Window', accelerator: 'CommandOrControl+W', takesKey: true, run: acts.close };
  return [
    ...(mac
      ? [
          {
            label: 'Tocsin',
            items: [
              { role: 'about' },
              updates,
              line,
              settings,
              line,
              { role: 'services' },
              line,
              { role: 'hide' },
              { role: 'hideOthers' },
              { role: 'unhide' },
              line,
              quit,
            ],
          },
        ]
      : []),
    { label: 'File', items: mac ? [close] : [settings, updates, line, close, quit] },
    { label: 'Edit', items: ['undo', 'redo', '-', 'cut', 'copy', 'paste', 'selectAll'].map(roleOrLine) },
    { label: 'View', items: ['resetZoom', 'zoomIn', 'zoomOut', '-', 'togglefullscreen'].map(roleOrLine) },
    ...groupsOf(commands).map(({ group, members }) => ({
      label: group,
      items: members.map((command) => commandItem(command, acts)),
    })),
    { role: 'windowMenu', label: 'Window', items: [{ role: 'minimize' }, ...(mac ? [{ role: 'zoom' }] : [])] },
    {
      label: 'Help',
      items: [
        { label: 'Diagnostics', run: () => acts.openPath('/diagnostics') },
        { label: 'Crash Reports', run: () => acts.openPath('/settings/desktop') },
        ...(mac ? [] : [{ role: 'about' }]),
      ],
    },
  ];
}

const line: MenuItem = { separator: true };

function roleOrLine(role: string): MenuItem {
  return role === '-' ? line : { role };
}

/** In the order in which the page names them. */
function groupsOf(commands: readonly MenuCommand[]): { group: string; members: MenuCommand[] }[] {
  const groups = new Map<string, MenuCommand[]>();
  for (const command of commands) {
    const group = command.group === '' ? 'Actions' : command.group;
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

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
