// What each display of the wall shows. Pure: the same displays give the same plan on all of them, so nobody has to be told.
import type { WallRole } from '../../../src-main/display-roles.ts';

export const pictureIds = ['map', 'timeline', 'alerts', 'changes'] as const;
export type PictureId = (typeof pictureIds)[number];

/** A wall's window that is there. */
export interface Seat {
  id: string;
  width: number;
  height: number;
}

export interface SeatPlan {
  /** Incidents to say the facts of, worst first; null: another display has them. */
  facts: readonly string[] | null;
  /** Pictures to turn through. Where none of them has anything in it, any other does. */
  pictures: readonly PictureId[];
}

/** Facts are on each display that has that role; without one they go to the largest that is left, beside its picture. */
export function wallPlan(
  seats: readonly Seat[],
  roles: ReadonlyMap<string, WallRole>,
  incidents: readonly string[],
): Map<string, SeatPlan> {
  const roleOf = ({ id }: Seat): WallRole => roles.get(id) ?? 'facts';
  const survivor = seats.some((seat) => roleOf(seat) === 'facts') ? null : largest(seats);
  const elsewhere = new Set(seats.map(roleOf));
  const turning = pictureIds.filter(
    (picture) => picture === 'alerts' || picture === 'changes' || !elsewhere.has(picture),
  );
  return new Map(
    seats.map((seat) => {
      const role = roleOf(seat);
      const facts = role === 'facts' || seat === survivor ? incidents : null;
      return [seat.id, { facts, pictures: role === 'facts' ? turning : [role] }];
    }),
  );
}

function largest(seats: readonly Seat[]): Seat | null {
  const size = ({ width, height }: Seat): number => width * height;
  // The same one on every display, in whatever order they know of each other.
  const [first] = seats.toSorted((a, b) => size(b) - size(a) || (a.id < b.id ? -1 : 1));
  return first ?? null;
}
