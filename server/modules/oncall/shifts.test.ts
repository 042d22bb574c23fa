import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OverrideDraft, RotationLayer } from '#server/contract/schedule.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { decideLookup } from '#server/modules/oncall/decide-lookup.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { aLayer, anId, aSchedule, someFacts, stored } from '#server/testkit/oncall.ts';

const hourMs = 3_600_000;
const people = [1, 2, 3, 4, 5].map(anId);
const zones = Intl.supportedValuesOf('timeZone');
const iso = (ms: number) => new Date(ms).toISOString();
const start = Date.UTC(2026, 0, 1);
/** Whole hours of 2026, so that the clock changes of both hemispheres are among them. */
const hour = fc.integer({ min: 24 * 40, max: 24 * 330 }).map((n) => start + n * hourMs);
const aTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`);
const aRotation = fc.record({
  unit: fc.constantFrom('hour', 'day', 'week', 'month'),
  every: fc.integer({ min: 1, max: 5 }),
  handoffTime: aTime,
  startsOn: fc.integer({ min: 1, max: 31 }).map((day) => `2026-01-${String(day).padStart(2, '0')}`),
});
const someGroups = fc.uniqueArray(fc.constantFrom(...people), { minLength: 1 }).map((ids) => ids.map((id) => [id]));

const usersAt = (shifts: readonly { userId: string; startsAt: string; endsAt: string }[], at: number) => {
  const instant = iso(at);
  return shifts.filter(({ startsAt, endsAt }) => startsAt <= instant && instant < endsAt).map((s) => s.userId);
};

/** `expect` is slow, and this is asked a hundred thousand times. */
function difference(found: string[], expected: string[], at: number): string[] {
  const [one, other] = [found.sort().join(), expected.sort().join()];
  return one === other ? [] : [`${iso(at)}: ${one} for ${other}`];
}

describe('a single rotation', () => {
  it('has somebody on call at every moment and nobody twice, in every zone, and keeps its order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), aRotation, someGroups, hour, (timeZone, rotation, participants, from) => {
        const layer = aLayer({ timeZone, rotation: rotation as RotationLayer['rotation'], participants });
        const shifts = shiftsBetween(
          aSchedule({ layers: [layer] }),
          someFacts(),
          iso(from),
          iso(from + 60 * 24 * hourMs),
        );
        expect(shifts[0]?.startsAt).toBe(iso(from));
        expect(shifts.at(-1)?.endsAt).toBe(iso(from + 60 * 24 * hourMs));
        const wrong = shifts.slice(1).filter((next, index) => {
          const before = shifts[index]!;
          const inOrder = participants[Number(next.turn) % participants.length]![0];
          return (
            next.startsAt !== before.endsAt || Number(next.turn) !== Number(before.turn) + 1 || next.userId !== inOrder
          );
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('hands over in a missing hour when the clock jumps, in a repeated one at its first showing', () => {
    const at = (handoffTime: string, from: string) => {
      const layer = aLayer({ rotation: { unit: 'day', every: 1, handoffTime, startsOn: '2026-01-01' } });
      const until = iso(Date.parse(from) + 48 * hourMs);
      return shiftsBetween(aSchedule({ layers: [layer] }), someFacts(), from, until).map((shift) => shift.startsAt)[1];
    };
    expect(at('02:30', '2026-03-28T12:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(at('02:30', '2026-10-24T12:00:00.000Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('counts elapsed hours when it is hourly', () => {
    const layer = aLayer({ rotation: { unit: 'hour', every: 12, handoffTime: '08:00', startsOn: '2026-03-28' } });
    const shifts = shiftsBetween(
      aSchedule({ layers: [layer] }),
      someFacts(),
      '2026-03-28T07:00:00.000Z',
      '2026-04-03T07:00:00.000Z',
    );
    expect(new Set(shifts.map((s) => Date.parse(s.endsAt) - Date.parse(s.startsAt)))).toEqual(new Set([12 * hourMs]));
  });

  it('takes the last day of a month that is too short', () => {
    const layer = aLayer({
      timeZone: 'UTC',
      rotation: { unit: 'month', every: 1, handoffTime: '00:00', startsOn: '2026-01-31' },
    });
    const shifts = shiftsBetween(
      aSchedule({ layers: [layer] }),
      someFacts(),
      '2026-01-31T00:00:00.000Z',
      '2026-05-01T00:00:00.000Z',
    );
    expect(shifts.map((shift) => shift.startsAt.slice(5, 10))).toEqual(['01-31', '02-28', '03-31', '04-30']);
  });
});

describe('layers', () => {
  it('of those that cover an instant, all with the highest priority are on call', () => {
    const priorities = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(priorities, fc.array(aTime, { minLength: 8, maxLength: 8 }), hour, (levels, times, from) => {
        const layers = levels.map((priority, index) =>
          aLayer({
            id: anId(900 + index),
            priority,
            participants: [[people[index]!]],
            restrictions: [{ days: [1, 2, 3, 4, 5, 6, 7], from: times[index * 2]!, to: times[index * 2 + 1]! }],
          }),
        );
        const [first, last] = [iso(from), iso(from + 72 * hourMs)];
        const all = shiftsBetween(aSchedule({ layers }), someFacts(), first, last);
        const alone = layers.map((layer) => shiftsBetween(aSchedule({ layers: [layer] }), someFacts(), first, last));
        const wrong: string[] = [];
        for (let at = from; at < from + 72 * hourMs; at += 15 * 60_000) {
          const covering = layers.filter((_, index) => usersAt(alone[index]!, at).length > 0);
          const highest = Math.max(...covering.map(({ priority }) => priority));
          const expected = covering.filter(({ priority }) => priority === highest).map((l) => l.participants[0]![0]!);
          wrong.push(...difference(usersAt(all, at), expected, at));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('a turn that nobody has leaves the floor to the layers below', () => {
    const below = aLayer({ id: anId(901), priority: 0, participants: [[people[4]!]] });
    const above = aLayer({ priority: 5, participants: [[people[0]!], []] });
    const shifts = shiftsBetween(
      aSchedule({ layers: [below, above] }),
      someFacts(),
      '2026-01-05T08:00:00.000Z',
      '2026-01-07T08:00:00.000Z',
    );
    expect(shifts.map((shift) => shift.userId)).toEqual([people[0], people[4]]);
  });
});

const aSpan = fc.tuple(hour, fc.integer({ min: 1, max: 60 })).map(([from, hours]) => {
  return { startsAt: iso(from), endsAt: iso(from + hours * hourMs) };
});
const base = { scheduleId: anId(800), reason: 'why' };
const near = fc.tuple(fc.integer({ min: -30, max: 60 }), fc.integer({ min: 1, max: 60 }));
const somebody = fc.constantFrom(...people);
const aChange = fc.oneof(
  fc.record({ mode: fc.constantFrom('add' as const, 'remove' as const), userId: somebody, when: near }),
  fc.record({
    mode: fc.constant('replace' as const),
    userId: somebody,
    replacedUserId: fc.option(somebody),
    when: near,
  }),
  fc.record({
    mode: fc.constant('temporary' as const),
    when: near,
    inside: fc.array(fc.record({ userId: somebody, when: near }), { maxLength: 3 }),
  }),
);

describe('changes', () => {
  it('work in the order in which they were made, temporary schedules first', () => {
    fc.assert(
      fc.property(hour, fc.array(aChange, { maxLength: 5 }), (from, changes) => {
        const span = ([offset, hours]: [number, number]) => ({
          startsAt: iso(from + offset * hourMs),
          endsAt: iso(from + (offset + hours) * hourMs),
        });
        const overrides = changes.map((change, index): StoredDocument<'override'> => {
          const { when, ...rest } = change;
          const draft = { ...base, ...span(when), ...rest } as OverrideDraft & { inside?: unknown };
          if (change.mode === 'temporary' && draft.mode === 'temporary') {
            draft.shifts = change.inside.map((one) => ({ userId: one.userId, ...span(one.when) }));
            delete draft.inside;
          }
          return stored('override', anId(100 + index), draft);
        });
        const schedule = aSchedule();
        const [first, last] = [iso(from), iso(from + 48 * hourMs)];
        const plain = shiftsBetween(schedule, someFacts(), first, last);
        const changed = shiftsBetween(schedule, someFacts({ overrides: overrides.toReversed() }), first, last);
        const wrong: string[] = [];
        for (let at = from; at < from + 48 * hourMs; at += hourMs) {
          wrong.push(...difference(usersAt(changed, at), model(overrides, usersAt(plain, at), at), at));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('an accepted swap is two replacements', () => {
    const swap = stored('swap', anId(100), {
      scheduleId: anId(800),
      fromUserId: people[0]!,
      toUserId: people[1]!,
      give: { startsAt: '2026-01-05T08:00:00.000Z', endsAt: '2026-01-06T08:00:00.000Z' },
      takeBack: { startsAt: '2026-01-06T08:00:00.000Z', endsAt: '2026-01-07T08:00:00.000Z' },
      reason: 'birthday',
      status: 'accepted',
      answeredAt: null,
    });
    const at = (status: typeof swap.draft.status) => {
      const swaps = [{ ...swap, draft: { ...swap.draft, status } }];
      return shiftsBetween(
        aSchedule(),
        someFacts({ swaps }),
        '2026-01-05T08:00:00.000Z',
        '2026-01-08T08:00:00.000Z',
      ).map((shift) => `${shift.userId.slice(-1)} ${shift.source.type}`);
    };
    expect(at('accepted')).toEqual(['2 swap', '1 swap', '3 layer']);
    expect(at('asked')).toEqual(['1 layer', '2 layer', '3 layer']);
  });

  it('that bring in a disabled person do nothing', () => {
    const draft = { ...base, mode: 'replace', userId: people[4]!, replacedUserId: null } as const;
    const when = { startsAt: '2026-01-05T00:00:00.000Z', endsAt: '2026-01-09T00:00:00.000Z' };
    const facts = someFacts({
      overrides: [stored('override', anId(100), { ...draft, ...when })],
      disabledUserIds: [people[4]!],
    });
    expect(shiftsBetween(aSchedule(), facts, '2026-01-05T08:00:00.000Z', '2026-01-06T08:00:00.000Z')[0]?.userId).toBe(
      people[0],
    );
  });
});

/** What the changes make of a set of people, one after the other. */
function model(overrides: readonly StoredDocument<'override'>[], onCall: string[], at: number): string[] {
  const covers = (span: { startsAt: string; endsAt: string }) =>
    Date.parse(span.startsAt) <= at && at < Date.parse(span.endsAt);
  const now = overrides.map((one) => one.draft).filter(covers);
  let set = new Set(onCall);
  for (const draft of now) {
    if (draft.mode === 'temporary') set = new Set(draft.shifts.filter(covers).map(({ userId }) => userId));
  }
  for (const draft of now) {
    if (draft.mode === 'add') set.add(draft.userId);
    if (draft.mode === 'remove') set.delete(draft.userId);
    if (draft.mode !== 'replace') continue;
    if (draft.replacedUserId === null) set = new Set([draft.userId]);
    else if (set.delete(draft.replacedUserId)) set.add(draft.userId);
  }
  return [...set];
}

describe('time off', () => {
  it('lets the next who is there stand in, and moves nobody else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.constantFrom(0, 1, 2, 3), near), { maxLength: 4 }), hour, (away, from) => {
        const order = people.slice(0, 4);
        const schedule = aSchedule({ layers: [aLayer({ participants: order.map((id) => [id]) })] });
        const timeOffs = away.map(([who, [offset, hours]], index) =>
          stored('timeOff', anId(200 + index), {
            userId: order[who]!,
            startsAt: iso(from + offset * hourMs),
            endsAt: iso(from + (offset + hours) * hourMs),
            reason: '',
          }),
        );
        const [first, last] = [iso(from), iso(from + 96 * hourMs)];
        const plain = shiftsBetween(schedule, someFacts(), first, last);
        const shifts = shiftsBetween(schedule, someFacts({ timeOffs }), first, last);
        const wrong: string[] = [];
        for (let at = from; at < from + 96 * hourMs; at += hourMs) {
          const isAway = (id: string) =>
            timeOffs.some(
              ({ draft }) => draft.userId === id && Date.parse(draft.startsAt) <= at && at < Date.parse(draft.endsAt),
            );
          const turn = order.indexOf(usersAt(plain, at)[0]!);
          const inOrder = [0, 1, 2, 3].map((step) => order[(turn + step) % 4]!);
          wrong.push(...difference(usersAt(shifts, at), inOrder.filter((id) => !isAway(id)).slice(0, 1), at));
        }
        expect(wrong).toEqual([]);
        for (const shift of shifts) expect(shift.source.type).toBe(shift.standsInFor === null ? 'layer' : 'stand-in');
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the number of people of a turn, where it can', () => {
    const [a, b, c, d] = people as [string, string, string, string];
    const layer = aLayer({ participants: [[a, b], [b, c], [d]] });
    const when = { startsAt: '2026-01-05T00:00:00.000Z', endsAt: '2026-01-06T00:00:00.000Z' };
    const facts = someFacts({ timeOffs: [stored('timeOff', anId(200), { userId: a, ...when, reason: '' })] });
    const shifts = shiftsBetween(
      aSchedule({ layers: [layer] }),
      facts,
      '2026-01-05T09:00:00.000Z',
      '2026-01-05T10:00:00.000Z',
    );
    expect(shifts.map(({ userId, standsInFor }) => [userId, standsInFor])).toEqual([
      [b, null],
      [c, a],
    ]);
  });

  it('does not undo an override, and a replacement of who is away replaces the stand-in', () => {
    const when = { startsAt: '2026-01-05T08:00:00.000Z', endsAt: '2026-01-06T08:00:00.000Z' };
    const timeOffs = [0, 4].map((who) =>
      stored('timeOff', anId(200 + who), { userId: people[who]!, ...when, reason: '' }),
    );
    const override = { ...base, ...when, mode: 'replace', userId: people[4]!, replacedUserId: people[0]! } as const;
    const facts = someFacts({ timeOffs, overrides: [stored('override', anId(100), override)] });
    expect(shiftsBetween(aSchedule(), facts, when.startsAt, when.endsAt).map((s) => s.userId)).toEqual([people[4]]);
  });
});

describe('the lookup', () => {
  it('agrees with the shifts at every instant and says the same when it is replayed', () => {
    fc.assert(
      fc.property(hour, aSpan, fc.array(aChange, { maxLength: 3 }), (at, off, changes) => {
        const overrides = changes.flatMap((change, index) => {
          const { when, ...rest } = change;
          if (change.mode === 'temporary') return [];
          const startsAt = iso(at + when[0] * hourMs);
          const endsAt = iso(at + (when[0] + when[1]) * hourMs);
          return [stored('override', anId(100 + index), { ...base, startsAt, endsAt, ...rest } as OverrideDraft)];
        });
        const timeOffs = [stored('timeOff', anId(200), { userId: people[0]!, ...off, reason: '' })];
        const schedule = aSchedule();
        const facts = someFacts({ overrides, timeOffs });
        const input = { schedule, ...facts, at: iso(at) };
        const lookup = decideLookup(input);
        const shifts = shiftsBetween(schedule, facts, iso(at - 99 * hourMs), iso(at + 99 * hourMs));
        expect(lookup.users.map(({ userId }) => userId).sort()).toEqual(usersAt(shifts, at).sort());
        expect(JSON.stringify(decideLookup(JSON.parse(JSON.stringify(input)) as typeof input))).toBe(
          JSON.stringify(lookup),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('shows layers, changes and result around the instant', () => {
    const when = { startsAt: '2026-01-05T12:00:00.000Z', endsAt: '2026-01-05T18:00:00.000Z' };
    const draft = {
      ...base,
      ...when,
      mode: 'replace',
      userId: people[2]!,
      replacedUserId: people[0]!,
      reason: 'flies at five',
    } as const;
    const facts = someFacts({ overrides: [stored('override', anId(100), draft)] });
    const { users, explanation } = decideLookup({ schedule: aSchedule(), ...facts, at: '2026-01-05T13:00:00.000Z' });
    expect(users).toEqual([
      {
        userId: people[2],
        source: { type: 'override', id: anId(100), name: 'flies at five' },
        standsInFor: null,
        until: when.endsAt,
      },
    ]);
    expect(explanation.rows.map(({ type, name, inForce, removes }) => [type, name, inForce, removes])).toEqual([
      ['layer', 'Primary', true, null],
      ['override', 'flies at five', true, people[0]],
      ['result', 'Payments', true, null],
    ]);
    expect(explanation.rows.at(-1)?.shifts.map((shift) => shift.userId)).toEqual([people[0], people[2], people[0]]);
  });
});
