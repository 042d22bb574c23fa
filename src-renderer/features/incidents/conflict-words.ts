import { Ask } from '#server/contract/console.ts';
import type { Action } from '#server/contract/intent.ts';
import { GroupingRule, type GroupingRuleDraft } from '#server/contract/grouping.ts';
import { t, term } from '../../language/words.ts';
import { severityName } from '../../ui/mark.tsx';
import { differenceWords } from '../config/document-differences.ts';
import { describeRule } from '../grouping/rule-words.ts';
import { actionTitle } from './action-words.ts';

export interface ConflictWords {
  question: string;
  theirs: string;
  mine: string;
}

/** Both sides of a conflict in the same few words. `current` is the entity as the server has it now. */
export function conflictWords(action: Action, current: unknown, nameOf: (id: string | null) => string): ConflictWords {
  const entity: Record<string, unknown> = typeof current === 'object' && current !== null ? { ...current } : {};
  const text = (field: string) => (typeof entity[field] === 'string' ? entity[field] : null);
  switch (action.kind) {
    case 'incident.set-severity':
      return {
        question: t`Which severity is it?`,
        theirs: asSeverity(text('severity')),
        mine: severityName(action.severity),
      };
    case 'incident.acknowledge':
    case 'incident.mitigate':
    case 'incident.resolve':
    case 'incident.reopen':
      return {
        question: t`Which status is it in?`,
        theirs: text('status') ?? t`changed`,
        mine: {
          'incident.acknowledge': t`acknowledged`,
          'incident.mitigate': t`mitigated`,
          'incident.resolve': t`resolved`,
          'incident.reopen': t`open again`,
        }[action.kind],
      };
    case 'incident.set-title':
      return { question: t`What is it called?`, theirs: text('title') ?? t`changed`, mine: action.title };
    case 'incident.set-impact':
      return {
        question: t`What is the impact?`,
        theirs: text('impact') ?? t`not stated`,
        mine: action.impact ?? t`not stated`,
      };
    case 'incident.take-role':
    case 'incident.offer-role':
    case 'incident.accept-role':
    case 'incident.decline-role':
    case 'incident.release-role':
      return {
        question: t`Who is ${term(action.role)}?`,
        theirs: holderOf(entity, action.role, nameOf),
        mine: mineOfRole(action, nameOf),
      };
    case 'task.assign':
      return {
        question: t`Who does “${text('title') ?? t`this task`}”?`,
        theirs: nameOf(text('ownerId')),
        mine: nameOf(action.ownerId),
      };
    case 'task.edit':
      return { question: t`What is the task?`, theirs: text('title') ?? t`changed`, mine: action.title };
    case 'task.set-done':
      return {
        question: t`Is “${text('title') ?? t`this task`}” done?`,
        theirs: text('doneAt') === null ? t`not done` : t`done`,
        mine: action.done ? t`done` : t`not done`,
      };
    case 'ask.answer':
    case 'ask.reassign':
      return {
        question: t`What becomes of “${text('text') ?? t`this ask`}”?`,
        theirs: askNow(entity, nameOf),
        mine: action.kind === 'ask.answer' ? actionTitle(action) : t`asked of ${nameOf(action.ownerId)}`,
      };
    case 'poll.answer':
      return {
        question: t`Your word on “${text('question') ?? t`this poll`}”`,
        theirs: text('outcome') === null ? t`open` : t`closed: ${text('outcome')}`,
        mine: action.objects ? t`you object: ${action.reason ?? ''}` : t`you have no objection`,
      };
    case 'incident.post-update':
      return { question: t`Is yours sent after theirs?`, theirs: lastTextOf(entity), mine: action.text };
    case 'update.decide':
    case 'update.withdraw':
      return {
        question: t`What becomes of “${text('text') ?? t`this update`}”?`,
        theirs: text('state') ?? t`changed`,
        mine: actionTitle(action),
      };
    case 'chat.edit':
      return { question: t`What does your message say?`, theirs: text('text') ?? t`changed`, mine: action.text };
    case 'chat.delete':
      return { question: t`Is your message deleted?`, theirs: text('text') ?? t`changed`, mine: t`deleted` };
    case 'rule.save': {
      const theirs = GroupingRule.safeParse(current);
      const renamed = theirs.success && theirs.data.name !== action.draft.name;
      const said = (rule: GroupingRuleDraft): string =>
        renamed ? `“${rule.name}”. ${describeRule(rule)}` : describeRule(rule);
      return {
        question: t`What does the rule “${text('name') ?? action.draft.name}” say?`,
        theirs: theirs.success ? said(theirs.data) : t`changed`,
        mine: said(action.draft),
      };
    }
    case 'service.save':
    case 'config.save': {
      const number = entity['draftVersion'] ?? entity['version'];
      const differs = action.kind === 'config.save' ? differenceWords(action.document, current) : null;
      return {
        question: text('name') === null ? t`Which one stays?` : t`Which “${text('name')}” stays?`,
        theirs: current === null ? t`deleted` : typeof number === 'number' ? t`version ${number}` : t`changed`,
        mine: differs === null ? t`as you left it in the editor` : t`with another ${differs}`,
      };
    }
    case 'postmortem.edit':
      return {
        question: t`Which text of the review stays?`,
        theirs: text('summary') ?? t`changed`,
        mine: action.summary,
      };
    default:
      // What it is called, or that it is gone: with who and when beside it, enough to choose by.
      return {
        question: t`What stays?`,
        theirs: current === null ? t`deleted` : (text('name') ?? text('title') ?? text('reason') ?? t`changed`),
        mine: actionTitle(action),
      };
  }
}

function askNow(entity: Record<string, unknown>, nameOf: (id: string | null) => string): string {
  const ask = Ask.safeParse(entity);
  if (!ask.success) return t`changed`;
  if (ask.data.answer !== null) return t`answered by ${nameOf(ask.data.answer.by)}`;
  return ask.data.cancelledAt === null ? t`asked of ${nameOf(ask.data.ownerId)}` : t`taken back`;
}

function asSeverity(value: string | null): string {
  return value === 'sev1' || value === 'sev2' || value === 'sev3' || value === 'info'
    ? severityName(value)
    : t`changed`;
}

function holderOf(entity: Record<string, unknown>, role: string, nameOf: (id: string | null) => string): string {
  const roles: unknown = entity['roles'];
  if (!Array.isArray(roles)) return t`changed`;
  const slot: unknown = roles.find(
    (each: unknown) => typeof each === 'object' && each !== null && 'role' in each && each.role === role,
  );
  const userId =
    typeof slot === 'object' && slot !== null && 'userId' in slot && typeof slot.userId === 'string'
      ? slot.userId
      : null;
  return nameOf(userId);
}

function mineOfRole(action: Extract<Action, { role: string }>, nameOf: (id: string | null) => string): string {
  if (action.kind === 'incident.offer-role') return t`offered to ${nameOf(action.to)}`;
  return action.kind === 'incident.take-role' || action.kind === 'incident.accept-role' ? t`you` : t`nobody`;
}

function lastTextOf(incident: Record<string, unknown>): string {
  const last = incident['lastUpdate'] as { text?: unknown } | null | undefined;
  return typeof last?.text === 'string' ? last.text : t`another update`;
}
