// A hand-over's text, written from what is known: the giver edits it, the taker reads it.
import { type Ask, isWaiting, type Poll } from '#server/contract/console.ts';
import type { Incident, Task } from '#server/contract/incident.ts';
import { t, term } from '../../language/words.ts';
import { clockTime, durationWords } from '../../time-format.ts';
import { codeOf } from '../incidents/incident-facts.ts';
import { isOverdue, pollOutcomeWords } from './console-facts.ts';

export interface BriefingFacts {
  incident: Incident;
  asks: readonly Ask[];
  polls: readonly Poll[];
  tasks: readonly Task[];
  nameOf: (userId: string | null) => string;
  now: number;
}

/** A briefing longer than this is not read; the server takes no more either. */
const lengthMax = 4_000;
const minuteMs = 60_000;

export function briefing(facts: BriefingFacts): string {
  const { incident, nameOf, now } = facts;
  const sections = [
    situation(facts),
    section(
      t`Waiting for`,
      facts.asks
        .filter(isWaiting)
        .sort((a, b) => a.dueAt.localeCompare(b.dueAt))
        .map((ask) =>
          isOverdue(ask, now)
            ? t`${nameOf(ask.ownerId)}: ${ask.text} (OVERDUE since ${utc(ask.dueAt)})`
            : t`${nameOf(ask.ownerId)}: ${ask.text} (due ${utc(ask.dueAt)})`,
        ),
    ),
    section(
      t`Being done`,
      facts.tasks
        .filter((task) => task.doneAt === null)
        .map((task) =>
          task.dueAt === null
            ? `${nameOf(task.ownerId)}: ${task.title}`
            : t`${nameOf(task.ownerId)}: ${task.title} (due ${utc(task.dueAt)})`,
        ),
    ),
    section(
      t`Decided`,
      facts.polls.flatMap((poll) => decision(poll, nameOf)),
    ),
    section(
      t`Roles`,
      incident.roles.filter((slot) => slot.userId !== null).map((slot) => `${slot.role}: ${nameOf(slot.userId)}`),
    ),
  ];
  return sections
    .filter((part) => part !== null)
    .join('\n\n')
    .slice(0, lengthMax);
}

function situation({ incident, now }: BriefingFacts): string {
  const severity = incident.severity === 'info' ? t`info` : t`severity ${incident.severity.slice(3)}`;
  const open = durationWords(Math.floor((now - Date.parse(incident.startedAt)) / minuteMs) * minuteMs);
  const lines = [
    t`${codeOf(incident)} ${incident.title}: ${severity}, ${term(incident.status)}, open ${open}.`,
    incident.impact === null ? t`Impact: not stated yet` : t`Impact: ${incident.impact}`,
  ];
  if (incident.lastUpdate !== null) {
    lines.push(t`Last update, ${utc(incident.lastUpdate.at)}: ${incident.lastUpdate.text}`);
  }
  if (incident.nextUpdateDueAt !== null) {
    const late = Date.parse(incident.nextUpdateDueAt) < now;
    const due = utc(incident.nextUpdateDueAt);
    lines.push(late ? t`Next update: OVERDUE since ${due}` : t`Next update: due ${due}`);
  }
  return lines.join('\n');
}

/** What the room agreed to, or did not; who objected is part of it. */
function decision(poll: Poll, nameOf: BriefingFacts['nameOf']): string[] {
  if (poll.outcome === null) return [t`Open until ${utc(poll.closesAt)}: ${poll.question}`];
  if (poll.outcome === 'withdrawn') return [];
  const dissent = poll.votes
    .filter((vote) => vote.objects)
    .map((vote) => t`${nameOf(vote.userId)} objected: ${vote.reason ?? ''}`);
  return [[`${pollOutcomeWords[poll.outcome]}: ${poll.question}`, ...dissent].join('; ')];
}

function section(title: string, lines: readonly string[]): string | null {
  return lines.length === 0 ? null : [`${title}:`, ...lines.map((line) => `- ${line}`)].join('\n');
}

function utc(at: string): string {
  return `${clockTime(Date.parse(at))} UTC`;
}
