import type { Shift } from '#server/contract/schedule.ts';
import type { OnCallShift } from '#server/modules/oncall/state.ts';

/** As the contract has it. */
export function publicShift({ userId, startsAt, endsAt, source }: OnCallShift): Shift {
  return { userId, startsAt, endsAt, source };
}
