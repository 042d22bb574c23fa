import type { Alert } from '#server/contract/alert.ts';
import type { ChangeEvent, Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { FollowUp, Postmortem } from '#server/contract/postmortem.ts';
import { responseTimes } from '#server/contract/response-times.ts';
import { severityRank } from '#server/contract/severity.ts';
import { duration } from '#server/modules/postmortems/duration.ts';
import { authoredMarkdown, blockText, inlineText } from '#server/modules/postmortems/escape.ts';

export interface ReviewFacts {
  incident: Incident;
  timeline: readonly TimelineEntry[];
  tasks: readonly Task[];
  alerts: readonly Alert[];
  /** What changed around it. */
  changes: readonly ChangeEvent[];
  /** Null while nobody began to write; then the facts stand alone. */
  postmortem: Postmortem | null;
  /** User id → name. */
  names: ReadonlyMap<string, string>;
}

const alertsShown = 100;

/** The review as Markdown: what people wrote, and the facts as they are stored. Times are UTC. */
export function postmortemMarkdown(facts: ReviewFacts): string {
  const { incident, postmortem } = facts;
  const sections = [
    `# INC-${incident.number}: ${inlineText(incident.title)}`,
    section('Summary', written(postmortem?.summary)),
    section('Impact', incident.impact === null ? 'Not described.' : blockText(incident.impact, '')),
    section('Facts', factList(facts)),
    section('Causes', written(postmortem?.causes)),
    section('What went well', written(postmortem?.wentWell)),
    section('What went badly', written(postmortem?.wentBadly)),
    section('Follow-ups', followUps(facts)),
    section('Timeline (UTC)', timeline(facts.timeline)),
    section('Status updates', updates(facts.timeline)),
    section('What changed around it', changes(facts.changes)),
    section('Contributing alerts', alertList(facts.alerts, incident.alertCount)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function written(text: string | undefined): string {
  const body = authoredMarkdown(text ?? '');
  return body === '' ? 'Not written yet.' : body;
}

function factList({ incident, alerts, names }: ReviewFacts): string {
  const times = responseTimes(incident);
  const firing = incident.firingAlertCount === 0 ? '' : `, ${incident.firingAlertCount} still firing`;
  // A closed incident that nobody acknowledged was never acknowledged; in an open one it may still happen.
  const missed = incident.status === 'resolved' ? 'never' : 'not yet';
  const rows: [string, string][] = [
    ['Severity', incident.severity.toUpperCase()],
    ['Status', incident.status],
    ['Started', instant(incident.startedAt)],
    ['Time to acknowledge', times.acknowledgeMs === null ? missed : duration(times.acknowledgeMs)],
    ['Time to mitigate', times.mitigateMs === null ? missed : duration(times.mitigateMs)],
    ['Time to resolve', times.resolveMs === null ? missed : duration(times.resolveMs)],
    ...incident.roles
      .filter((slot) => slot.userId !== null)
      .map((slot): [string, string] => [capitalised(slot.role), name(names, slot.userId)]),
    ['Services', incident.services.length === 0 ? 'none named' : incident.services.join(', ')],
    [
      'Alerts',
      `${incident.alertCount}${firing}, sent ${howOften(alerts.reduce((sum, alert) => sum + alert.count, 0))}`,
    ],
    ['Opened by', incident.ruleId === null ? name(names, incident.declaredBy) : 'a grouping rule'],
  ];
  // A list, as plain Markdown has no tables.
  return rows.map(([fact, value]) => `- **${inlineText(fact)}:** ${inlineText(value)}`).join('\n');
}

function followUps({ postmortem, tasks, names }: ReviewFacts): string {
  const open: Pick<FollowUp, 'title' | 'ownerId' | 'dueAt' | 'doneAt'>[] =
    postmortem?.followUps ?? tasks.filter((task) => task.doneAt === null);
  if (open.length === 0) return 'None.';
  return open
    .map(({ title, ownerId, dueAt, doneAt }) => {
      const owner = ownerId === null ? 'no owner' : inlineText(name(names, ownerId));
      const due = dueAt === null ? 'no due date' : `due ${dueAt.slice(0, 10)}`;
      return `- [${doneAt === null ? ' ' : 'x'}] ${inlineText(title)} (${owner}, ${due})`;
    })
    .join('\n');
}

function timeline(entries: readonly TimelineEntry[]): string {
  if (entries.length === 0) return 'Nothing was recorded.';
  const ordered = entries.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
  let day = '';
  const lines: string[] = [];
  for (const entry of ordered) {
    if (entry.at.slice(0, 10) !== day) {
      day = entry.at.slice(0, 10);
      lines.push(`${lines.length === 0 ? '' : '\n'}**${day}**\n`);
    }
    const star = entry.starred ? '★ ' : '';
    const late = entry.kind === 'note' && entry.detail !== null ? ` (recorded ${instant(entry.recordedAt)})` : '';
    lines.push(`- ${entry.at.slice(11, 19)} ${star}${spoken(entry)}${late}`);
  }
  return lines.join('\n');
}

/** Entries that are somebody's own words name him; the others are sentences that do. */
export function spoken(entry: TimelineEntry): string {
  const text = blockText(entry.text, '  ');
  if (entry.kind === 'note') return `${inlineText(entry.actor)}: ${text}`;
  if (entry.kind === 'update') return `${inlineText(entry.actor)} posted an update: ${text}`;
  return text;
}

function updates(entries: readonly TimelineEntry[]): string {
  const posted = entries.filter((entry) => entry.kind === 'update');
  if (posted.length === 0) return 'None was posted.';
  return posted
    .map((entry) => `- ${instant(entry.at)}, ${inlineText(entry.actor)}: ${blockText(entry.text, '  ')}`)
    .join('\n');
}

function changes(list: readonly ChangeEvent[]): string {
  if (list.length === 0) return 'No change was reported.';
  return list
    .map((change) => {
      const service = change.service === null ? '' : ` on ${inlineText(change.service)}`;
      return `- ${instant(change.at)} ${inlineText(change.title)}${service} (${inlineText(change.source)})`;
    })
    .join('\n');
}

function alertList(alerts: readonly Alert[], total: number): string {
  if (alerts.length === 0) return 'None.';
  const worstFirst = alerts.toSorted(
    (a, b) => severityRank(a.severity) - severityRank(b.severity) || (a.firstSeenAt < b.firstSeenAt ? -1 : 1),
  );
  const lines = worstFirst.slice(0, alertsShown).map((alert) => {
    const service = alert.service === null ? '' : ` on ${inlineText(alert.service)}`;
    const end = alert.resolvedAt === null ? alert.status : `resolved ${instant(alert.resolvedAt)}`;
    const why = alert.groupReason === null ? '' : `. ${inlineText(alert.groupReason)}`;
    const times = `first seen ${instant(alert.firstSeenAt)}, ${end}, sent ${howOften(alert.count)}`;
    return `- **${alert.severity.toUpperCase()}** ${inlineText(alert.title)}${service}: ${times}${why}`;
  });
  const more = Math.max(total, alerts.length) - lines.length;
  return more > 0 ? `${lines.join('\n')}\n\nAnd ${more} more.` : lines.join('\n');
}

function instant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}

function name(names: ReadonlyMap<string, string>, userId: string | null): string {
  return userId === null ? 'nobody' : (names.get(userId) ?? 'somebody who has left');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function howOften(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
