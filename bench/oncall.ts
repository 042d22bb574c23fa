// Who is on call for 1,000 schedules over a month, from plain values to shifts: what a page over all schedules asks.
import { planIn } from '#server/modules/oncall/judge.ts';
import { dayMs } from '#server/modules/oncall/local-days.ts';
import { lookupInput } from '#server/modules/oncall/facts.ts';
import { decideLookup } from '#server/modules/oncall/decide-lookup.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import {
  type AnyDocument,
  aConfig,
  aLayer,
  anId,
  aSchedule,
  noCalendars,
  somePeople,
  stored,
} from '#server/testkit/oncall.ts';
import { report } from './report.ts';

const count = 1_000;
const budgetMs = 1_000;
const zones = 'Europe/Berlin America/New_York Asia/Kolkata Australia/Sydney America/Sao_Paulo Europe/London'.split(' ');

export async function benchOncall(): Promise<void> {
  const clock = createSystemClock();
  const world = { config: aConfig(documents()), calendars: noCalendars, users: somePeople() };
  const schedules = world.config.list('schedule').items;
  const from = Date.UTC(2026, 9, 10);
  const note = 'each: weekly primary, daily nights by restriction, hourly shadow; two overrides, one time off';

  // What the zones' transitions cost the first time is part of it.
  for (const [name, spans] of [
    ['month-cold', 1],
    ['month-warm', 5],
  ] as const) {
    let shifts = 0;
    const began = clock.monotonic();
    for (let span = 0; span < spans; span += 1) {
      for (const schedule of schedules) shifts += planIn(world, schedule, from, from + 30 * dayMs).shifts.length;
    }
    const value = (clock.monotonic() - began) / spans;
    const named = { name: `oncall-${name}`, unit: 'ms', baseline: budgetMs, ratio: value / budgetMs, note };
    report({ ...named, value, n: count });
    if (shifts === 0) throw new Error('nobody was on call: the bench measures nothing');
  }

  const at = new Date(from + 5 * dayMs).toISOString();
  const began = clock.monotonic();
  for (const { id } of schedules) decideLookup(lookupInput(world, id, at)!);
  const value = (clock.monotonic() - began) / count;
  const noted = { unit: 'ms', baseline: null, ratio: null, n: count, note: 'one decision with its explanation' };
  report({ name: 'oncall-lookup', value, ...noted });
}

function documents(): AnyDocument[] {
  const everyone = [1, 2, 3, 4, 5, 6].map((number) => [anId(number)]);
  return Array.from({ length: count }, (_, index): AnyDocument[] => {
    const timeZone = zones[index % zones.length]!;
    const startsOn = `2026-01-${String((index % 28) + 1).padStart(2, '0')}`;
    const rotation = (unit: 'hour' | 'day' | 'week', every: number) => ({
      unit,
      every,
      handoffTime: '09:00',
      startsOn,
    });
    const nights = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }];
    const layers = [
      aLayer({ id: anId(1), timeZone, rotation: rotation('week', 1), participants: everyone }),
      aLayer({
        id: anId(2),
        timeZone,
        rotation: rotation('day', 1),
        participants: everyone,
        restrictions: nights,
        priority: 1,
      }),
      aLayer({ id: anId(3), timeZone, rotation: rotation('hour', 12), participants: everyone }),
    ];
    const scheduleId = anId(10_000 + index);
    const span = (day: number) => ({
      startsAt: `2026-10-${day}T08:00:00.000Z`,
      endsAt: `2026-10-${day + 1}T08:00:00.000Z`,
    });
    const override = { scheduleId, mode: 'replace', userId: anId(7), replacedUserId: null, reason: 'bench' } as const;
    return [
      aSchedule({ name: `schedule ${index}`, timeZone, layers }, scheduleId),
      stored('override', anId(20_000 + index), { ...override, ...span(12) }),
      stored('override', anId(30_000 + index), { ...override, ...span(20) }),
      ...(index < 6
        ? [stored('timeOff', anId(40_000 + index), { userId: anId(index + 1), ...span(14 + index), reason: '' })]
        : []),
    ];
  }).flat();
}
