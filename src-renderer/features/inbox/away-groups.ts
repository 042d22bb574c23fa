// What changed while there was no connection, an incident at a time. Pure.
import type { Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { EntityName } from '#server/contract/replica.ts';
import { t, term } from '../../language/words.ts';
import type { Away, AwayChange } from '../../replica/feed/away.ts';

export interface AwayGroup {
  /** Null for what belongs to no incident. */
  incidentId: string | null;
  /** What its own row says now that it did not say before, in words. */
  facts: string[];
  /** New entries of its timeline, the newest last. */
  entries: TimelineEntry[];
  /** The rest, counted. */
  counts: Map<EntityName, number>;
  /** Of the incident with which the group stands first. */
  latest: string;
}

/** The incident with the newest entry first, what belongs to none last. */
export function awayGroups({ changes }: Pick<Away, 'changes'>): AwayGroup[] {
  const groups = new Map<string | null, AwayGroup>();
  const groupOf = (incidentId: string | null): AwayGroup => {
    const known = groups.get(incidentId);
    if (known !== undefined) return known;
    const made: AwayGroup = { incidentId, facts: [], entries: [], counts: new Map(), latest: '' };
    groups.set(incidentId, made);
    return made;
  };
  for (const change of changes) {
    const group = groupOf(incidentOf(change));
    if (change.entity === 'incident') {
      group.facts.push(...incidentFacts(change.before as Incident | null, change.after as Incident | null));
    } else if (change.entity === 'timeline' && change.before === null && change.after !== null) {
      const entry = change.after as unknown as TimelineEntry;
      group.entries.push(entry);
      if (entry.at > group.latest) group.latest = entry.at;
    } else if (change.entity === 'task' && change.after !== null && isDoneNow(change)) {
      group.facts.push(t`Task done: ${(change.after as unknown as Task).title}`);
    } else group.counts.set(change.entity, (group.counts.get(change.entity) ?? 0) + 1);
  }
  for (const group of groups.values()) group.entries.sort((a, b) => a.at.localeCompare(b.at));
  return [...groups.values()].sort(
    (a, b) => Number(a.incidentId === null) - Number(b.incidentId === null) || b.latest.localeCompare(a.latest),
  );
}

function incidentOf({ entity, id, before, after }: AwayChange): string | null {
  if (entity === 'incident' || entity === 'escalation') return id;
  const row = after ?? before;
  const { incidentId } = (row ?? {}) as { incidentId?: unknown };
  return typeof incidentId === 'string' ? incidentId : null;
}

function isDoneNow({ before, after }: AwayChange): boolean {
  const [was, is] = [before, after] as unknown as [Task | null, Task | null];
  return (was?.doneAt ?? null) === null && (is?.doneAt ?? null) !== null;
}

function incidentFacts(before: Incident | null, after: Incident | null): string[] {
  if (after === null) return [t`It is no longer yours to see, or it was dropped from this machine.`];
  if (before === null) return [t`It was opened.`];
  const facts: string[] = [];
  if (before.status !== after.status) facts.push(t`Status: ${term(before.status)}, now ${term(after.status)}`);
  if (before.severity !== after.severity)
    facts.push(t`Severity: ${severityWord(before.severity)}, now ${severityWord(after.severity)}`);
  if (before.title !== after.title) facts.push(t`Renamed from “${before.title}”`);
  if (before.impact !== after.impact) facts.push(t`Impact: ${after.impact ?? t`not stated any more`}`);
  if (before.mergedInto !== after.mergedInto && after.mergedInto !== null) facts.push(t`Merged into another incident`);
  if (before.firingAlertCount !== after.firingAlertCount)
    facts.push(t`Alerts firing: ${before.firingAlertCount}, now ${after.firingAlertCount}`);
  return facts;
}

function severityWord(severity: Incident['severity']): string {
  return severity === 'info' ? t`info` : severity.slice(3);
}
