// What being on call cost whom, as rows of a table. Pure.
import type { FatigueReport, FatigueRow } from '#server/contract/fatigue.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { durationWords } from '../../time-format.ts';

/** The most burdened first. */
export function rowsOf(report: FatigueReport): FatigueRow[] {
  return report.people.toSorted((a, b) => b.pages - a.pages || b.atNight - a.atNight || a.name.localeCompare(b.name));
}

/** `12 above`, `3 below`, `even`: beside the even share of the people one shares teams with. */
export function shareWords({ overShare }: Pick<FatigueRow, 'overShare'>): string {
  const rounded = Math.round(overShare);
  if (rounded === 0) return t`even`;
  return rounded > 0 ? t`${rounded} above` : t`${-rounded} below`;
}

export function ackWords(seconds: number | null): string {
  return seconds === null ? t`none` : durationWords(seconds * 1_000);
}

/** In per cent of the longest bar; a figure above nothing is never drawn as nothing. */
export function barWidth(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(2, (100 * value) / most);
}

/** The report in one sentence, for a reader who sees no bars. */
export function reportWords(report: FatigueReport): string {
  if (report.pages === 0) return t`Nobody was paged in this time.`;
  const worst = rowsOf(report)[0];
  const share = Math.round((100 * (worst?.pages ?? 0)) / report.pages);
  const all = t`${plural(report.pages, { one: '1 page', other: '# pages' })}, ${numberText(report.atNight)} at night, ${numberText(report.outOfHours)} out of hours.`;
  return worst === undefined || report.people.length < 2 ? all : `${all} ${t`${worst.name} had the most, ${share} %.`}`;
}
