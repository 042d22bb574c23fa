import type { GroupingRule } from '#server/contract/grouping.ts';
import type { Cadence } from '#server/contract/severity.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertChange, AlertStore } from '#server/modules/alerts/state.ts';
import { chooseGroup, type GroupChoice, wantsGroup } from '#server/modules/grouping/choice.ts';
import { compileRules } from '#server/modules/grouping/compile.ts';
import { decideGrouping, type GroupingDecision, type GroupingFacts } from '#server/modules/grouping/rules.ts';
import type { RuleStore } from '#server/modules/grouping/state.ts';
import { reachOf } from '#server/modules/grouping/topology.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { Catalog, CatalogIndex, ServiceGraph } from '#server/modules/services/state.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface GroupingDeps<T> {
  alerts: Pick<AlertStore<T>, 'lockWaiting' | 'flappingIn' | 'firingOn'>;
  incidents: Pick<IncidentStore<T>, 'lockByIds' | 'lockByGroups'>;
  rules: RuleStore<T>;
  catalog: Catalog<T>;
  /** Minutes between updates, as they are chosen now. */
  cadence(): Cadence;
  random: Pick<Random, 'uuid'>;
  logger: Logger;
}

/** What the pipeline read along with something else. */
export interface KnownToPipeline {
  rules: GroupingRule[];
  catalog: CatalogIndex;
}

/** Held by whoever may join the incident of another group: of two, the second sees what the first one opened. */
const topologyLock = 'topology';

export interface Grouping<T = Tx> {
  /** Gathers what the decision needs, under locks, and decides. */
  plan(tx: T, at: string, changes: AlertChange[], known?: KnownToPipeline): Promise<GroupingDecision>;
  /** For a caller that reads them along with something else. */
  rules(tx: T): Promise<GroupingRule[]>;
}

export function createGrouping<T = Tx>(deps: GroupingDeps<T>): Grouping<T> {
  const { alerts, incidents, rules, catalog, random, logger } = deps;

  function choose(changes: AlertChange[], list: GroupingRule[]): Map<string, GroupChoice> {
    const seekers = changes.filter(
      ({ before, after }) => wantsGroup(after) && (after.status === 'firing' || before === null),
    );
    const choices = new Map<string, GroupChoice>();
    const compiled = compileRules(list, (rule, reason) =>
      logger.warn('a grouping rule failed on an alert', { rule: rule.name, reason }),
    );
    for (const { after } of seekers) {
      const choice = chooseGroup(after, compiled);
      if (choice !== null) choices.set(after.id, choice);
    }
    return choices;
  }

  async function homesOf(tx: T, groupKeys: string[], connects: boolean): Promise<Map<string, IncidentState>> {
    if (groupKeys.length === 0) return new Map();
    await rules.lockGroups(tx, connects ? [...groupKeys, topologyLock] : groupKeys);
    return incidents.lockByGroups(tx, groupKeys);
  }

  /** Where alerts fire within reach of those whose group has no incident. */
  async function topologyOf(
    tx: T,
    connecting: readonly Connecting[],
    homes: ReadonlyMap<string, IncidentState>,
    graph: ServiceGraph,
  ): Promise<GroupingFacts['topology']> {
    const reached = new Set<string>();
    for (const { choice, serviceId } of connecting) {
      const home = homes.get(choice.groupKey);
      if (home !== undefined && home.status !== 'resolved') continue;
      for (const id of reachOf(graph, serviceId, choice.rule.topology?.hops ?? 0).keys()) reached.add(id);
    }
    const firing = reached.size === 0 ? [] : await alerts.firingOn(tx, [...reached]);
    return { graph, firing };
  }

  return {
    rules: (tx) => rules.list(tx),
    async plan(tx, at, changes, known) {
      const relevant = changes.filter(concernsIncident);
      if (relevant.length === 0) return { changes, events: [], incidents: [], timeline: [], aliases: [] };
      const list = known?.rules ?? (await rules.list(tx));
      const choices = choose(relevant, list);
      const groupKeys = [...new Set([...choices.values()].map((choice) => choice.groupKey))];
      const connecting = connectingOf(relevant, choices);
      const homes = await homesOf(tx, groupKeys, connecting.length > 0);
      const byId = new Map([...homes.values()].map((incident) => [incident.id, incident]));
      const topology =
        connecting.length === 0
          ? null
          : await topologyOf(tx, connecting, homes, (known?.catalog ?? (await catalog.index(tx))).graph);
      const near = (topology?.firing ?? []).map((place) => place.incidentId);
      const members = [...new Set([...memberIncidents(relevant), ...near])].filter((id) => !byId.has(id)).sort();
      for (const incident of await incidents.lockByIds(tx, members)) byId.set(incident.id, incident);

      const waiting = await waitingFor(tx, relevant, choices, homes);
      const emptying = [...byId.values()]
        .filter((incident) => incident.status !== 'resolved')
        .map((incident) => incident.id);
      const quiet = relevant.some(({ before, after }) => after.status === 'resolved' || before?.flapping === true);
      const flapping = quiet ? await alerts.flappingIn(tx, emptying) : [];
      return decideGrouping(
        {
          at,
          changes,
          choices,
          homes: new Map([...homes].map(([key, incident]) => [key, incident.id])),
          incidents: byId,
          waiting,
          flapping: collect(flapping),
          rules: new Map(list.map((rule) => [rule.id, rule])),
          topology,
          cadence: deps.cadence(),
        },
        random.uuid,
      );
    },
  };

  async function waitingFor(
    tx: T,
    changes: AlertChange[],
    choices: ReadonlyMap<string, GroupChoice>,
    homes: ReadonlyMap<string, IncidentState>,
  ) {
    const groupKeys = new Set<string>();
    let since = Infinity;
    for (const { after } of changes) {
      const choice = choices.get(after.id);
      if (choice === undefined || choice.rule.minimumCount <= 1) continue;
      const home = homes.get(choice.groupKey);
      if (home !== undefined && home.status !== 'resolved') continue;
      groupKeys.add(choice.groupKey);
      since = Math.min(since, Date.parse(after.lastSeenAt) - choice.rule.windowSeconds * 1_000);
    }
    if (groupKeys.size === 0) return [];
    return alerts.lockWaiting(tx, [...groupKeys], new Date(since).toISOString());
  }
}

interface Connecting {
  choice: GroupChoice;
  serviceId: string;
}

/** Those on a service of the catalog whose rule lets them join a connected incident. */
function connectingOf(changes: AlertChange[], choices: ReadonlyMap<string, GroupChoice>): Connecting[] {
  return changes.flatMap(({ after: { id, serviceId } }) => {
    const choice = choices.get(id);
    return choice === undefined || serviceId === null || (choice.rule.topology ?? null) === null
      ? []
      : [{ choice, serviceId }];
  });
}

/** A repeat that changes nothing an incident shows asks nothing of the incidents. */
function concernsIncident({ before, after }: AlertChange): boolean {
  if (after.incidentId === null) return before === null || before.incidentId !== null || after.status === 'firing';
  if (before === null || before.incidentId !== after.incidentId) return true;
  return (
    before.status !== after.status ||
    before.severity !== after.severity ||
    before.service !== after.service ||
    before.flapping !== after.flapping
  );
}

function memberIncidents(changes: AlertChange[]): string[] {
  const ids = changes.flatMap(({ before, after }) => [before?.incidentId ?? null, after.incidentId]);
  return [...new Set(ids.filter((id) => id !== null))].sort();
}

function collect(rows: { id: string; incidentId: string }[]): Map<string, Set<string>> {
  const byIncident = new Map<string, Set<string>>();
  for (const { id, incidentId } of rows) {
    byIncident.set(incidentId, (byIncident.get(incidentId) ?? new Set()).add(id));
  }
  return byIncident;
}
