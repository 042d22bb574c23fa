// Shifts of the sample's schedules, laid out by hand: the server's own reckoning is tested there.
import type { OncallPreview, OncallPreviewInput } from '#server/contract/oncall.ts';
import type { Roster, Shift } from '#server/contract/schedule.ts';
import { samplePagingId as id, samplePagingIds, samplePeople as people } from './sample-ids.ts';

const dayMs = 86_400_000;

function layerShifts(now: number, scheduleId: string): { id: string; name: string; shifts: Shift[] }[] {
  const days = Array.from({ length: 58 }, (_, index) => index - 29);
  if (scheduleId === samplePagingIds.payments) {
    const turns = [people.diego, people.priya, people.lucia];
    const weekly = [-21, -14, -7, 0, 7, 14, 21].map((day, index) =>
      shift(
        turns[index % 3] ?? people.diego,
        sampleHour(now, day, 9),
        sampleHour(now, day + 7, 9),
        'layer',
        samplePagingIds.weekly,
        'Weekly',
      ),
    );
    const office = days
      .filter((day) => new Date(now + day * dayMs).getUTCDay() % 6 !== 0)
      .map((day) =>
        shift(
          day % 2 === 0 ? people.kenji : people.mara,
          sampleHour(now, day, 9),
          sampleHour(now, day, 17),
          'layer',
          samplePagingIds.office,
          'Office hours',
        ),
      );
    return [
      { id: samplePagingIds.weekly, name: 'Weekly', shifts: weekly },
      { id: samplePagingIds.office, name: 'Office hours', shifts: office },
    ];
  }
  const turns = scheduleId === samplePagingIds.search ? [people.tomasz, people.kenji] : [people.kenji, people.priya];
  const step = scheduleId === samplePagingIds.search ? 1 : 7;
  const shifts = days
    .filter((day) => day % step === 0)
    .map((day) => {
      const person = turns[Math.abs(day / step) % 2] ?? people.kenji;
      const end =
        scheduleId === samplePagingIds.search && day === 3 ? sampleHour(now, 3, 18) : sampleHour(now, day + step, 9);
      return shift(person, sampleHour(now, day, 9), end, 'layer', id(13), 'Daily');
    });
  return [{ id: id(13), name: step === 1 ? 'Daily' : 'Weekly', shifts }];
}

function shift(
  userId: string,
  startsAt: string,
  endsAt: string,
  type: Shift['source']['type'],
  from: string,
  name: string,
): Shift {
  return { userId, startsAt, endsAt, source: { type, id: from, name } };
}

function overridesOf(now: number, scheduleId: string): Shift[] {
  if (scheduleId !== samplePagingIds.payments) return [];
  return [
    shift(
      people.priya,
      sampleHour(now, 0, 0),
      new Date(now + 5.5 * 3_600_000).toISOString(),
      'override',
      id(31),
      'Diego flies at five',
    ),
  ];
}

/** The last of these that covers an instant wins, as in the sample every layer is above the one before. */
function resultOf(now: number, scheduleId: string): Shift[] {
  const ranks = [...layerShifts(now, scheduleId).map(({ shifts }) => shifts), overridesOf(now, scheduleId)];
  const cuts = [...new Set(ranks.flat().flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]))].toSorted();
  return cuts.slice(0, -1).flatMap((from, index) => {
    const to = cuts[index + 1] ?? from;
    const top = ranks.flat().findLast(({ startsAt, endsAt }) => startsAt <= from && endsAt >= to);
    return top === undefined ? [] : [{ ...top, startsAt: from, endsAt: to }];
  });
}

function quality(now: number, scheduleId: string): Roster['quality'] {
  const search = scheduleId === samplePagingIds.search;
  return {
    score: search ? 71 : scheduleId === samplePagingIds.payments ? 92 : 100,
    from: sampleHour(now, 0, 0),
    to: sampleHour(now, 14, 0),
    gaps: search ? [{ startsAt: sampleHour(now, 3, 18), endsAt: sampleHour(now, 4, 9) }] : [],
    emptyShifts: [],
    doubleBookings: search
      ? [
          {
            startsAt: sampleHour(now, 1, 9),
            endsAt: sampleHour(now, 1, 17),
            userId: people.kenji,
            otherScheduleId: samplePagingIds.payments,
          },
        ]
      : [],
    load: search
      ? [
          { userId: people.tomasz, hours: 168, share: 1, nightHours: 56 },
          { userId: people.kenji, hours: 153, share: 0.95, nightHours: 41 },
        ]
      : [
          { userId: people.diego, hours: 128, share: 1.1, nightHours: 63 },
          { userId: people.priya, hours: 134, share: 1.15, nightHours: 56 },
          { userId: people.kenji, hours: 40, share: 0.6, nightHours: 0 },
        ],
  };
}

export function sampleRosters(now: number): Roster[] {
  return [samplePagingIds.payments, samplePagingIds.search, samplePagingIds.platform].map((scheduleId) => {
    const [from, to] = [sampleHour(now, -14, 0), sampleHour(now, 14, 0)];
    const shifts = resultOf(now, scheduleId).filter(({ startsAt, endsAt }) => endsAt > from && startsAt < to);
    return { id: scheduleId, version: 1, from, to, shifts, quality: quality(now, scheduleId) };
  });
}

/** What `oncall.preview` answers in the harness. */
export function samplePreview(now: number, input: OncallPreviewInput): OncallPreview {
  const scheduleId = input.scheduleId ?? samplePagingIds.payments;
  const layers = layerShifts(now, scheduleId).map((layer) => ({
    ...layer,
    offDuty: layer.id === samplePagingIds.office ? weekends(now) : [],
  }));
  const tried = (input.overrides ?? []).flatMap((override): Shift[] =>
    'userId' in override
      ? [shift(override.userId, override.startsAt, override.endsAt, 'override', id(32), override.reason)]
      : [],
  );
  const result = resultOf(now, scheduleId).flatMap((each): Shift[] => {
    const over = tried[0];
    if (over === undefined || over.endsAt <= each.startsAt || over.startsAt >= each.endsAt) return [each];
    const before = each.startsAt < over.startsAt ? [{ ...each, endsAt: over.startsAt }] : [];
    return [...before, ...(each.endsAt > over.endsAt ? [{ ...each, startsAt: over.endsAt }] : [])];
  });
  return {
    from: input.from,
    to: input.to,
    layers,
    overrides: [...overridesOf(now, scheduleId), ...tried],
    result: [...result, ...tried].toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : 1)),
    quality: quality(now, scheduleId),
    findings: [],
  };
}

function weekends(now: number): { startsAt: string; endsAt: string }[] {
  return Array.from({ length: 58 }, (_, index) => index - 29).flatMap((day) => {
    const weekend = new Date(now + day * dayMs).getUTCDay() % 6 === 0;
    const night = { startsAt: sampleHour(now, day, 17), endsAt: sampleHour(now, day + 1, 9) };
    return weekend ? [{ startsAt: sampleHour(now, day, 9), endsAt: sampleHour(now, day, 17) }, night] : [night];
  });
}

/** `hour` UTC of the day that lies so many days from today. */
export function sampleHour(now: number, days: number, hour: number): string {
  return new Date(Math.floor(now / dayMs) * dayMs + days * dayMs + hour * 3_600_000).toISOString();
}
