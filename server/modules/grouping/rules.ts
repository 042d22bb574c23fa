// Grouping as one pure decision: which incident each changed alert belongs to, and what that does to the incidents.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { GroupingRule } from '#server/contract/grouping.ts';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { type Cadence, severityRank } from '#server/contract/severity.ts';
import type { AlertChange, AlertState } from '#server/modules/alerts/state.ts';
import { type GroupChoice, wantsGroup } from '#server/modules/grouping/choice.ts';
import { createDraft, type Draft, finishDraft, openIncident } from '#server/modules/grouping/draft.ts';
import { connectedReason, joinReason, openReason, seconds } from '#server/modules/grouping/reason.ts';
import {
  createMeeting,
  type FiringService,
  reachOf,
  type Seeker,
  type ServicePath,
} from '#server/modules/grouping/topology.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { ServiceGraph } from '#server/modules/services/state.ts';

export interface GroupingFacts {
  at: string;
  changes: readonly AlertChange[];
  /** By alert id, for those that want a group. */
  choices: ReadonlyMap<string, GroupChoice>;
  /** By group key the id of its open incident (or the one it was merged into), else of its last closed one. */
  homes: ReadonlyMap<string, string>;
  /** By id: those homes, and the incidents that changed alerts are or were in. */
  incidents: ReadonlyMap<string, IncidentState>;
  /** Alerts of these groups that wait for their minimum count. */
  waiting: readonly AlertState[];
  /** Resolved alerts that still flap, by incident. */
  flapping: ReadonlyMap<string, ReadonlySet<string>>;
  rules: ReadonlyMap<string, GroupingRule>;
  /** What the catalog connects, and where alerts fire near those that look for a group. Null: there is no catalog. */
  topology: { graph: ServiceGraph; firing: readonly FiringService[] } | null;
  cadence: Cadence;
}

export interface GroupingDecision {
  /** Every changed alert, and the waiting ones that were taken along; versions are not raised yet. */
  changes: AlertChange[];
  events: AlertEvent[];
  /** New ones have version 1 and no number yet. */
  incidents: IncidentState[];
  timeline: TimelineEntry[];
  /** Groups that joined the incident of another one: their later alerts find it by these. */
  aliases: { groupKey: string; incidentId: string }[];
}

/**
 * The rules of the house, where the user's rules leave room:
 * a group's open incident takes every alert of the group, whatever the window; after it closed, an alert within the
 * reopen time opens it again. A worse alert raises the severity, also above what a person set, and says so; nothing
 * lowers it but a person. Suppressed alerts find no group, but one that is in an incident stays in it and, while it
 * fires, keeps it open. A resolved alert that flaps keeps its incident open until it settles. A group without an
 * incident joins one of the same rule that fires on a connected service (topology.ts), but never a restricted one: who
 * may not see that would not see the alert either.
 */
export function decideGrouping(facts: GroupingFacts, newId: () => string): GroupingDecision {
  const changes = new Map(facts.changes.map((change) => [change.after.id, change]));
  const events: AlertEvent[] = [];
  const drafts = new Map<string, Draft>();
  const aliases: GroupingDecision['aliases'] = [];
  const homeless: Group[] = [];
  const { cadence } = facts;

  const draftOf = (id: string): Draft | undefined => {
    const known = drafts.get(id);
    if (known !== undefined) return known;
    const state = facts.incidents.get(id);
    if (state === undefined) return undefined;
    const draft = createDraft(state);
    drafts.set(id, draft);
    return draft;
  };

  for (const change of facts.changes) followMember(change, facts, draftOf);

  const groups = byGroupKey(facts);
  for (const [groupKey, { choice, members }] of groups) {
    const home = incidentFor(facts, groupKey, draftOf);
    if (home === undefined) homeless.push({ groupKey, choice, members });
    else {
      for (const alert of members) join(alert, home, choice, (others) => joinReason(alert, home.state, choice, others));
    }
  }
  placeHomeless();

  /** Those that the catalog connects with an open incident join it; of the rest one opens its own, and it begins anew. */
  function placeHomeless(): void {
    const { topology } = facts;
    const seekers = topology === null ? [] : homeless.flatMap((group) => seekerOf(group, topology.graph));
    const seeking = new Set(seekers.map(({ group }) => group));
    for (const group of homeless) if (!seeking.has(group)) open(group);
    if (topology === null || seekers.length === 0) return;
    const meeting = createMeeting(seekers);
    for (const { incidentId, serviceId, newestAt } of topology.firing) tell(incidentId, [serviceId], newestAt);
    for (const { after } of changes.values())
      if (after.incidentId !== null) tell(after.incidentId, ...placeOf([after]));
    const nameOf = (serviceId: string) => topology.graph.nameOf(serviceId) ?? 'a service deleted since';
    for (;;) {
      const met = meeting.nextConnected();
      const group = met?.group ?? meeting.nextToOpen();
      if (group === null) return;
      const draft = met === null ? open(group) : draftOf(met.connection.incidentId);
      if (draft === undefined) continue;
      if (met !== null) {
        const { choice, groupKey, members } = group;
        for (const alert of members) {
          join(alert, draft, choice, () => connectedReason(alert, draft.state, choice, met.connection.path, nameOf));
        }
        aliases.push({ groupKey, incidentId: draft.state.id });
      }
      tell(draft.state.id, ...placeOf(group.members));
    }

    function tell(incidentId: string, services: readonly string[], newestAt: string): void {
      const state = draftOf(incidentId)?.state;
      if (state === undefined || state.status === 'resolved' || state.restrictedTo !== null) return;
      meeting.fires(state, services, newestAt);
    }
  }

  function open({ groupKey, choice, members }: Group): Draft | undefined {
    const waited = waitingFor(facts, groupKey, choice, members, changes);
    if (waited === null) {
      for (const alert of members) put(alert, { groupKey, ruleId: choice.rule.id, groupReason: null });
      return undefined;
    }
    const all = [...waited, ...members];
    const draft = openIncident({ id: newId(), at: facts.at, groupKey, choice, alerts: all, cadence });
    drafts.set(draft.state.id, draft);
    for (const alert of all) join(alert, draft, choice, () => openReason(choice, all.length));
    return draft;
  }

  function join(alert: AlertState, draft: Draft, choice: GroupChoice, reasonFor: (others: number) => string): void {
    const { state } = draft;
    const reason = reasonFor(state.alertCount);
    const { groupKey, rule } = choice;
    put(alert, { incidentId: state.id, groupKey, ruleId: rule.id, groupReason: reason, audience: state.restrictedTo });
    const event = { id: newId(), alertId: alert.id, at: facts.at, actorId: null };
    events.push({ ...event, kind: 'grouped', cause: `Joined the incident “${state.title}”. ${reason}` });
    draft.join(alert, rule.severityMap[alert.severity] ?? alert.severity, titleTemplateOf(state, facts));
  }

  function put(alert: AlertState, change: Partial<AlertState>): void {
    const before = changes.has(alert.id) ? changes.get(alert.id)!.before : alert;
    changes.set(alert.id, { before, after: { ...alert, ...change } });
  }

  const incidents: IncidentState[] = [];
  const timeline: TimelineEntry[] = [];
  for (const draft of drafts.values()) {
    const held = () => holdsOpen(draft.state.id, facts, changes);
    const finished = finishDraft(draft, { at: facts.at, held, ruleName: ruleName(draft.state, facts), cadence }, newId);
    if (finished === null) continue;
    incidents.push(finished.state);
    timeline.push(...finished.timeline);
  }
  return { changes: [...changes.values()], events, incidents, timeline, aliases };
}

interface Group {
  groupKey: string;
  choice: GroupChoice;
  members: AlertState[];
}

/** The group as one that looks for company, if its rule lets it and the catalog knows its service. */
function seekerOf(group: Group, graph: ServiceGraph): Seeker<Group>[] {
  const { rule } = group.choice;
  const hops = rule.topology?.hops ?? 0;
  const services = new Set(group.members.map((alert) => alert.serviceId).filter((id) => id !== null));
  if (hops === 0 || services.size === 0) return [];
  const reach = new Map<string, ServicePath>();
  for (const service of services) {
    for (const [id, path] of reachOf(graph, service, hops)) {
      const known = reach.get(id);
      if (known === undefined || path.services.length < known.services.length) reach.set(id, path);
    }
  }
  const began = group.members.map((alert) => alert.firstSeenAt).sort();
  const [from = '', to = ''] = [began[0], began.at(-1)];
  return [{ group, ruleId: rule.id, windowSeconds: rule.windowSeconds, from, to, reach }];
}

/** The services on which these fire, and when the last of them began. */
function placeOf(alerts: readonly AlertState[]): [services: string[], newestAt: string] {
  const firing = alerts.filter((alert) => alert.status === 'firing' && alert.serviceId !== null);
  const newest = alerts.reduce((last, alert) => (alert.firstSeenAt > last ? alert.firstSeenAt : last), '');
  return [firing.map((alert) => alert.serviceId).filter((id) => id !== null), newest];
}

/** What a change of an alert means for the incident that it is or was in. */
function followMember(
  { before, after }: AlertChange,
  facts: GroupingFacts,
  draftOf: (id: string) => Draft | undefined,
): void {
  const from = before?.incidentId ?? null;
  const wasFiring = before?.status === 'firing';
  const fires = after.status === 'firing';
  if (from !== null && from !== after.incidentId) draftOf(from)?.leave(wasFiring);
  if (after.incidentId === null) return;
  const stayed = from === after.incidentId;
  const worse = before !== null && severityRank(after.severity) < severityRank(before.severity);
  const settled = before?.flapping === true && !after.flapping;
  const newService = after.service !== before?.service;
  if (stayed && wasFiring === fires && !worse && !settled && !newService) return;
  const draft = draftOf(after.incidentId);
  if (draft === undefined || !stayed) return;
  draft.follow(after, wasFiring);
  const rule = facts.rules.get(draft.state.ruleId ?? '');
  if (worse && fires && draft.state.ruleId !== null) {
    const severity = rule?.severityMap[after.severity] ?? after.severity;
    draft.raise(after, severity, titleTemplateOf(draft.state, facts));
  }
}

function byGroupKey(facts: GroupingFacts): Map<string, { choice: GroupChoice; members: AlertState[] }> {
  const groups = new Map<string, { choice: GroupChoice; members: AlertState[] }>();
  for (const { before, after } of facts.changes) {
    const choice = facts.choices.get(after.id);
    // One that fired and resolved in the same breath still has its place: it was there.
    if (choice === undefined || !wantsGroup(after) || (after.status === 'resolved' && before !== null)) continue;
    const group = groups.get(choice.groupKey) ?? { choice, members: [] };
    group.members.push(after);
    groups.set(choice.groupKey, group);
  }
  return groups;
}

/** The incident that the group's next alert joins, reopened if need be. */
function incidentFor(
  facts: GroupingFacts,
  groupKey: string,
  draftOf: (id: string) => Draft | undefined,
): Draft | undefined {
  const id = facts.homes.get(groupKey);
  const draft = id === undefined ? undefined : draftOf(id);
  if (draft === undefined || draft.state.status !== 'resolved') return draft;
  const since = seconds(draft.state.resolvedAt ?? draft.state.startedAt, facts.at);
  if (since > draft.state.reopenSeconds) return undefined;
  draft.reopen(facts.at, since);
  return draft;
}

/**
 * The waiting alerts that these complete the minimum count with, or null while it is not reached. What counts is when
 * the alerts were heard of, not when we come to them: a pipeline that is behind decides the same.
 */
function waitingFor(
  facts: GroupingFacts,
  groupKey: string,
  { rule }: GroupChoice,
  members: readonly AlertState[],
  changes: ReadonlyMap<string, AlertChange>,
): AlertState[] | null {
  if (rule.minimumCount <= 1) return [];
  const waiting = facts.waiting.filter((alert) => alert.groupKey === groupKey && !changes.has(alert.id));
  const firing = members.filter((alert) => alert.status === 'firing');
  const newest = [...waiting, ...firing].reduce(
    (last, alert) => (alert.lastSeenAt > last ? alert.lastSeenAt : last),
    '',
  );
  const isNear = (alert: AlertState) => seconds(alert.lastSeenAt, newest) <= rule.windowSeconds;
  const near = waiting.filter(isNear);
  return near.length + firing.filter(isNear).length < rule.minimumCount ? null : near;
}

/** True while a resolved alert of the incident still flaps. */
function holdsOpen(incidentId: string, facts: GroupingFacts, changes: ReadonlyMap<string, AlertChange>): boolean {
  for (const id of facts.flapping.get(incidentId) ?? []) if (!changes.has(id)) return true;
  for (const { after } of facts.changes) {
    const now = changes.get(after.id)?.after ?? after;
    if (now.incidentId === incidentId && now.status === 'resolved' && now.flapping) return true;
  }
  return false;
}

function titleTemplateOf(incident: IncidentState, facts: GroupingFacts): string | null {
  return facts.rules.get(incident.ruleId ?? '')?.titleTemplate ?? null;
}

function ruleName(incident: IncidentState, facts: GroupingFacts): string | null {
  if (incident.ruleId === null) return null;
  return facts.rules.get(incident.ruleId)?.name ?? 'a rule deleted since';
}
