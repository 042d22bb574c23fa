// A rule while it is being edited: durations as typed, checked against the contract before anything is sent.
import { type GroupingRule, GroupingRuleDraft } from '#server/contract/grouping.ts';
import { t } from '../../language/words.ts';
import { duration, newRuleDraft, parseDuration } from './rule-words.ts';

export interface RuleForm extends Omit<GroupingRuleDraft, 'windowSeconds' | 'reopenSeconds' | 'minimumCount'> {
  window: string;
  reopen: string;
  minimum: string;
}

export type RuleErrors = Partial<Record<keyof RuleForm, string>>;

export function formOf(rule: GroupingRule | null): RuleForm {
  const { windowSeconds, reopenSeconds, minimumCount, ...rest } = rule === null ? newRuleDraft : draftOf(rule);
  return { ...rest, window: duration(windowSeconds), reopen: duration(reopenSeconds), minimum: String(minimumCount) };
}

export function draftOf(rule: GroupingRule): GroupingRuleDraft {
  const {
    id: _id,
    version: _version,
    position: _position,
    builtIn: _builtIn,
    updatedBy: _by,
    updatedAt: _at,
    ...draft
  } = rule;
  return draft;
}

export function checkForm(form: RuleForm): { draft: GroupingRuleDraft | null; errors: RuleErrors } {
  const { window, reopen, minimum, ...rest } = form;
  const windowSeconds = parseDuration(window);
  const reopenSeconds = parseDuration(reopen);
  const minimumCount = /^\s*\d{1,6}\s*$/.test(minimum) ? Number(minimum) : null;
  const errors: RuleErrors = {};
  if (windowSeconds === null || windowSeconds < 1 || windowSeconds > 86_400)
    errors.window = t`Between 1 s and 1 d: 90 s, 5 min, 2 h.`;
  if (reopenSeconds === null || reopenSeconds > 604_800) errors.reopen = t`Up to 7 d; 0 never reopens.`;
  if (minimumCount === null || minimumCount < 1 || minimumCount > 1_000)
    errors.minimum = t`A whole number from 1 to 1,000.`;
  if (rest.name.trim() === '') errors.name = t`Give it a name; incidents say which rule opened them.`;
  if (rest.condition.trim() === '') errors.condition = t`Say which alerts; true takes all.`;
  if (rest.titleTemplate.trim() === '') errors.titleTemplate = t`Say how its incidents are called.`;
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  const parsed = GroupingRuleDraft.safeParse({ ...rest, windowSeconds, reopenSeconds, minimumCount });
  if (parsed.success) return { draft: parsed.data, errors };
  for (const issue of parsed.error.issues) {
    const field = issue.path[0];
    if (typeof field === 'string' && field in form) errors[field as keyof RuleForm] = issue.message;
  }
  return { draft: null, errors: Object.keys(errors).length > 0 ? errors : { name: parsed.error.message } };
}

export const keySuggestions: readonly string[] = [
  'service',
  'title',
  'severity',
  'source',
  'alertname',
  'env',
  'cluster',
  'namespace',
  'job',
  'instance',
];
export const templateFields: readonly string[] = [
  '{{title}}',
  '{{service}}',
  '{{severity}}',
  '{{count}}',
  '{{labels.env}}',
];
