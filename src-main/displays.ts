// One wall window for each display that has a role: opened, moved and closed as displays come and go.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { WallDisplays } from './bridge.ts';
import { type KeptWall, matchKept, type WallSetup, wallsWanted, withSetup } from './display-roles.ts';
import type { DesktopHost } from './host.ts';
import { Setup } from './ipc-table.ts';
import type { ShellWindows } from './windows.ts';

/** Displays tell of themselves in bursts; with the page's own loading the wall stands again within 2 s. */
const settleMs = 300;

const Kept = z.array(
  Setup.extend({
    display: z.object({
      id: z.string(),
      name: z.string(),
      x: z.number(),
      y: z.number(),
      width: z.number(),
      height: z.number(),
    }),
  }),
);

export interface Walls {
  /** Opens the walls that were there before. */
  start(): void;
  status(): WallDisplays;
  assign(displayId: string, setup: WallSetup | null): WallDisplays;
  /** As the walls last said; one whose display is gone says nothing any more. */
  incidentOpen(open: boolean): void;
}

export function createWalls(deps: {
  host: Pick<DesktopHost, 'displays' | 'onDisplays' | 'clock'>;
  windows: Pick<ShellWindows, 'openWall' | 'closeWall' | 'walls'>;
  file: string;
  changed(): void;
}): Walls {
  const { host, windows } = deps;
  let kept = read(deps.file);
  let started = false;
  let anyOpen = false;
  let cancel: (() => void) | null = null;
  /** What stands where, to see that a display changed under its wall. */
  const standing = new Map<string, string>();

  function lay(): void {
    if (!started) return;
    const wanted = wallsWanted(host.displays(), kept, anyOpen);
    const byDisplay = new Map(wanted.map((wall) => [wall.display.id, wall]));
    for (const id of windows.walls()) {
      const wall = byDisplay.get(id);
      if (wall !== undefined && standing.get(id) === keyOf(wall)) continue;
      standing.delete(id);
      windows.closeWall(id);
    }
    for (const wall of wanted) {
      const { display, fills } = wall;
      // One that a person closed stays closed until something about it changes.
      if (standing.get(display.id) === keyOf(wall)) continue;
      standing.set(display.id, keyOf(wall));
      windows.openWall(display.id, display, fills, hashOf(wall));
    }
    for (const id of standing.keys()) if (!byDisplay.has(id)) standing.delete(id);
    deps.changed();
  }

  function status(): WallDisplays {
    const displays = host.displays();
    const matched = matchKept(displays, kept);
    return {
      displays: displays.map((display) => {
        const wall = matched.get(display.id);
        const setup =
          wall === undefined
            ? null
            : { role: wall.role, diagonalInches: wall.diagonalInches, distanceMetres: wall.distanceMetres };
        return { display, setup };
      }),
      away: kept
        .filter((wall) => ![...matched.values()].includes(wall))
        .map(({ display, role }) => ({ name: display.name, role })),
    };
  }

  host.onDisplays(() => {
    cancel?.();
    cancel = host.clock.after(settleMs, () => {
      cancel = null;
      lay();
    });
  });

  return {
    start() {
      started = true;
      lay();
    },
    status,
    assign(displayId, setup) {
      const displays = host.displays();
      const display = displays.find(({ id }) => id === displayId);
      if (display !== undefined) {
        kept = withSetup(displays, kept, display, setup);
        // Also one that was closed by hand comes back.
        standing.delete(displayId);
        write(deps.file, kept);
        lay();
      }
      return status();
    },
    incidentOpen(open) {
      if (open === anyOpen) return;
      anyOpen = open;
      lay();
    },
  };
}

function keyOf({ display, fills, ...setup }: ReturnType<typeof wallsWanted>[number]): string {
  const { x, y, width, height } = display;
  return JSON.stringify([x, y, width, height, fills, setup]);
}

function hashOf({ display, role, diagonalInches, distanceMetres }: ReturnType<typeof wallsWanted>[number]): string {
  const query = new URLSearchParams({
    role,
    display: display.id,
    inches: String(diagonalInches),
    metres: String(distanceMetres),
  });
  return `#/wall?${query.toString()}`;
}

function read(file: string): KeptWall[] {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

function write(file: string, kept: readonly KeptWall[]): void {
  try {
    writeFileSync(`${file}.partial`, JSON.stringify(kept));
    renameSync(`${file}.partial`, file);
  } catch {
    // A full disk must not keep the wall from being shown; it holds until the app ends.
  }
}
