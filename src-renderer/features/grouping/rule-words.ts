// A grouping rule said in one sentence, and the drafts an editor starts from.
import type { GroupingRuleDraft } from '#server/contract/grouping.ts';
import { listText, plural, t } from '../../language/words.ts';

export function describeRule(rule: GroupingRuleDraft): string {
  const which = rule.condition.trim() === 'true' ? t`Every alert` : t`An alert that fits the condition`;
  const joins =
    rule.keys.length === 0
      ? t`${which} joins one incident for all`
      : t`${which} joins the open incident with the same ${listText(rule.keys)}`;
  const opens =
    rule.minimumCount === 1
      ? t`the first one opens it`
      : t`${rule.minimumCount} of them within ${duration(rule.windowSeconds)} open it`;
  const hops = rule.topology?.hops ?? 0;
  const clauses = [joins];
  if (hops > 0)
    clauses.push(
      t`so do alerts on services up to ${plural(hops, { one: '1 step', other: '# steps' })} away in the catalog, within ${duration(rule.windowSeconds)}`,
    );
  return `${[...clauses, opens].join('; ')}. ${closesWords(rule)}`;
}

export const resolveWords: Record<GroupingRuleDraft['resolvePolicy'], string> = {
  all: t`It closes when all its alerts have resolved`,
  first: t`It closes when the first of its alerts resolves`,
  never: t`It closes only by hand`,
};

function closesWords({ resolvePolicy, reopenSeconds }: GroupingRuleDraft): string {
  const closes = resolveWords[resolvePolicy];
  return reopenSeconds === 0
    ? t`${closes}, and a later alert opens a new one.`
    : t`${closes}, and an alert within ${duration(reopenSeconds)} after that opens it again.`;
}

export function duration(seconds: number): string {
  if (seconds >= 86_400 && seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds >= 3_600 && seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

/** Reads `90`, `90 s`, `5m`, `5 min`, `2h`, `1 d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d{1,9})\s*(s|sec|m|min|h|d)?\s*$/i.exec(text);
  if (match === null) return null;
  const unit = { s: 1, sec: 1, m: 60, min: 60, h: 3_600, d: 86_400 }[(match[2] ?? 's').toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}

export const newRuleDraft: GroupingRuleDraft = {
  name: '',
  enabled: true,
  condition: 'alert.labels.env == "prod"',
  keys: ['service'],
  windowSeconds: 300,
  minimumCount: 1,
  titleTemplate: '{{title}}',
  severityMap: {},
  resolvePolicy: 'all',
  reopenSeconds: 900,
  topology: { hops: 2 },
};

/** The order after one rule moved by `by` places; the built-in rule is not among them. */
export function moved(ids: readonly string[], id: string, by: number): string[] {
  const from = ids.indexOf(id);
  const to = Math.max(0, Math.min(ids.length - 1, from + by));
  if (from < 0 || from === to) return [...ids];
  const rest = ids.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
