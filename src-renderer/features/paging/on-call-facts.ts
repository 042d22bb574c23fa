// Until when I am on call, for the top bar. Pure.
import type { Roster } from '#server/contract/schedule.ts';
import { type MyShift, shiftsOf } from '../oncall/oncall-facts.ts';

/** The duty that ends first, and how many more there are; null when there is none, or none is known. */
export function dutyNow(
  rosters: Iterable<Roster>,
  userId: string,
  nowMs: number,
): { shift: MyShift; more: number } | null {
  const current = shiftsOf(rosters, userId, nowMs)
    .filter(({ fromMs }) => fromMs <= nowMs)
    .toSorted((a, b) => a.toMs - b.toMs);
  const [shift] = current;
  return shift === undefined ? null : { shift, more: current.length - 1 };
}
