import { describe, expect, it } from 'vitest';
import type { DraftOf } from '#server/contract/config.ts';
import type { CheckWorld, StoredDocument } from '#server/modules/config/state.ts';
import { createOnCallChecks } from '#server/modules/oncall/checks.ts';
import { judge } from '#server/modules/oncall/judge.ts';
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

const at = '2026-03-02T10:00:00.000Z';
const when = { startsAt: '2026-03-03T08:00:00.000Z', endsAt: '2026-03-04T08:00:00.000Z' };

function judged(schedule: StoredDocument<'schedule'>, others: readonly AnyDocument[] = [], disabled: string[] = []) {
  const world = { config: aConfig([schedule, ...others]), calendars: noCalendars, users: somePeople(disabled) };
  return judge(world, schedule, Date.parse(at));
}
const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code);

describe('quality', () => {
  it('is 100 for a rotation that goes round evenly without a gap, over whole rounds of it', () => {
    const layer = aLayer({
      timeZone: 'UTC',
      rotation: { unit: 'week', every: 1, handoffTime: '00:00', startsOn: '2026-01-05' },
      participants: [1, 2, 3, 4, 5].map((n) => [anId(n)]),
    });
    const { quality, findings } = judged(aSchedule({ timeZone: 'UTC', layers: [layer] }));
    expect(quality).toMatchObject({ score: 100, gaps: [], emptyShifts: [], doubleBookings: [] });
    expect(Date.parse(quality.to) - Date.parse(quality.from)).toBe(35 * 86_400_000);
    expect(quality.load.map(({ hours, share }) => [hours, share])).toEqual(Array.from({ length: 5 }, () => [168, 168]));
    expect(findings).toEqual([]);
  });

  it('loses a point for each hundredth of the time that nobody has, and says when', () => {
    const restrictions = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '12:00' }];
    const participants = [[anId(1)]];
    const { quality, findings } = judged(aSchedule({ layers: [aLayer({ participants, restrictions })] }));
    expect(quality.score).toBe(50);
    expect(quality.gaps[0]).toEqual({ startsAt: '2026-03-02T11:00:00.000Z', endsAt: '2026-03-02T23:00:00.000Z' });
    expect(findings).toEqual([
      {
        level: 'warning',
        code: 'gap',
        text: 'Nobody is on call for 336 h in the 28 days ahead, first from 2026-03-02 12:00 to 2026-03-03 00:00 Europe/Berlin. Add a layer that covers it, or people.',
        from: '2026-03-02T11:00:00.000Z',
        to: '2026-03-02T23:00:00.000Z',
      },
    ]);
  });

  it('names turns of disabled people, of nobody, and people who are on call twice', () => {
    const disabled = judged(aSchedule(), [], [anId(2)]);
    expect(codes(disabled.findings)).toEqual(['disabled']);
    expect(disabled.quality.emptyShifts[0]?.why).toBe('It is the turn of Person 2, who cannot be on call any more.');
    expect(disabled.quality.gaps).toEqual([]);
    const empty = judged(aSchedule({ layers: [aLayer({ participants: [[anId(1)], []] })] }));
    expect(codes(empty.findings)).toEqual(['gap', 'empty-shift']);
    const other = aSchedule({ name: 'Other', layers: [aLayer({ participants: [[anId(1)]] })] }, anId(801));
    const twice = judged(aSchedule(), [other]);
    expect(codes(twice.findings)).toEqual(['double-booked']);
    expect(twice.quality.score).toBeLessThan(100);
  });

  it('counts an uneven load and uneven nights', () => {
    const participants = [[anId(1)], [anId(1)], [anId(1)], [anId(2)]];
    const { quality, findings } = judged(aSchedule({ layers: [aLayer({ participants })] }));
    expect(codes(findings)).toEqual(['uneven']);
    // A quarter of the hours and of the nights would have to change hands: 100 * (1 - 1/16 - 1/16).
    expect(quality.score).toBeGreaterThanOrEqual(86);
    expect(quality.score).toBeLessThanOrEqual(88);
  });

  it('finds that nobody is ever on call', () => {
    expect(judged(aSchedule({ layers: [] }))).toMatchObject({ quality: { score: 0 }, findings: [{ code: 'nobody' }] });
  });
});

describe('what is said before a save', () => {
  const checks = createOnCallChecks({
    calendars: noCalendars,
    addressFault: async (url) => (url.includes('169.254') ? 'it is private' : null),
  });
  const world = (documents: readonly AnyDocument[], id = anId(100)): CheckWorld => {
    return { id, config: aConfig(documents), at, users: somePeople([anId(9)]), teams: new Map() };
  };
  const ofOverride = async (draft: Partial<DraftOf<'override'>>, more: readonly AnyDocument[] = []) => {
    const whole = { scheduleId: anId(800), ...when, reason: 'why', ...draft } as DraftOf<'override'>;
    return codes(await checks.override(whole, world([aSchedule(), stored('override', anId(100), whole), ...more])));
  };

  it('refuses an address that may not be read and a layer that ends before it starts', async () => {
    const calendar = {
      type: 'calendar',
      id: anId(901),
      name: 'Feed',
      priority: 0,
      url: 'http://169.254.169.254/',
    } as const;
    const { draft } = aSchedule({ layers: [aLayer({ endsOn: '2026-01-05' }), calendar] });
    const findings = await checks.schedule(draft, world([], anId(800)));
    expect(findings.map(({ level, code }) => [level, code])).toEqual([
      ['error', 'ended'],
      ['error', 'address'],
    ]);
  });

  it('refuses what would take too long to work out', async () => {
    const hourly = { unit: 'hour', every: 1, handoffTime: '09:00', startsOn: '2026-01-05' } as const;
    const layers = Array.from({ length: 9 }, (_, index) => aLayer({ id: anId(900 + index), rotation: hourly }));
    const of = async (count: number) =>
      codes(await checks.schedule(aSchedule({ layers: layers.slice(0, count) }).draft, world([], anId(800))));
    expect(await of(9)).toEqual(['too-fine']);
    expect(await of(8)).toEqual([]);
  });

  it('warns of an override that does nothing, brings in who is away or gone, or leaves nobody', async () => {
    const away = stored('timeOff', anId(200), { userId: anId(5), ...when, reason: '' });
    // On that day it is the turn of person 1.
    expect(await ofOverride({ mode: 'replace', userId: anId(5), replacedUserId: anId(1) })).toEqual([]);
    expect(await ofOverride({ mode: 'replace', userId: anId(5), replacedUserId: anId(2) })).toEqual(['no-effect']);
    expect(await ofOverride({ mode: 'add', userId: anId(5) }, [away])).toEqual(['away']);
    expect(await ofOverride({ mode: 'add', userId: anId(9) })).toEqual(['disabled']);
    expect(await ofOverride({ mode: 'remove', userId: anId(1) })).toEqual(['gap']);
    expect(
      await ofOverride({ mode: 'add', userId: anId(5), startsAt: '2026-01-01T00:00:00.000Z', endsAt: at }),
    ).toEqual(['over']);
    expect(
      await ofOverride({ mode: 'temporary', shifts: [{ userId: anId(5), startsAt: at, endsAt: when.endsAt }] }),
    ).toEqual(['outside']);
  });

  it('warns of time off in which nobody can stand in, or which an override undoes', async () => {
    const draft = { userId: anId(1), ...when, reason: '' };
    const alone = aSchedule({ layers: [aLayer({ participants: [[anId(1)]] })] });
    const saved = stored('timeOff', anId(100), draft);
    expect(codes(await checks.timeOff(draft, world([alone, saved])))).toEqual(['nobody-stands-in']);
    expect(codes(await checks.timeOff(draft, world([aSchedule(), saved])))).toEqual([]);
    const override = stored('override', anId(101), {
      scheduleId: anId(800),
      ...when,
      mode: 'add',
      userId: anId(1),
      reason: '',
    });
    expect(codes(await checks.timeOff(draft, world([aSchedule(), saved, override])))).toEqual(['still-on-call']);
  });

  it("refuses a swap of a shift that is not the giver's", async () => {
    const draft: DraftOf<'swap'> = {
      scheduleId: anId(800),
      fromUserId: anId(2),
      toUserId: anId(3),
      give: when,
      takeBack: null,
      reason: '',
      status: 'asked',
      answeredAt: null,
    };
    const check = async (change: Partial<DraftOf<'swap'>>) =>
      codes(await checks.swap({ ...draft, ...change }, world([aSchedule()])));
    expect(await check({})).toEqual(['not-theirs']);
    expect(await check({ fromUserId: anId(1) })).toEqual([]);
    expect(await check({ fromUserId: anId(1), takeBack: when })).toEqual(['not-theirs']);
    expect(await check({ fromUserId: anId(3) })).toEqual(['same-person']);
  });
});
