// A grouping rule said in one sentence, and the drafts an editor starts from.
import type { GroupingRuleDraft } from '#server/contract/grouping.ts';

export function describeRule(rule: GroupingRuleDraft): string {
  const which = rule.condition.trim() === 'true' ? 'Every alert' : 'An alert that fits the condition';
  const same =
    rule.keys.length === 0
      ? 'joins one incident for all'
      : `joins the open incident with the same ${listed(rule.keys)}`;
  const opens =
    rule.minimumCount === 1
      ? 'the first one opens it'
      : `${rule.minimumCount} of them within ${duration(rule.windowSeconds)} open it`;
  const hops = rule.topology?.hops ?? 0;
  const near =
    hops === 0
      ? ''
      : `; so do alerts on services up to ${hops} ${hops === 1 ? 'step' : 'steps'} away in the catalog, within ${duration(rule.windowSeconds)}`;
  return `${which} ${same}${near}; ${opens}. ${resolveWords[rule.resolvePolicy]}${reopenWords(rule)}`;
}

export const resolveWords: Record<GroupingRuleDraft['resolvePolicy'], string> = {
  all: 'It closes when all its alerts have resolved',
  first: 'It closes when the first of its alerts resolves',
  never: 'It closes only by hand',
};

function reopenWords(rule: GroupingRuleDraft): string {
  return rule.reopenSeconds === 0
    ? ', and a later alert opens a new one.'
    : `, and an alert within ${duration(rule.reopenSeconds)} after that opens it again.`;
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

function listed(keys: readonly string[]): string {
  if (keys.length < 2) return keys.join('');
  return `${keys.slice(0, -1).join(', ')} and ${keys.at(-1) ?? ''}`;
}

/** The order after one rule moved by `by` places; the built-in rule is not among them. */
export function moved(ids: readonly string[], id: string, by: number): string[] {
  const from = ids.indexOf(id);
  const to = Math.max(0, Math.min(ids.length - 1, from + by));
  if (from < 0 || from === to) return [...ids];
  const rest = ids.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
