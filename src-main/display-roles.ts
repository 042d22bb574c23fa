// Which display shows what of the wall, remembered over restarts and cables. Pure; the shell and the page share it.

export const wallRoles = ['facts', 'map', 'timeline'] as const;
export type WallRole = (typeof wallRoles)[number];

export interface Display {
  /** The system's; another one may come back for the same display. */
  id: string;
  /** As the system calls it; empty where it does not say. */
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  primary: boolean;
}

/** What a person said of a display. */
export interface WallSetup {
  role: WallRole;
  diagonalInches: number;
  distanceMetres: number;
}

export interface KeptWall extends WallSetup {
  display: Omit<Display, 'primary'>;
}

export interface WantedWall extends WallSetup {
  display: Display;
  /** False: an ordinary window, where no display of the wall is left and something is open. */
  fills: boolean;
}

/** By display: by its id, else by name and size where it stood, else by name and size alone. One display each. */
export function matchKept(displays: readonly Display[], kept: readonly KeptWall[]): Map<string, KeptWall> {
  const found = new Map<string, KeptWall>();
  const left = new Set(kept);
  const rules: ((one: Display, was: KeptWall['display']) => boolean)[] = [
    (one, was) => one.id === was.id,
    (one, was) => looksLike(one, was) && one.x === was.x && one.y === was.y,
    looksLike,
  ];
  for (const same of rules) {
    for (const display of displays) {
      if (found.has(display.id)) continue;
      const match = [...left].find((wall) => same(display, wall.display));
      if (match === undefined) continue;
      left.delete(match);
      found.set(display.id, match);
    }
  }
  return found;
}

/** The walls to show. Without any display left for them, and with something open, the facts go to the one that is. */
export function wallsWanted(
  displays: readonly Display[],
  kept: readonly KeptWall[],
  incidentOpen: boolean,
): WantedWall[] {
  const matched = matchKept(displays, kept);
  const wanted = displays.flatMap((display) => {
    const wall = matched.get(display.id);
    return wall === undefined ? [] : [{ ...setupOf(wall), display, fills: true }];
  });
  const [first] = kept;
  const home = displays.find(({ primary }) => primary) ?? displays[0];
  if (wanted.length > 0 || first === undefined || home === undefined || !incidentOpen) return wanted;
  return [{ ...setupOf(first), role: 'facts', display: home, fills: false }];
}

/** With what was said of this display, or without it; what was said of others stays. */
export function withSetup(
  displays: readonly Display[],
  kept: readonly KeptWall[],
  display: Display,
  setup: WallSetup | null,
): KeptWall[] {
  const old = matchKept(displays, kept).get(display.id);
  const others = kept.filter((wall) => wall !== old);
  const { primary: _primary, ...place } = display;
  return setup === null ? others : [...others, { ...setup, display: place }];
}

function setupOf({ role, diagonalInches, distanceMetres }: WallSetup): WallSetup {
  return { role, diagonalInches, distanceMetres };
}

function looksLike(one: Display, was: KeptWall['display']): boolean {
  return one.name === was.name && one.width === was.width && one.height === was.height;
}
