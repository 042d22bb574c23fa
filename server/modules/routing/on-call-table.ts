import type { factsBetween, OnCallWorld } from '#server/modules/oncall/facts.ts';
import type { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import type { OnCallShift } from '#server/modules/oncall/state.ts';

const hourMs = 3_600_000;

/** Who is on call on a schedule at any instant of the span: worked out once, on first use, and found by the hour. */
export function createOnCallTable(
  oncall: { shiftsBetween: typeof shiftsBetween; factsBetween: typeof factsBetween },
  world: OnCallWorld,
  from: string,
  to: string,
): (scheduleId: string, at: string) => string[] {
  const begin = Math.floor(Date.parse(from) / hourMs);
  // Whoever asks about the last instant asks inside the span.
  const end = new Date(Date.parse(to) + hourMs).toISOString();
  const tables = new Map<string, OnCallShift[][]>();

  function tableOf(scheduleId: string): OnCallShift[][] {
    const hours: OnCallShift[][] = [];
    const schedule = world.config.get('schedule', scheduleId);
    if (schedule === null) return hours;
    const start = new Date(begin * hourMs).toISOString();
    const facts = oncall.factsBetween(world, schedule, start, end);
    for (const shift of oncall.shiftsBetween(schedule, facts, start, end)) {
      const last = Math.ceil(Date.parse(shift.endsAt) / hourMs) - begin;
      for (let hour = Math.floor(Date.parse(shift.startsAt) / hourMs) - begin; hour < last; hour += 1)
        (hours[hour] ??= []).push(shift);
    }
    return hours;
  }

  return (scheduleId, at) => {
    let table = tables.get(scheduleId);
    if (table === undefined) {
      table = tableOf(scheduleId);
      tables.set(scheduleId, table);
    }
    const shifts = table[Math.floor(Date.parse(at) / hourMs) - begin] ?? [];
    const on: string[] = [];
    for (const { userId, startsAt, endsAt } of shifts)
      if (startsAt <= at && at < endsAt && !on.includes(userId)) on.push(userId);
    return on;
  };
}
