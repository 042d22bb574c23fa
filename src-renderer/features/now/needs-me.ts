// What waits for this person, most urgent first. Pure, so that the rules can be read and tested without a screen.
import { type Ask, isWaiting, type Poll } from '#server/contract/console.ts';
import type { Incident, Task } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import type { Escalation } from '#server/contract/policy.ts';
import { severityRank } from '#server/contract/severity.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import { waitsForMyWord } from '../console/console-facts.ts';
import { commanderOf, isOpen, updateDue, warnBeforeMs } from '../incidents/incident-facts.ts';
import { waitsForMe } from '../updates/update-facts.ts';

export type Need =
  /** I am paged, and nobody has answered. */
  | { kind: 'page'; incident: Incident; page: Page }
  | { kind: 'acknowledge'; incident: Incident }
  | { kind: 'offer'; incident: Incident; role: string; by: string; at: string; briefed: boolean }
  | { kind: 'update'; incident: Incident; dueAt: string; overdue: boolean }
  /** The room waits for my objection, or for hearing that I have none. */
  | { kind: 'poll'; poll: Poll; incident: Incident }
  /** Somebody waits for my yes before an update is published. */
  | { kind: 'approve'; update: StatusUpdate; incident: Incident }
  /** I was asked, and have so long to answer. */
  | { kind: 'ask'; ask: Ask; incident: Incident }
  /** I asked, and no answer came in time. */
  | { kind: 'unanswered'; ask: Ask; incident: Incident }
  | { kind: 'task'; task: Task; incident: Incident };

/** What paging knows: the pages there are, and where each incident's escalation stands. */
export interface PagingFacts {
  pages: Iterable<Page>;
  escalations: ReadonlyMap<string, Escalation>;
}
export const noPaging: PagingFacts = { pages: [], escalations: new Map() };

/** What people ask of one another. */
export interface ConsoleFacts {
  asks: Iterable<Ask>;
  polls: Iterable<Poll>;
  updates?: Iterable<StatusUpdate>;
}
export const nothingAsked: ConsoleFacts = { asks: [], polls: [] };

/**
 * My pages first. An unacknowledged incident that pages nobody, or nobody any more, waits for everyone who may answer
 * it. Then what others asked of me, then my promises: updates that I owe as commander and my own tasks.
 */
export function needsMe(
  me: { id: string; responds: boolean },
  incidents: Iterable<Incident>,
  tasks: Iterable<Task>,
  now: number,
  paging: PagingFacts = noPaging,
  console: ConsoleFacts = nothingAsked,
): Need[] {
  const needs: Need[] = [];
  const all = new Map([...incidents].map((incident) => [incident.id, incident]));
  const open = new Map([...all].filter(([, incident]) => isOpen(incident)));
  const paged = new Map<string, Page>();
  for (const page of paging.pages) {
    const before = paged.get(page.incidentId);
    if (page.userId === me.id && page.status === 'open' && (before === undefined || before.at < page.at))
      paged.set(page.incidentId, page);
  }
  for (const incident of open.values()) {
    const page = paged.get(incident.id);
    if (page !== undefined) needs.push({ kind: 'page', incident, page });
    else if (
      me.responds &&
      incident.status === 'triggered' &&
      isNobodys(paging.escalations.get(incident.id), incident, now)
    )
      needs.push({ kind: 'acknowledge', incident });
    for (const { role, offer } of incident.roles) {
      if (offer !== null && offer.to === me.id)
        needs.push({
          kind: 'offer',
          incident,
          role,
          by: offer.by,
          at: offer.at,
          briefed: (offer.briefing ?? null) !== null,
        });
    }
    if (commanderOf(incident)?.userId === me.id && owesUpdate(incident, now) && incident.nextUpdateDueAt !== null) {
      const overdue = updateDue(incident, now).kind === 'overdue';
      needs.push({ kind: 'update', incident, dueAt: incident.nextUpdateDueAt, overdue });
    }
  }
  for (const task of tasks) {
    const incident = open.get(task.incidentId);
    if (incident !== undefined && task.ownerId === me.id && task.doneAt === null)
      needs.push({ kind: 'task', task, incident });
  }
  for (const ask of console.asks) {
    const incident = open.get(ask.incidentId);
    if (incident === undefined || !isWaiting(ask)) continue;
    if (ask.ownerId === me.id) needs.push({ kind: 'ask', ask, incident });
    else if (ask.askedBy === me.id && Date.parse(ask.dueAt) <= now) needs.push({ kind: 'unanswered', ask, incident });
  }
  for (const update of console.updates ?? []) {
    // Also of an incident that is resolved by now: its writer waits for a word.
    const incident = waitsForMe(update, me.id) ? all.get(update.incidentId) : undefined;
    if (incident !== undefined) needs.push({ kind: 'approve', update, incident });
  }
  for (const poll of console.polls) {
    const incident = open.get(poll.incidentId);
    if (incident !== undefined && waitsForMyWord(poll, me.id)) needs.push({ kind: 'poll', poll, incident });
  }
  return needs.sort(
    (a, b) =>
      order(a) - order(b) ||
      severityRank(a.incident.severity) - severityRank(b.incident.severity) ||
      since(a).localeCompare(since(b)),
  );
}

function owesUpdate(incident: Incident, now: number): boolean {
  const due = updateDue(incident, now);
  return due.kind === 'overdue' || (due.kind === 'due' && due.leftMs <= warnBeforeMs);
}

/** Paging looks at a new incident within a second; until then it is not known to be nobody's. */
const graceMs = 15_000;

/** False while somebody else is paged for it, or will be: then it is theirs. */
function isNobodys(escalation: Escalation | undefined, incident: Incident, now: number): boolean {
  if (escalation === undefined) return now - Date.parse(incident.startedAt) >= graceMs;
  return escalation.status === 'nobody' || escalation.status === 'exhausted';
}

function order(need: Need): number {
  return { page: 0, acknowledge: 1, poll: 2, offer: 3, approve: 4, update: 5, ask: 6, unanswered: 7, task: 8 }[
    need.kind
  ];
}

function since(need: Need): string {
  if (need.kind === 'task') return need.task.dueAt ?? '9999';
  if (need.kind === 'page') return need.page.at;
  if (need.kind === 'ask' || need.kind === 'unanswered') return need.ask.dueAt;
  if (need.kind === 'poll') return need.poll.closesAt;
  if (need.kind === 'approve') return need.update.writtenAt;
  return need.kind === 'update' ? need.dueAt : need.incident.startedAt;
}
