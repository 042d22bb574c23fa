// Several displays without the desktop app: the browser tells of them where it has the Window Management API and a person
// allows it. It opens walls only when somebody presses a button.
import { useCallback, useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import type { WallDisplays } from '../../../src-main/bridge.ts';
import {
  type Display,
  type KeptWall,
  matchKept,
  wallRoles,
  type WallSetup,
  wallsWanted,
  withSetup,
} from '../../../src-main/display-roles.ts';
import { paths } from '../../paths.ts';
import { keepText } from '../../personal-state.ts';

/** What of the Window Management API is needed. */
interface ScreenDetails extends EventTarget {
  screens: readonly {
    label: string;
    left: number;
    top: number;
    width: number;
    height: number;
    isPrimary: boolean;
  }[];
}

export interface BrowserDisplays {
  /** Why nothing is known of the displays; null where something is. */
  unknown: 'cannot' | 'not-asked' | 'refused' | null;
  walls: WallDisplays;
  ask: () => void;
  assign: (displayId: string, setup: WallSetup | null) => void;
  /** Answers how many the browser did not let open. */
  open: () => number;
}

const key = 'tocsin.wall-displays';
const Kept = z.array(
  z.object({
    role: z.enum(wallRoles),
    diagonalInches: z.number().min(10).max(200),
    distanceMetres: z.number().min(0.5).max(30),
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

export function useBrowserDisplays(): BrowserDisplays {
  const [details, setDetails] = useState<ScreenDetails | null>(null);
  const [displays, setDisplays] = useState<Display[]>([]);
  const [kept, setKept] = useState(read);
  const [refused, setRefused] = useState(false);
  const opened = useRef(new Map<string, Window>());

  useEffect(() => {
    if (details === null) return undefined;
    const look = (): void => {
      const now = displaysOf(details);
      setDisplays(now);
      // Its window was moved onto another display, and would cover what is there.
      for (const [id, wall] of opened.current) {
        if (now.some((display) => display.id === id)) continue;
        wall.close();
        opened.current.delete(id);
      }
    };
    look();
    details.addEventListener('screenschange', look);
    return () => details.removeEventListener('screenschange', look);
  }, [details]);

  const ask = useCallback(() => {
    setRefused(false);
    screenDetails()?.then(setDetails, () => setRefused(true));
  }, []);

  const matched = matchKept(displays, kept);
  const setupOf = (display: Display): WallSetup | null => {
    const wall = matched.get(display.id);
    if (wall === undefined) return null;
    const { role, diagonalInches, distanceMetres } = wall;
    return { role, diagonalInches, distanceMetres };
  };
  const unknown = !('getScreenDetails' in window)
    ? 'cannot'
    : refused
      ? 'refused'
      : details === null
        ? 'not-asked'
        : null;
  return {
    unknown,
    walls: {
      displays: displays.map((display) => ({ display, setup: setupOf(display) })),
      away: kept
        .filter((wall) => ![...matched.values()].includes(wall))
        .map(({ display, role }) => ({ name: display.name, role })),
    },
    ask,
    assign(displayId, setup) {
      const display = displays.find(({ id }) => id === displayId);
      if (display === undefined) return;
      const next = withSetup(displays, kept, display, setup);
      keepText(window.localStorage, key, JSON.stringify(next));
      setKept(next);
    },
    open() {
      const wanted = wallsWanted(displays, kept, false);
      return wanted.filter(({ display, role, diagonalInches, distanceMetres }) => {
        const { x, y, width, height } = display;
        const address = paths.wall({ role, inches: String(diagonalInches), metres: String(distanceMetres) });
        const place = `popup,left=${x},top=${y},width=${width},height=${height}`;
        const wall = window.open(`${window.location.pathname}${address}`, `tocsin wall ${display.id}`, place);
        if (wall !== null) opened.current.set(display.id, wall);
        return wall === null;
      }).length;
    },
  };
}

function screenDetails(): Promise<ScreenDetails> | null {
  const { getScreenDetails } = window as { getScreenDetails?: () => Promise<ScreenDetails> };
  return getScreenDetails?.call(window) ?? null;
}

/** A browser gives displays no ids: by name and place they are told apart. */
function displaysOf({ screens }: ScreenDetails): Display[] {
  return screens.map(({ label, left, top, width, height, isPrimary }) => ({
    id: `${label} ${left} ${top}`,
    name: label,
    x: left,
    y: top,
    width,
    height,
    primary: isPrimary,
  }));
}

function read(): KeptWall[] {
  try {
    return Kept.parse(JSON.parse(window.localStorage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
}
