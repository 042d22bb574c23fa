import { Ask } from '#server/contract/console.ts';
import type { Action } from '#server/contract/intent.ts';
import { GroupingRule } from '#server/contract/grouping.ts';
import { severityName } from '../../ui/mark.tsx';
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
        question: 'Which severity is it?',
        theirs: asSeverity(text('severity')),
        mine: severityName(action.severity),
      };
    case 'incident.acknowledge':
    case 'incident.mitigate':
    case 'incident.resolve':
    case 'incident.reopen':
      return {
        question: 'Which status is it in?',
        theirs: text('status') ?? 'changed',
        mine: {
          'incident.acknowledge': 'acknowledged',
          'incident.mitigate': 'mitigated',
          'incident.resolve': 'resolved',
          'incident.reopen': 'open again',
        }[action.kind],
      };
    case 'incident.set-title':
      return { question: 'What is it called?', theirs: text('title') ?? 'changed', mine: action.title };
    case 'incident.set-impact':
      return {
        question: 'What is the impact?',
        theirs: text('impact') ?? 'not stated',
        mine: action.impact ?? 'not stated',
      };
    case 'incident.take-role':
    case 'incident.offer-role':
    case 'incident.accept-role':
    case 'incident.decline-role':
    case 'incident.release-role':
      return {
        question: `Who is ${action.role}?`,
        theirs: holderOf(entity, action.role, nameOf),
        mine: mineOfRole(action, nameOf),
      };
    case 'task.assign':
      return {
        question: `Who does “${text('title') ?? 'this task'}”?`,
        theirs: nameOf(text('ownerId')),
        mine: nameOf(action.ownerId),
      };
    case 'task.edit':
      return { question: 'What is the task?', theirs: text('title') ?? 'changed', mine: action.title };
    case 'task.set-done':
      return {
        question: `Is “${text('title') ?? 'this task'}” done?`,
        theirs: text('doneAt') === null ? 'not done' : 'done',
        mine: action.done ? 'done' : 'not done',
      };
    case 'ask.answer':
    case 'ask.reassign':
      return {
        question: `What becomes of “${text('text') ?? 'this ask'}”?`,
        theirs: askNow(entity, nameOf),
        mine: action.kind === 'ask.answer' ? actionTitle(action) : `asked of ${nameOf(action.ownerId)}`,
      };
    case 'poll.answer':
      return {
        question: `Your word on “${text('question') ?? 'this poll'}”`,
        theirs: text('outcome') === null ? 'open' : `closed: ${text('outcome')}`,
        mine: action.objects ? `you object: ${action.reason ?? ''}` : 'you have no objection',
      };
    case 'incident.post-update':
      return { question: 'Is yours sent after theirs?', theirs: lastTextOf(entity), mine: action.text };
    case 'update.decide':
    case 'update.withdraw':
      return {
        question: `What becomes of “${text('text') ?? 'this update'}”?`,
        theirs: text('state') ?? 'changed',
        mine: actionTitle(action),
      };
    case 'chat.edit':
      return { question: 'What does your message say?', theirs: text('text') ?? 'changed', mine: action.text };
    case 'chat.delete':
      return { question: 'Is your message deleted?', theirs: text('text') ?? 'changed', mine: 'deleted' };
    case 'rule.save': {
      const theirs = GroupingRule.safeParse(current);
      return {
        question: `What does the rule “${text('name') ?? action.draft.name}” say?`,
        theirs: theirs.success ? describeRule(theirs.data) : 'changed',
        mine: describeRule(action.draft),
      };
    }
    case 'config.save': {
      const number = entity['draftVersion'] ?? entity['version'];
      const version = typeof number === 'number' ? `version ${number}, ` : '';
      return {
        question: `Which ${text('name') === null ? 'one' : `“${text('name')}”`} stays?`,
        theirs: `${version}saved by ${nameOf(text('updatedBy'))}`,
        mine: 'as you left it in the editor',
      };
    }
    case 'postmortem.edit':
      return {
        question: 'Which text of the review stays?',
        theirs: text('summary') ?? 'changed',
        mine: action.summary,
      };
    default:
      // What it is called, or that it is gone: with who and when beside it, enough to choose by.
      return {
        question: 'Somebody changed the same thing. What stays?',
        theirs: current === null ? 'deleted' : (text('name') ?? text('title') ?? text('reason') ?? 'changed'),
        mine: actionTitle(action),
      };
  }
}

function askNow(entity: Record<string, unknown>, nameOf: (id: string | null) => string): string {
  const ask = Ask.safeParse(entity);
  if (!ask.success) return 'changed';
  if (ask.data.answer !== null) return `answered by ${nameOf(ask.data.answer.by)}`;
  return ask.data.cancelledAt === null ? `asked of ${nameOf(ask.data.ownerId)}` : 'taken back';
}

function asSeverity(value: string | null): string {
  return value === 'sev1' || value === 'sev2' || value === 'sev3' || value === 'info' ? severityName(value) : 'changed';
}

function holderOf(entity: Record<string, unknown>, role: string, nameOf: (id: string | null) => string): string {
  const roles: unknown = entity['roles'];
  if (!Array.isArray(roles)) return 'changed';
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
  if (action.kind === 'incident.offer-role') return `offered to ${nameOf(action.to)}`;
  return action.kind === 'incident.take-role' || action.kind === 'incident.accept-role' ? 'you' : 'nobody';
}

function lastTextOf(incident: Record<string, unknown>): string {
  const last = incident['lastUpdate'] as { text?: unknown } | null | undefined;
  return typeof last?.text === 'string' ? last.text : 'another update';
}
