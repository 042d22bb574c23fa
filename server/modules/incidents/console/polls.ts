// Objection polls: a plan goes ahead unless somebody objects before the poll closes. Silence is consent, and it is counted.
import type { Poll } from '#server/contract/console.ts';
import { pollPeopleMax } from '#server/contract/console.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { refuseAsked } from '#server/modules/incidents/console/asks.ts';
import {
  applied,
  conflict,
  type Decision,
  type EntryDraft,
  type Facts,
  forbidden,
  invalid,
  nameOf,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { mergedElsewhere, notOpen } from '#server/modules/incidents/status.ts';

const openPollsMax = 10;

export function decideOpenPoll(
  incident: IncidentState,
  open: number,
  action: ActionOf<'poll.open'>,
  facts: Facts,
): Decision<Poll> {
  const blocked = mergedElsewhere(incident, 'open a poll', facts) ?? notOpen(incident);
  if (blocked !== null) return blocked;
  if (open >= openPollsMax) return invalid(`${openPollsMax} polls are open here. Close some of them first.`);
  const asked = [...new Set(action.asked)].filter((id) => id !== facts.actor.userId);
  if (asked.length > pollPeopleMax) return invalid(`A poll asks at most ${pollPeopleMax} people.`);
  for (const id of asked) {
    const refused = refuseAsked(incident, id, facts);
    if (refused !== null) return refused;
  }
  const closesAt = new Date(Date.parse(facts.at) + action.seconds * 1_000).toISOString();
  return applied(
    {
      id: action.pollId,
      version: 1,
      incidentId: incident.id,
      question: action.question,
      openedBy: facts.actor.userId,
      openedAt: facts.at,
      closesAt,
      asked,
      votes: [],
      outcome: null,
      closedAt: null,
    },
    {
      kind: 'poll',
      text: `${facts.actor.name} asked for objections: ${action.question}`,
      detail: [
        asked.length === 0 ? null : `Asked ${asked.map((id) => nameOf(facts, id)).join(', ')}`,
        `closes ${instantWords(closesAt)}`,
      ]
        .filter((part) => part !== null)
        .join('; '),
    },
  );
}

/** The last word of each counts; one who objected first and then agrees is remembered for both on the timeline. */
export function decideAnswerPoll(poll: Poll, action: ActionOf<'poll.answer'>, facts: Facts): Decision<Poll> {
  const { userId, name } = facts.actor;
  const { objects } = action;
  const reason = action.reason ?? null;
  const said = objects ? `objected: ${reason ?? 'no reason given'}` : 'had no objection';
  const before = poll.votes.find((vote) => vote.userId === userId);
  if (before !== undefined && before.objects === objects && before.reason === reason) {
    return noop('You said so already.', { actor: name, at: before.at });
  }
  // A late objection changes no outcome, but it is not lost.
  if (poll.outcome !== null) return conflict(`${name} ${said}, to “${poll.question}”`, `the poll had closed`);
  if (objects && reason === null) return invalid('Say why: an objection without a reason helps nobody decide.');
  const vote = { userId, at: facts.actedAt, objects, reason };
  const votes = [...poll.votes.filter((other) => other.userId !== userId), vote];
  const next: Poll = { ...poll, version: poll.version + 1, votes };
  const entries: EntryDraft[] = [];
  if (objects) entries.push({ kind: 'poll', text: `${name} objected: ${poll.question}`, detail: reason });
  else if (before?.objects === true) {
    entries.push({ kind: 'poll', text: `${name} withdrew an objection: ${poll.question}`, detail: before.reason });
  }
  const missing = poll.asked.filter((id) => !votes.some((other) => other.userId === id));
  if (poll.asked.length === 0 || missing.length > 0) return applied(next, ...entries);
  const closing = closed(next, facts.at, (id) => nameOf(facts, id));
  return applied(closing.next, ...entries, closing.entry);
}

/** Whoever opened it, the commander or a manager closes it before its time, or withdraws the question. */
export function decideClosePoll(
  incident: IncidentState,
  poll: Poll,
  { withdraw }: ActionOf<'poll.close'>,
  facts: Facts,
): Decision<Poll> {
  const { userId, name, role } = facts.actor;
  if (poll.outcome !== null) return noop('It is closed already.', facts.lastChange('poll'));
  const commands = incident.roles.some((slot) => slot.role === 'commander' && slot.userId === userId);
  if (poll.openedBy !== userId && !commands && !roleAtLeast(role, 'manager')) {
    const opener = nameOf(facts, poll.openedBy);
    return forbidden(`${opener} opened this poll: only they, the commander or a manager can close it.`);
  }
  if (withdraw) {
    return applied(
      { ...poll, version: poll.version + 1, outcome: 'withdrawn', closedAt: facts.at },
      {
        kind: 'poll',
        text: `${name} withdrew the poll: ${poll.question}`,
        detail: dissent(poll, (id) => nameOf(facts, id)),
      },
    );
  }
  const { next, entry } = closed({ ...poll, version: poll.version + 1 }, facts.at, (id) => nameOf(facts, id));
  return applied(next, entry);
}

/** What time makes of an open poll; null before its time. */
export function decidePollTimeUp(
  poll: Poll,
  facts: { at: string; name: (userId: string) => string },
): { next: Poll; entry: EntryDraft } | null {
  if (poll.outcome !== null || facts.at < poll.closesAt) return null;
  return closed({ ...poll, version: poll.version + 1 }, facts.at, facts.name);
}

/** People whose names its entries need. */
export function peopleOfPoll(poll: Poll): string[] {
  return [poll.openedBy, ...poll.asked, ...poll.votes.map((vote) => vote.userId)];
}

function closed(poll: Poll, at: string, name: (userId: string) => string): { next: Poll; entry: EntryDraft } {
  const objections = poll.votes.filter((vote) => vote.objects);
  const silent = poll.asked.filter((id) => !poll.votes.some((vote) => vote.userId === id));
  const outcome = objections.length === 0 ? 'carried' : 'objected';
  const heard = poll.votes.length - objections.length;
  const counts = [
    `${heard} without objection`,
    silent.length === 0 ? null : `no word from ${silent.map(name).join(', ')}`,
  ].filter((part) => part !== null);
  return {
    next: { ...poll, outcome, closedAt: at },
    entry: {
      kind: 'poll',
      at,
      text:
        outcome === 'carried'
          ? `No objection: ${poll.question}`
          : `${objections.length} ${objections.length === 1 ? 'objection' : 'objections'}: ${poll.question}`,
      detail: [dissent(poll, name), counts.join('; ')].filter((part) => part !== null).join('\n'),
      data: { poll: outcome },
    },
  };
}

/** Who objected and why, a line each; null when nobody did. */
function dissent(poll: Poll, name: (userId: string) => string): string | null {
  const lines = poll.votes.filter((vote) => vote.objects).map((vote) => `${name(vote.userId)}: ${vote.reason ?? ''}`);
  return lines.length === 0 ? null : lines.join('\n');
}
