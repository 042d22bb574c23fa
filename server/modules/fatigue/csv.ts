import type { FatigueReport } from '#server/contract/fatigue.ts';

const heads = [
  'person',
  'time zone',
  'pages',
  'at night',
  'out of hours',
  'broken nights',
  'acknowledged late',
  'median acknowledge s',
  'p95 acknowledge s',
  'even share',
  'over even share',
];

/** RFC 4180, with a column a week. */
export function fatigueCsv(report: FatigueReport): string {
  const weeks = [...new Set(report.people.flatMap((person) => person.perWeek.map((week) => week.week)))].toSorted();
  const lines = report.people.map((person) => {
    const pages = new Map(person.perWeek.map((week) => [week.week, week.pages]));
    return [
      text(person.name),
      text(person.timeZone),
      person.pages,
      person.atNight,
      person.outOfHours,
      person.brokenNights,
      person.late,
      person.medianAckSeconds ?? '',
      person.p95AckSeconds ?? '',
      person.evenShare,
      person.overShare,
      ...weeks.map((week) => pages.get(week) ?? 0),
    ];
  });
  return [[...heads, ...weeks.map((week) => `week of ${week}`)], ...lines]
    .map((line) => `${line.join(',')}\r\n`)
    .join('');
}

/**
 * A name that begins like a formula would run in a spreadsheet; an apostrophe before it makes it a text there (OWASP,
 * "CSV Injection").
 */
function text(value: string): string {
  const safe = /^[\s]*[=+\-@|\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
