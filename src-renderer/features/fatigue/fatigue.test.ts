import { describe, expect, it } from 'vitest';
import type { FatigueReport, FatigueRow } from '#server/contract/fatigue.ts';
import { ackWords, barWidth, reportWords, rowsOf, shareWords } from './fatigue-facts.ts';

const row = (name: string, pages: number, overShare = 0): FatigueRow => ({
  userId: name,
  name,
  timeZone: 'UTC',
  pages,
  atNight: 1,
  outOfHours: 2,
  brokenNights: 0,
  late: 0,
  medianAckSeconds: null,
  p95AckSeconds: null,
  evenShare: 1,
  overShare,
  perWeek: [],
});
const report = (people: FatigueRow[]): FatigueReport => ({
  from: '2026-10-24T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  people,
  pages: people.reduce((sum, { pages }) => sum + pages, 0),
  atNight: 2,
  outOfHours: 4,
});

describe('what on-call costs', () => {
  it('names who had the most first', () => {
    const given = report([row('Ada', 2), row('Bo', 6)]);
    expect(rowsOf(given).map(({ name }) => name)).toEqual(['Bo', 'Ada']);
    expect(reportWords(given)).toBe('8 pages, 2 at night, 4 out of hours. Bo had the most, 75 %.');
    expect(reportWords(report([]))).toBe('Nobody was paged in this time.');
  });

  it('says the distance from the even share', () => {
    expect([row('a', 1, 3.4), row('a', 1, -2.2), row('a', 1, 0.3)].map(shareWords)).toEqual([
      '3 above',
      '2 below',
      'even',
    ]);
  });

  it('draws one page beside a thousand, and no page as nothing', () => {
    expect(barWidth(1, 1_000)).toBe(2);
    expect(barWidth(0, 1_000)).toBe(0);
    expect(barWidth(5, 0)).toBe(0);
    expect(ackWords(null)).toBe('none');
    expect(ackWords(75)).toBe('1 min 15 s');
  });
});
