// Facts about asks and polls that several screens show, as functions of values.
import { type Ask, isWaiting, type Poll } from '#server/contract/console.ts';
import { t } from '../../language/words.ts';

/** Waiting ones first, the most urgent at the top; then what ended, newest first. */
export function byAskUrgency(a: Ask, b: Ask): number {
  const [one, two] = [isWaiting(a), isWaiting(b)];
  if (one !== two) return one ? -1 : 1;
  if (one) return a.dueAt.localeCompare(b.dueAt) || a.askedAt.localeCompare(b.askedAt);
  return askEndedAt(b).localeCompare(askEndedAt(a));
}

function askEndedAt(ask: Ask): string {
  return ask.answer?.at ?? ask.cancelledAt ?? ask.askedAt;
}

export function isOverdue(ask: Ask, now: number): boolean {
  return isWaiting(ask) && Date.parse(ask.dueAt) < now;
}

export interface AsksSummary {
  waiting: number;
  overdue: number;
  /** How late the latest one is. */
  longestMs: number;
}

export function asksSummary(asks: Iterable<Ask>, now: number): AsksSummary {
  const summary: AsksSummary = { waiting: 0, overdue: 0, longestMs: 0 };
  for (const ask of asks) {
    if (!isWaiting(ask)) continue;
    summary.waiting += 1;
    if (!isOverdue(ask, now)) continue;
    summary.overdue += 1;
    summary.longestMs = Math.max(summary.longestMs, now - Date.parse(ask.dueAt));
  }
  return summary;
}

/** Open ones first, the next to close at the top; then what closed, newest first. */
export function byPollUrgency(a: Poll, b: Poll): number {
  if ((a.outcome === null) !== (b.outcome === null)) return a.outcome === null ? -1 : 1;
  if (a.outcome === null) return a.closesAt.localeCompare(b.closesAt);
  return (b.closedAt ?? b.closesAt).localeCompare(a.closedAt ?? a.closesAt);
}

/** Open, I am asked, and have not spoken. */
export function waitsForMyWord(poll: Poll, me: string): boolean {
  return poll.outcome === null && poll.asked.includes(me) && !poll.votes.some((vote) => vote.userId === me);
}

export function pollCounts(poll: Poll): { objections: number; agreed: number; silent: string[] } {
  const objections = poll.votes.filter((vote) => vote.objects).length;
  const silent = poll.asked.filter((id) => !poll.votes.some((vote) => vote.userId === id));
  return { objections, agreed: poll.votes.length - objections, silent };
}

export const pollOutcomeWords: Record<NonNullable<Poll['outcome']>, string> = {
  carried: t`No objection`,
  objected: t`Objected`,
  withdrawn: t`Withdrawn`,
};
