import { describe, expect, it } from 'vitest';
import { fatigueCsv } from '#server/modules/fatigue/csv.ts';
import { fatigueReport, type PageFact, type PersonFact } from '#server/modules/fatigue/report.ts';
import { testId } from '#server/testkit/incidents.ts';

const span = { from: '2026-11-02T00:00:00.000Z', to: '2026-11-16T00:00:00.000Z', now: '2026-11-16T00:00:00.000Z' };
const person = (n: number, fields: Partial<PersonFact> = {}): PersonFact => ({
  id: testId(n),
  name: `person ${n}`,
  teamIds: ['a'],
  timeZone: 'UTC',
  ...fields,
});
const page = (n: number, at: string, ackSeconds: number | null = 60): PageFact => ({
  userId: testId(n),
  at,
  acknowledgedAt: ackSeconds === null ? null : new Date(Date.parse(at) + ackSeconds * 1_000).toISOString(),
  status: ackSeconds === null ? 'open' : 'acknowledged',
});

describe('the report', () => {
  it('counts night and office hours where the person lives', () => {
    const at = '2026-11-04T20:30:00.000Z';
    const people = [person(1), person(2, { timeZone: 'Asia/Kathmandu' }), person(3, { timeZone: 'America/New_York' })];
    const { people: rows } = fatigueReport(span, people, [page(1, at), page(2, at), page(3, at)]);
    const of = (n: number) => rows.find((row) => row.userId === testId(n));
    // 20:30 in UTC, 02:15 in Kathmandu, 15:30 in New York on a Wednesday.
    expect(of(1)).toMatchObject({ atNight: 0, outOfHours: 1, brokenNights: 0 });
    expect(of(2)).toMatchObject({ atNight: 1, outOfHours: 1, brokenNights: 1 });
    expect(of(3)).toMatchObject({ atNight: 0, outOfHours: 0, brokenNights: 0 });
  });

  it('counts one broken night for many pages of it, and weekends as out of hours', () => {
    const pages = ['2026-11-04T02:00:00.000Z', '2026-11-04T03:00:00.000Z', '2026-11-07T12:00:00.000Z'].map((at) =>
      page(1, at),
    );
    expect(fatigueReport(span, [person(1)], pages).people[0]).toMatchObject({
      pages: 3,
      atNight: 2,
      outOfHours: 3,
      brokenNights: 1,
    });
  });

  it('says how fast answers came, and what was late or is still open', () => {
    const at = '2026-11-04T12:00:00.000Z';
    const pages = [
      page(1, at, 10),
      page(1, at, 20),
      page(1, at, 400),
      page(1, at, null),
      { ...page(1, at, null), status: 'stopped' as const },
    ];
    expect(fatigueReport(span, [person(1)], pages).people[0]).toMatchObject({
      medianAckSeconds: 20,
      p95AckSeconds: 400,
      late: 2,
    });
  });

  it('holds each against the even share of those he shares a team with', () => {
    const people = [person(1), person(2), person(3, { teamIds: ['b'] })];
    const at = '2026-11-04T12:00:00.000Z';
    const { people: rows } = fatigueReport(span, people, [
      page(1, at),
      page(1, at),
      page(1, at),
      page(2, at),
      page(3, at),
    ]);
    expect(rows.map((row) => [row.name, row.evenShare, row.overShare])).toEqual([
      ['person 1', 2, 1],
      ['person 2', 2, -1],
      ['person 3', 1, 0],
    ]);
  });

  it('shows quiet weeks as 0', () => {
    const { people: rows } = fatigueReport(span, [person(1)], [page(1, '2026-11-10T12:00:00.000Z')]);
    expect(rows[0]?.perWeek).toEqual([
      { week: '2026-11-02', pages: 0 },
      { week: '2026-11-09', pages: 1 },
    ]);
  });
});

describe('its CSV', () => {
  it('quotes what needs it, and lets no name run as a formula', () => {
    const names = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', ' =1', 'Ada, "the" first', '\t=1'];
    const report = fatigueReport(
      span,
      names.map((name, n) => person(n, { name })),
      [],
    );
    const lines = fatigueCsv(report).split('\r\n').slice(1, -1);
    expect(lines).toHaveLength(names.length);
    for (const line of lines) expect(line).not.toMatch(/^"?\s*[=+\-@]/);
    expect(lines.some((line) => line.startsWith('"Ada, ""the"" first",'))).toBe(true);
  });
});
