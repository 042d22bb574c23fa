// A wall's address says what it is: `#/wall?role=map&inches=43&metres=3`. The shell adds the display it opened it on.
import { type WallRole, wallRoles } from '../../../src-main/display-roles.ts';
import type { WallSetting } from '../settings/wall-size.ts';

export interface WallAddress {
  role: WallRole;
  /** Null: size and distance of this machine's settings. */
  setting: WallSetting | null;
  /** Of a window that the shell keeps on this display and nothing else. */
  displayId: string | null;
}

export function wallAddress(query: URLSearchParams): WallAddress {
  const inches = Number(query.get('inches') ?? Number.NaN);
  const metres = Number(query.get('metres') ?? Number.NaN);
  const told = inches >= 10 && inches <= 200 && metres >= 0.5 && metres <= 30;
  return {
    role: wallRoles.find((role) => role === query.get('role')) ?? 'facts',
    setting: told ? { diagonalInches: inches, distanceMetres: metres } : null,
    displayId: query.get('display'),
  };
}

/** A window that the shell opened for this alone: it goes nowhere else, and tells the shell nothing. */
export function isApartWindow(path: string, query: URLSearchParams): boolean {
  return (path === '/wall' && query.has('display')) || (path === '/presenter' && query.has('apart'));
}
