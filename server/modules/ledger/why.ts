// The ledger, told: why somebody was paged, and why somebody (or everybody) was not. Pure narration of recorded facts.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { Why, WhyOther } from '#server/contract/ledger.ts';
import type { Page } from '#server/contract/page.ts';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { Escalation } from '#server/contract/policy.ts';
import type { AlertFact, IncidentFact } from '#server/modules/ledger/facts-store.ts';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import { attemptsOf } from '#server/modules/ledger/why-attempts.ts';
import { emptyTargetsIn, peopleIn, skippedIn } from '#server/modules/ledger/why-people.ts';
import { alertSteps, ledgerSteps, numbered } from '#server/modules/ledger/why-steps.ts';
import { clockTime, duration, incidentName, sentence, told } from '#server/modules/ledger/why-words.ts';

export interface WhyFacts {
  incident: IncidentFact | null;
  alert: AlertFact | null;
  alertEvents: readonly AlertEvent[];
  escalation: Escalation | null;
  pages: readonly Page[];
  entries: readonly StoredEntry[];
  names: ReadonlyMap<string, string>;
  mode: PagingSettings['mode'];
  now: string;
}

/** Why this page was made, how it went, and what comes next. `reader` is told "you". */
export function whyPaged(facts: WhyFacts, page: Page, reader: string | null): Why {
  const entries = entriesOf(facts.entries, page);
  const trigger = entries.find((entry) => entry.kind === 'trigger');
  const route = entries.find((entry) => entry.kind === 'route');
  const you = page.userId !== null && page.userId === reader;
  const who = you ? 'You' : nameOf(facts, page);
  const attempts = attemptsOf(page, facts.entries, facts.now);
  const since = trigger?.at ?? facts.incident?.startedAt ?? page.at;
  return {
    ...about(facts),
    answer: [
      sentence(
        trigger === undefined
          ? `${incidentName(facts.incident)} began at ${clockTime(since)}`
          : `${trigger.title}: ${trigger.detail} at ${clockTime(since)}`,
      ),
      sentence(`${route === undefined ? 'No route was asked' : told(route)}, and ${whyThem(page, who, you)}`),
      sentence(toldHow(page, who, you, since)),
    ],
    page,
    steps: numbered([...alertSteps(facts.alertEvents), ...ledgerSteps(entries)]),
    attempts,
    next: nextOf(facts, page),
    others: others(facts, (other) => other.id !== page.id, page.userId),
    onCall: [],
    record: recordOf(entries),
  };
}

/** Why nobody, or not this person. */
export function whyNot(facts: WhyFacts, userId: string | null, reader: string | null): Why {
  const you = userId !== null && userId === reader;
  const whom = userId === null ? 'nobody' : you ? 'you' : (facts.names.get(userId) ?? 'this person');
  const reasons = userId === null ? reasonsForNobody(facts) : reasonsForPerson(facts, userId, you);
  const opening =
    facts.alert !== null && facts.incident === null
      ? `The alert “${facts.alert.title}” fired at ${clockTime(facts.alert.firstSeenAt)} and paged nobody`
      : userId === null
        ? `${incidentName(facts.incident)} began at ${clockTime(facts.incident?.startedAt ?? facts.now)} and has paged nobody`
        : `${incidentName(facts.incident)} began at ${clockTime(facts.incident?.startedAt ?? facts.now)} and did not page ${whom}`;
  return {
    ...about(facts),
    answer: [opening, ...reasons].slice(0, 3).map(sentence),
    page: null,
    steps: numbered([
      ...alertSteps(facts.alertEvents),
      ...ledgerSteps(facts.entries.filter((entry) => concerns(entry, userId))),
    ]),
    attempts: [],
    next: nextOf(facts, null),
    others: others(facts, () => true, userId),
    onCall: [],
    record: recordOf(facts.entries),
  };
}

/** Each true reason, the strongest first. */
function reasonsForNobody(facts: WhyFacts): string[] {
  const { alert, incident, escalation } = facts;
  const reasons: string[] = [];
  if (alert !== null && incident === null) reasons.push(...reasonsOfAlert(alert));
  if (facts.mode === 'paused') reasons.push('Paging is paused: what is due waits until an administrator lets it go on');
  if (incident === null) return reasons;
  if (alert?.silence) reasons.push(silenced(alert.silence));
  if (escalation === null) reasons.push('Paging has not looked at it yet; it does so within a second');
  else if (escalation.status !== 'waiting' || facts.pages.length === 0) reasons.push(escalation.reason);
  if (escalation?.status === 'waiting' && escalation.nextAt !== null && facts.pages.length === 0)
    reasons.push(`The first page is due at ${clockTime(escalation.nextAt)}`);
  reasons.push(...heldOrFailed(facts.entries), ...emptyTargetsIn(facts.entries));
  if (facts.mode === 'shadow' && facts.pages.length > 0)
    reasons.push('The center runs in shadow mode: pages are written down, and none is sent');
  return [...new Set(reasons)];
}

function reasonsOfAlert(alert: AlertFact): string[] {
  if (alert.silence !== null) return [silenced(alert.silence)];
  if (alert.rule !== null && alert.rule.minimumCount > 1 && alert.status === 'firing')
    return [
      `It waits for its group: the rule “${alert.rule.name}” opens an incident at ${alert.rule.minimumCount} alerts within ${alert.rule.windowSeconds} s, and there ${alert.waiting === 1 ? 'is 1' : `are ${alert.waiting}`}`,
    ];
  if (alert.status === 'resolved') return ['It was over before it was part of any incident, and only incidents page'];
  return ['It is part of no incident, and only incidents page'];
}

function reasonsForPerson(facts: WhyFacts, userId: string, you: boolean): string[] {
  const reasons: string[] = [];
  const skipped = skippedIn(facts.entries).filter((one) => one.userId === userId);
  for (const one of skipped) reasons.push(one.why);
  if (facts.alert !== null && facts.incident === null) reasons.push(...reasonsOfAlert(facts.alert));
  const own = facts.entries.filter((entry) => entry.userId === userId);
  reasons.push(...own.slice(-2).map(told));
  if (reasons.length === 0 && facts.pages.length === 0) reasons.push(...reasonsForNobody(facts));
  if (reasons.length === 0) {
    const paged = [...new Set(facts.pages.map((page) => nameOf(facts, page)))];
    reasons.push(
      `The steps that fired named ${paged.join(', ')}, and ${you ? 'you are' : 'this person is'} in none of them`,
    );
  }
  if (facts.escalation?.status === 'stopped') reasons.push(`Later steps did not run: ${facts.escalation.reason}`);
  return [...new Set(reasons)];
}

function heldOrFailed(entries: readonly StoredEntry[]): string[] {
  const held = entries.findLast((entry) => entry.kind === 'hold' && /"held":true/.test(entry.output));
  return held === undefined ? [] : [told(held)];
}

function silenced(silence: NonNullable<AlertFact['silence']>): string {
  return `The ${silence.kind === 'maintenance' ? 'maintenance window' : 'silence'} “${silence.reason}” holds it back until ${clockTime(silence.endsAt)}`;
}

/** From the trigger that led to this page on; what is about other people's pages is left out. */
function entriesOf(entries: readonly StoredEntry[], page: Page): StoredEntry[] {
  const start = entries.findLast((entry) => entry.kind === 'trigger' && entry.at <= page.at);
  return entries.filter((entry) => {
    if (start !== undefined && entry.sequence < start.sequence) return false;
    if (entry.pageId !== null) return entry.pageId === page.id;
    if (entry.userId !== null && entry.userId !== page.userId && entry.kind !== 'acknowledgement') return false;
    return entry.at <= page.at || entry.kind === 'acknowledgement' || entry.kind === 'stop' || entry.kind === 'clock';
  });
}

function concerns(entry: StoredEntry, userId: string | null): boolean {
  return userId === null || entry.userId === null || entry.userId === userId;
}

/** A page's reason is what made it and, after a semicolon, why it went to this person. */
function whyThem({ reason }: Page, who: string, you: boolean): string {
  const [cause = reason, ...rest] = reason.split('; ');
  const why = rest.length === 0 ? '' : ` (${rest.join('; ')})`;
  if (cause.startsWith('step ')) return `${cause} paged ${you ? 'you' : who}${why}`;
  const were = `${you ? 'you were' : `${who} was`}`;
  return why === '' ? `${were} ${cause}` : `${were} paged: ${cause}${why}`;
}

function toldHow(page: Page, who: string, you: boolean, since: string): string {
  const wanted = page.notifications.filter((one) => one.status !== 'cancelled');
  const left = page.notifications.filter((one) => one.sentAt !== null);
  // What is still to come, or could not be brought there, has told nobody anything.
  const planned = wanted.length === 0 ? page.notifications : wanted;
  const [told, at] =
    left.length === 0 ? [planned, page.at] : [left, left.map((one) => one.sentAt ?? page.at).sort()[0]];
  const ways = [...new Set(told.map((one) => one.label || one.via))];
  const over = left.length === 0 && wanted.length === 0 ? ', which had not been delivered yet' : '';
  const by = ways.length === 0 ? `, with no way to reach ${you ? 'you' : 'them'}` : ` by ${ways.join(', ')}${over}`;
  const gap = duration(since, at ?? page.at);
  const after = `${gap === '0 ms' ? 'at once' : `${gap} later`}${page.late ? ' (late)' : ''}${by}`;
  if (wanted.length > 0 && wanted.every((one) => one.status === 'shadow'))
    return `${who} would have been paged ${after}, but the center runs beside another pager, and nothing was sent`;
  return `${who} ${you ? 'were' : 'was'} paged ${after}, and ${ending(page, you)}`;
}

function ending(page: Page, you: boolean): string {
  if (page.status === 'open') return you ? 'you have not answered yet' : 'there is no answer yet';
  const at = page.endedAt === null ? '' : ` at ${clockTime(page.endedAt)}`;
  const { endedBy } = page;
  // A person's name here, a reason there: "it is resolved".
  if (page.status === 'acknowledged') return `it was acknowledged${endedBy === null ? '' : ` by ${endedBy}`}${at}`;
  return `it was stopped${at}${endedBy === null ? '' : `, because ${endedBy}`}`;
}

function nextOf(facts: WhyFacts, page: Page | null): Why['next'] {
  const pending = (page?.notifications ?? [])
    .filter((one) => one.status === 'pending' && one.dueAt > facts.now)
    .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1))[0];
  const { escalation } = facts;
  const nextAt = escalation?.nextAt ?? null;
  if (page?.status === 'open' && pending !== undefined && (nextAt === null || pending.dueAt < nextAt))
    return { at: pending.dueAt, text: `If nobody answers: ${pending.label || pending.via}` };
  if (escalation?.status !== 'waiting' || escalation.nextAt === null) return null;
  const loop = escalation.loop > 0 ? `, repeat ${escalation.loop}` : '';
  return {
    at: escalation.nextAt,
    text: `If nobody answers: step ${escalation.step + 1} of ${escalation.stepCount}${loop}`,
  };
}

function others(facts: WhyFacts, isOther: (page: Page) => boolean, userId: string | null): WhyOther[] {
  const paged = facts.pages.filter(isOther).map((page): WhyOther => {
    return { userId: page.userId, name: nameOf(facts, page), paged: true, why: page.reason };
  });
  const known = new Set([...facts.pages.map((page) => page.userId), userId]);
  const asked = [...skippedIn(facts.entries), ...peopleIn(facts.entries)]
    .filter((one) => !known.has(one.userId))
    .map((one): WhyOther => ({
      userId: one.userId,
      name: facts.names.get(one.userId) ?? 'somebody deleted since',
      paged: false,
      why: one.why,
    }));
  const seen = new Set<string>();
  return [...paged, ...asked].filter((one) => {
    const key = `${one.userId} ${one.name} ${one.paged}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function nameOf(facts: WhyFacts, page: Page): string {
  const id = page.userId ?? page.channelId ?? '';
  return facts.names.get(id) ?? (page.userId === null ? 'a channel' : 'somebody deleted since');
}

function about(facts: WhyFacts): Pick<Why, 'incident' | 'alert'> {
  const { incident, alert } = facts;
  return {
    incident: incident === null ? null : { id: incident.id, number: incident.number, title: incident.title },
    alert: alert === null ? null : { id: alert.id, title: alert.title },
  };
}

function recordOf(entries: readonly StoredEntry[]): Why['record'] {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { from: first.sequence, to: last.sequence, entries: entries.length };
}
