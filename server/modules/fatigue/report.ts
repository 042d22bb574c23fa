// What being on call cost whom. Pure. "Night" and "out of hours" are of the person's own zone.
import type { FatigueReport, FatigueRow } from '#server/contract/fatigue.ts';

const lateAfterMs = 5 * 60_000;
const night = { from: 22, to: 7 };
const sleep = { from: 0, to: 6 };
const work = { from: 9, to: 18 };

export interface PageFact {
  userId: string;
  at: string;
  /** When it was acknowledged by that person, or anybody; null while open or when it was stopped otherwise. */
  acknowledgedAt: string | null;
  status: 'open' | 'acknowledged' | 'stopped';
}

export interface PersonFact {
  id: string;
  name: string;
  teamIds: readonly string[];
  /** From the profile; UTC without one. */
  timeZone: string;
}

export function fatigueReport(
  span: { from: string; to: string; now: string },
  people: readonly PersonFact[],
  pages: readonly PageFact[],
): FatigueReport {
  const byPerson = Map.groupBy(pages, (page) => page.userId);
  const counts = new Map(people.map((person) => [person.id, byPerson.get(person.id)?.length ?? 0]));
  const rows = people
    .map((person) => rowOf(span, person, byPerson.get(person.id) ?? [], evenShare(person, people, counts)))
    .toSorted((a, b) => b.pages - a.pages || (a.name < b.name ? -1 : 1));
  const sum = (of: (row: FatigueRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    from: span.from,
    to: span.to,
    people: rows,
    pages: sum((row) => row.pages),
    atNight: sum((row) => row.atNight),
    outOfHours: sum((row) => row.outOfHours),
  };
}

function rowOf(
  span: { from: string; to: string; now: string },
  person: PersonFact,
  pages: readonly PageFact[],
  share: number,
): FatigueRow {
  const local = createLocal(person.timeZone);
  const acks: number[] = [];
  const nights = new Set<string>();
  const weeks = weeksOf(span.from, span.to);
  let [atNight, outOfHours, late] = [0, 0, 0];
  for (const page of pages) {
    const at = local(page.at);
    const isNight = at.hour >= night.from || at.hour < night.to;
    if (isNight) atNight += 1;
    if (isNight || at.weekend || at.hour < work.from || at.hour >= work.to) outOfHours += 1;
    if (at.hour >= sleep.from && at.hour < sleep.to) nights.add(at.date);
    const ackMs =
      page.acknowledgedAt === null ? null : Math.max(0, Date.parse(page.acknowledgedAt) - Date.parse(page.at));
    if (ackMs !== null) acks.push(ackMs / 1_000);
    // What ended without an answer of anybody, such as a resolve by its source, is nobody's lateness.
    const waitedMs = ackMs ?? (page.status === 'open' ? Date.parse(span.now) - Date.parse(page.at) : 0);
    if (waitedMs > lateAfterMs) late += 1;
    const week = mondayOf(page.at);
    weeks.set(week, (weeks.get(week) ?? 0) + 1);
  }
  acks.sort((a, b) => a - b);
  return {
    userId: person.id,
    name: person.name,
    timeZone: person.timeZone,
    pages: pages.length,
    atNight,
    outOfHours,
    brokenNights: nights.size,
    late,
    medianAckSeconds: percentile(acks, 0.5),
    p95AckSeconds: percentile(acks, 0.95),
    evenShare: round(share),
    overShare: round(pages.length - share),
    perWeek: [...weeks].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([week, count]) => ({ week, pages: count })),
  };
}

/** The pages of everybody who shares a team with this person, divided among them; a person of no team is alone. */
function evenShare(person: PersonFact, people: readonly PersonFact[], counts: ReadonlyMap<string, number>): number {
  const peers = people.filter(
    (other) => other.id === person.id || other.teamIds.some((team) => person.teamIds.includes(team)),
  );
  return peers.reduce((total, other) => total + (counts.get(other.id) ?? 0), 0) / peers.length;
}

function createLocal(timeZone: string): (at: string) => { date: string; hour: number; weekend: boolean } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
    weekday: 'short',
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(new Date(Date.parse(at))).map((part) => [part.type, part.value]),
    );
    const weekend = parts['weekday'] === 'Sat' || parts['weekday'] === 'Sun';
    return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, hour: Number(parts['hour']), weekend };
  };
}

/** Every week that the span touches, so that a quiet one shows as 0. */
function weeksOf(from: string, to: string): Map<string, number> {
  const weeks = new Map<string, number>();
  for (let ms = Date.parse(mondayOf(from)); ms < Date.parse(to); ms += 7 * 86_400_000)
    weeks.set(new Date(ms).toISOString().slice(0, 10), 0);
  return weeks;
}

/** Weeks begin on Monday, in UTC, so that people of different zones stand in the same column. */
function mondayOf(at: string): string {
  const ms = Date.parse(`${at.slice(0, 10)}T00:00:00.000Z`);
  const weekday = (new Date(ms).getUTCDay() + 6) % 7;
  return new Date(ms - weekday * 86_400_000).toISOString().slice(0, 10);
}

/** Nearest rank. */
function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  return round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
