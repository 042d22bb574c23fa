// The windows by role: who listens to what, whose messages are whose, and where the main one was.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { DesktopHost, HostWindow, WindowEvents, WindowOptions } from './host.ts';
import {
  type PageEvent,
  type PageEvents,
  type WaitingEvent,
  waitingEvents,
  type WindowKey,
  type WindowRole,
} from './ipc-table.ts';
import { pageOrigin } from './own-page.ts';
import { type Place, placeOnScreen } from './window-place.ts';

export interface ShellWindows {
  /** Opens the main window, or shows the one there is. */
  openMain(startHash: string): void;
  main(): HostWindow | null;
  /** On this display: over all of it, or as an ordinary window. */
  openWall(displayId: string, display: Place, fills: boolean, hash: string): void;
  closeWall(displayId: string): void;
  /** The displays that have one. */
  walls(): string[];
  /** Opens the presenter's window, or shows the one there is. */
  openPresenter(): void;
  /** Null for a page that is none of ours. */
  keyOf(pageId: number): WindowKey | null;
  windowOf(pageId: number): HostWindow | null;
  /** Has the page of the main window ask for what waits, now or once it listens (page-messages.ts). */
  nudgeMain(name: WaitingEvent): void;
  /** Every page that listens now; nothing waits. */
  tellAll<Name extends PageEvent>(name: Name, carried: PageEvents[Name]): void;
  listens(pageId: number, name: PageEvent, listening: boolean): void;
  reload(): void;
  /** Another center: the main window begins at its start, the others load anew what they show. */
  startAnew(): void;
  /** Somebody signed in in the main window: what the others show is theirs from now on. */
  reloadOthers(): void;
}

interface Open {
  role: WindowRole;
  window: HostWindow;
  listening: Set<PageEvent>;
  /** Of a wall. */
  displayId: string | null;
}

const Kept = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int(),
  height: z.int(),
  maximized: z.boolean().default(false),
});

export function createShellWindows(deps: {
  host: Pick<DesktopHost, 'openWindow' | 'workAreas'>;
  placeFile: string;
  /** Answers whether a window may close; else something was done instead. */
  closing(window: HostWindow): boolean;
  crashed(reason: string, window: HostWindow): void;
  /** Closed or loaded anew: what its page asked for holds no longer. */
  left(pageId: number, role: WindowRole): void;
  hung(pageId: number): void;
  answers(pageId: number): void;
}): ShellWindows {
  const open = new Map<number, Open>();

  const channel = (name: PageEvent): string => `tocsin:${name}`;
  const mainOpen = (): Open | null => [...open.values()].find(({ role }) => role === 'main') ?? null;

  const wallOn = (displayId: string): Open | null =>
    [...open.values()].find((one) => one.displayId === displayId) ?? null;

  function openSaved(role: 'main' | 'presenter', hash: string): void {
    const saved = role === 'main' ? savedPlace(deps.placeFile) : null;
    const place = placeOnScreen(saved, deps.host.workAreas());
    openWindow({ role, displayId: null }, { ...place, maximized: saved?.maximized ?? false }, hash);
  }

  function openWindow(key: Pick<Open, 'role' | 'displayId'>, options: WindowOptions, hash: string): void {
    const listening = new Set<PageEvent>();
    const events: WindowEvents = {
      closing() {
        // The app is the main window; the others come and go.
        if (key.role !== 'main') return true;
        savePlace(deps.placeFile, window);
        return deps.closing(window);
      },
      closed() {
        open.delete(window.id);
        deps.left(window.id, key.role);
      },
      navigated() {
        listening.clear();
        deps.left(window.id, key.role);
      },
      crashed(reason) {
        listening.clear();
        deps.left(window.id, key.role);
        deps.crashed(reason, window);
      },
      hung: () => deps.hung(window.id),
      answers: () => deps.answers(window.id),
    };
    const window = deps.host.openWindow(options, events);
    open.set(window.id, { ...key, window, listening });
    // Only now: loading already tells of itself.
    window.load(`${pageOrigin}/index.html${hash}`);
  }

  return {
    openMain(startHash) {
      const there = mainOpen();
      if (there === null) openSaved('main', startHash);
      else there.window.show();
    },
    main: () => mainOpen()?.window ?? null,
    openWall(displayId, { x, y, width, height }, fills, hash) {
      if (wallOn(displayId) !== null) return;
      openWindow({ role: 'wall', displayId }, { x, y, width, height, fills, maximized: !fills }, hash);
    },
    closeWall(displayId) {
      wallOn(displayId)?.window.close();
    },
    walls: () => [...open.values()].flatMap((one) => one.displayId ?? []),
    openPresenter() {
      const there = [...open.values()].find(({ role }) => role === 'presenter');
      if (there === undefined) openSaved('presenter', '#/presenter?apart=1');
      else there.window.show();
    },
    keyOf(pageId) {
      const found = open.get(pageId);
      return found === undefined ? null : { role: found.role, id: pageId };
    },
    windowOf: (pageId) => open.get(pageId)?.window ?? null,
    nudgeMain(name) {
      const there = mainOpen();
      if (there?.listening.has(name) === true) there.window.send(channel(name), null);
    },
    tellAll(name, carried) {
      for (const { window, listening } of open.values()) if (listening.has(name)) window.send(channel(name), carried);
    },
    listens(pageId, name, listening) {
      const there = open.get(pageId);
      if (!listening) there?.listening.delete(name);
      if (there === undefined || !listening) return;
      there.listening.add(name);
      const waits = (waitingEvents as readonly PageEvent[]).includes(name);
      if (there.role === 'main' && waits) there.window.send(channel(name), null);
    },
    reload() {
      for (const { window } of open.values()) window.reload();
    },
    startAnew() {
      for (const { role, window } of open.values()) {
        if (role === 'main') window.load(`${pageOrigin}/index.html`);
        else window.reload();
      }
    },
    reloadOthers() {
      for (const { role, window } of open.values()) if (role !== 'main') window.reload();
    },
  };
}

function savedPlace(file: string): z.infer<typeof Kept> | null {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function savePlace(file: string, window: HostWindow): void {
  try {
    writeFileSync(file, JSON.stringify(window.place()));
  } catch {
    // A place that cannot be kept is not worth keeping the window open.
  }
}
