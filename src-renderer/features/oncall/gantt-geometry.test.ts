import { describe, expect, it } from 'vitest';
import type { Shift } from '#server/contract/schedule.ts';
import {
  barsOf,
  gapsIn,
  patternsOf,
  placeIn,
  stepDay,
  stripesOf,
  ticksOf,
  windowAround,
  windowOf,
  windowTitle,
} from './gantt-geometry.ts';

const berlin = 'Europe/Berlin';
const shift = (userId: string, startsAt: string, endsAt: string): Shift => ({
  userId,
  startsAt: `${startsAt}:00.000Z`,
  endsAt: `${endsAt}:00.000Z`,
  source: { type: 'layer', id: 'layer', name: 'weekly' },
});

describe('the window', () => {
  it('is a local day, also where the clock changes', () => {
    const spring = windowOf('day', '2026-03-29', berlin);
    expect(spring.toMs - spring.fromMs).toBe(23 * 3_600_000);
    expect(windowOf('day', '2026-10-25', berlin).toMs - windowOf('day', '2026-10-25', berlin).fromMs).toBe(
      25 * 3_600_000,
    );
  });

  it('is fourteen days or a calendar month, and steps by its own length', () => {
    const month = windowOf('month', '2026-02-14', berlin);
    expect([month.firstDay, month.endDay, windowTitle(month)]).toEqual(['2026-02-01', '2026-03-01', 'Feb 2026']);
    expect(stepDay(month, -1)).toBe('2026-01-01');
    expect(stepDay(month, 1)).toBe('2026-03-01');
    const weeks = windowOf('two-weeks', '2026-11-16', berlin);
    expect([stepDay(weeks, -1), stepDay(weeks, 1)]).toEqual(['2026-11-02', '2026-11-30']);
  });

  it('has a tick a day, or one every three hours', () => {
    expect(ticksOf(windowOf('month', '2026-11-21', berlin))).toHaveLength(30);
    expect(
      ticksOf(windowOf('two-weeks', '2026-11-21', berlin))
        .map(({ weekend }) => weekend)
        .slice(0, 3),
    ).toEqual([true, true, false]);
    const hours = ticksOf(windowOf('day', '2026-11-21', 'UTC'));
    expect(hours.map(({ label }) => label)).toEqual([
      '00:00',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
    ]);
    expect(hours[4]?.left).toBe(0.5);
  });
});

describe('the window around a change', () => {
  it('is whole days, at least three and at most 62', () => {
    const days = (first: string, last: string) => ticksOf(windowAround(first, last, berlin)).length;
    expect([
      days('2026-11-21', '2026-11-21'),
      days('2026-11-21', '2026-11-27'),
      days('2026-11-21', '2027-11-21'),
    ]).toEqual([3, 7, 62]);
  });
});

describe('bars', () => {
  const day = windowOf('day', '2026-11-21', 'UTC');

  it('are cut at the window and say so', () => {
    const { bars } = barsOf([shift('a', '2026-11-20T12:00', '2026-11-21T12:00')], day);
    expect(bars).toMatchObject([{ left: 0, width: 0.5, cutLeft: true, cutRight: false }]);
  });

  it('stand under each other where two are on call at once', () => {
    const shifts = [
      shift('a', '2026-11-21T00:00', '2026-11-21T12:00'),
      shift('b', '2026-11-21T06:00', '2026-11-21T18:00'),
      shift('c', '2026-11-21T12:00', '2026-11-21T18:00'),
    ];
    const row = barsOf(shifts, day);
    expect(row.lanes).toBe(2);
    expect(row.bars.map(({ lane }) => lane)).toEqual([0, 1, 0]);
  });

  it('join shifts that follow each other', () => {
    const shifts = [
      shift('a', '2026-11-21T00:00', '2026-11-21T06:00'),
      shift('a', '2026-11-21T06:00', '2026-11-21T12:00'),
    ];
    expect(barsOf(shifts, day).bars).toHaveLength(1);
  });

  it('leave out what is not in the window', () => {
    expect(barsOf([shift('a', '2026-11-22T00:00', '2026-11-22T06:00')], day).bars).toEqual([]);
    expect(stripesOf([{ startsAt: '2026-11-19T00:00:00.000Z', endsAt: '2026-11-20T00:00:00.000Z' }], day)).toEqual([]);
  });

  it('for thirty rows over a month are laid out within a frame', () => {
    const month = windowOf('month', '2026-11-01', berlin);
    const rows = Array.from({ length: 30 }, (_, row) =>
      Array.from({ length: 31 }, (__, at) => {
        const from = Date.UTC(2026, 10, 1 + at, row % 24);
        const startsAt = new Date(from).toISOString();
        return { ...shift(`u${(row + at) % 7}`, '', ''), startsAt, endsAt: new Date(from + 86_400_000).toISOString() };
      }),
    );
    rows.forEach((shifts) => barsOf(shifts, month));
    // Processor time of this thread: other work on the machine is not what is measured.
    const began = process.threadCpuUsage();
    const bars = rows.reduce((sum, shifts) => sum + barsOf(shifts, month).bars.length, 0);
    expect(bars).toBeGreaterThan(880);
    const { user, system } = process.threadCpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(50);
  });
});

describe('gaps', () => {
  const known = { fromMs: Date.UTC(2026, 10, 21), toMs: Date.UTC(2026, 10, 22) };

  it('are what nobody covers, only where it is known', () => {
    const shifts = [
      shift('a', '2026-11-21T03:00', '2026-11-21T10:00'),
      shift('b', '2026-11-21T08:00', '2026-11-21T12:00'),
    ];
    expect(gapsIn(shifts, known)).toEqual([
      { startsAt: '2026-11-21T00:00:00.000Z', endsAt: '2026-11-21T03:00:00.000Z' },
      { startsAt: '2026-11-21T12:00:00.000Z', endsAt: '2026-11-22T00:00:00.000Z' },
    ]);
    expect(gapsIn([shift('a', '2026-11-20T00:00', '2026-11-23T00:00')], known)).toEqual([]);
  });
});

describe('places and patterns', () => {
  it('are null outside, and the same for a person in every row', () => {
    const day = windowOf('day', '2026-11-21', 'UTC');
    expect(placeIn(day, Date.UTC(2026, 10, 21, 6))).toBe(0.25);
    expect(placeIn(day, Date.UTC(2026, 10, 22))).toBeNull();
    expect(patternsOf(['b', 'a', 'b'])).toEqual(patternsOf(['a', 'b']));
  });
});
