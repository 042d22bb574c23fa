// Time machine: what the rules, with one of them changed, would have made of the alerts that really came.
import type { GroupingRule, RuleTrial } from '#server/contract/grouping.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { chooseGroup, type CompiledRule, type GroupChoice } from '#server/modules/grouping/choice.ts';
import { createEnds } from '#server/modules/grouping/ends.ts';
import { decideGrouping } from '#server/modules/grouping/rules.ts';
import type { FiringService } from '#server/modules/grouping/topology.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { CatalogIndex } from '#server/modules/services/state.ts';

const sampleMax = 20;
const titlesShown = 5;
const alertsAStretch = 100;

export interface Replay {
  /** An alert as it was, with its times; oldest first. */
  fire(alert: AlertState): void;
  result(): Pick<RuleTrial, 'alertsReplayed' | 'alertsMatched' | 'incidentsBefore' | 'incidentsAfter' | 'samples'>;
}

/**
 * `tried` is the rule that the question is about. The same decision runs here as in the pipeline, with the catalog as it
 * is now.
 */
export function createReplay(rules: readonly CompiledRule[], tried: GroupingRule, catalog: CatalogIndex): Replay {
  const byId = new Map(rules.map(({ rule }) => [rule.id, rule]));
  const homes = new Map<string, string>();
  const incidents = new Map<string, IncidentState>();
  const waiting = new Map<string, AlertState[]>();
  const really = new Set<string>();
  const ends = createEnds<AlertState>();
  /** When the alerts that fire now will have resolved. */
  const resolving = new Map<string, string>();
  const places = new Map<string, { newestAt: string; services: Map<string, Set<string>> }>();
  const titles = new Map<string, string[]>();
  let replayed = 0;
  let matched = 0;
  let opened = 0;
  let ids = 0;
  const newId = () => `replay-${(ids += 1)}`;

  function step(at: string, before: AlertState | null, after: AlertState, choice: GroupChoice | null): void {
    const groupKey = choice?.groupKey;
    const decision = decideGrouping(
      {
        at,
        changes: [{ before, after }],
        choices: choice === null ? new Map() : new Map([[after.id, choice]]),
        homes,
        incidents,
        waiting: (groupKey === undefined ? undefined : waiting.get(groupKey)) ?? [],
        flapping: new Map(),
        rules: byId,
        topology: seeksCompany(after, choice) ? { graph: catalog.graph, firing: firing() } : null,
        // Not what is tried.
        cadence: updateCadenceMinutes,
      },
      newId,
    );
    for (const { groupKey: key, incidentId } of decision.aliases) homes.set(key, incidentId);
    for (const incident of decision.incidents) {
      if (incident.version === 1) opened += 1;
      incidents.set(incident.id, incident);
      if (incident.groupKey !== null) homes.set(incident.groupKey, incident.id);
    }
    for (const { after: alert } of decision.changes) {
      place(alert);
      if (alert.status === 'firing') follow(alert, groupKey);
    }
  }

  /** Where alerts fire, for those that come after. */
  function place({ id, incidentId, serviceId, status, firstSeenAt }: AlertState): void {
    if (incidentId === null) return;
    const known = places.get(incidentId) ?? { newestAt: firstSeenAt, services: new Map<string, Set<string>>() };
    places.set(incidentId, known);
    if (firstSeenAt > known.newestAt) known.newestAt = firstSeenAt;
    if (serviceId === null) return;
    const alerts = known.services.get(serviceId) ?? new Set();
    if (status === 'firing') known.services.set(serviceId, alerts.add(id));
    else if (alerts.delete(id) && alerts.size === 0) known.services.delete(serviceId);
    if (incidents.get(incidentId)?.status === 'resolved') places.delete(incidentId);
  }

  function seeksCompany({ serviceId }: AlertState, choice: GroupChoice | null): boolean {
    if (choice === null || (choice.rule.topology ?? null) === null || serviceId === null) return false;
    const home = incidents.get(homes.get(choice.groupKey) ?? '');
    return home === undefined || home.status === 'resolved';
  }

  function firing(): FiringService[] {
    return [...places].flatMap(([incidentId, { newestAt, services }]) =>
      [...services.keys()].map((serviceId) => ({ incidentId, serviceId, newestAt })),
    );
  }

  function follow(alert: AlertState, groupKey: string | undefined): void {
    const resolvedAt = resolving.get(alert.id);
    // One that waited is noted again when it joins: the note without an incident then does nothing.
    if (resolvedAt !== undefined) ends.add(resolvedAt, alert);
    if (groupKey === undefined) return;
    const others = (waiting.get(groupKey) ?? []).filter((other) => other.id !== alert.id && other.incidentId === null);
    if (alert.incidentId === null) waiting.set(groupKey, [...others.slice(-999), alert]);
    else {
      waiting.delete(groupKey);
      if (incidents.get(alert.incidentId)?.ruleId !== tried.id) return;
      const shown = titles.get(alert.incidentId) ?? [];
      if (shown.length < titlesShown && !shown.includes(alert.title)) shown.push(alert.title);
      titles.set(alert.incidentId, shown);
    }
  }

  function endUntil(at: string): void {
    for (let due = ends.take(at); due !== null; due = ends.take(at)) {
      const { item, at: resolvedAt } = due;
      resolving.delete(item.id);
      const waits = item.groupKey === null ? undefined : waiting.get(item.groupKey);
      if (item.incidentId === null) {
        if (waits !== undefined && item.groupKey !== null)
          waiting.set(
            item.groupKey,
            waits.filter((other) => other.id !== item.id),
          );
        continue;
      }
      step(resolvedAt, item, { ...item, status: 'resolved', resolvedAt }, null);
    }
  }

  return {
    fire(stored) {
      const at = stored.firstSeenAt;
      endUntil(at);
      replayed += 1;
      if (stored.incidentId !== null) really.add(stored.incidentId);
      if (stored.resolvedAt !== null) resolving.set(stored.id, stored.resolvedAt);
      const bound = catalog.bind(stored);
      const alert: AlertState = {
        ...stored,
        service: bound?.name ?? stored.service,
        serviceId: bound?.serviceId ?? null,
        status: 'firing',
        resolvedAt: null,
        lastSeenAt: at,
        incidentId: null,
        groupKey: null,
        ruleId: null,
        groupReason: null,
        placedBy: null,
        flapping: false,
        audience: null,
      };
      const choice = chooseGroup(alert, rules);
      if (choice?.rule.id === tried.id) matched += 1;
      step(at, null, alert, choice);
    },
    result() {
      endUntil('9999');
      const own = [...incidents.values()].filter((incident) => incident.ruleId === tried.id);
      const newest = own.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, sampleMax);
      return {
        alertsReplayed: replayed,
        alertsMatched: matched,
        incidentsBefore: really.size,
        incidentsAfter: opened,
        samples: newest.map((incident) => ({
          title: incident.title,
          severity: incident.severity,
          openedAt: incident.startedAt,
          resolvedAt: incident.resolvedAt,
          alertCount: incident.alertCount,
          reason: incident.groupReason ?? '',
          alertTitles: titles.get(incident.id) ?? [],
        })),
      };
    },
  };
}

/** Feeds the alerts in stretches, letting others have the event loop between them. */
export async function replayAll(
  replay: Replay,
  alerts: readonly AlertState[],
  breathe: () => Promise<void>,
): Promise<void> {
  for (let start = 0; start < alerts.length; start += alertsAStretch) {
    for (const alert of alerts.slice(start, start + alertsAStretch)) replay.fire(alert);
    await breathe();
  }
}

/** The rules in their order of trial with the draft in its place: instead of the rule it changes, or last of the user's. */
export function withDraft(rules: readonly GroupingRule[], tried: GroupingRule): GroupingRule[] {
  if (rules.some((rule) => rule.id === tried.id)) return rules.map((rule) => (rule.id === tried.id ? tried : rule));
  return [...rules.filter((rule) => !rule.builtIn), tried, ...rules.filter((rule) => rule.builtIn)];
}
