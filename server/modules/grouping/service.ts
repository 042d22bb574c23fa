import type { GroupingRule } from '#server/contract/grouping.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertChange, AlertStore } from '#server/modules/alerts/state.ts';
import { chooseGroup, type GroupChoice, wantsGroup } from '#server/modules/grouping/choice.ts';
import { compileRules } from '#server/modules/grouping/compile.ts';
import { decideGrouping, type GroupingDecision } from '#server/modules/grouping/rules.ts';
import type { RuleStore } from '#server/modules/grouping/state.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface GroupingDeps<T> {
  alerts: Pick<AlertStore<T>, 'lockWaiting' | 'flappingIn'>;
  incidents: Pick<IncidentStore<T>, 'lockByIds' | 'lockByGroups'>;
  rules: RuleStore<T>;
  random: Pick<Random, 'uuid'>;
  logger: Logger;
}

export interface Grouping<T = Tx> {
  /** Gathers what the decision needs, under locks, and decides. */
  plan(tx: T, at: string, changes: AlertChange[], rules?: GroupingRule[]): Promise<GroupingDecision>;
  /** For a caller that reads them along with something else. */
  rules(tx: T): Promise<GroupingRule[]>;
}

export function createGrouping<T = Tx>({ alerts, incidents, rules, random, logger }: GroupingDeps<T>): Grouping<T> {
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

  async function homesOf(tx: T, groupKeys: string[]): Promise<Map<string, IncidentState>> {
    if (groupKeys.length === 0) return new Map();
    await rules.lockGroups(tx, groupKeys);
    return incidents.lockByGroups(tx, groupKeys);
  }

  return {
    rules: (tx) => rules.list(tx),
    async plan(tx, at, changes, given) {
      const relevant = changes.filter(concernsIncident);
      if (relevant.length === 0) return { changes, events: [], incidents: [], timeline: [] };
      const list = given ?? (await rules.list(tx));
      const choices = choose(relevant, list);
      const groupKeys = [...new Set([...choices.values()].map((choice) => choice.groupKey))];
      const homes = await homesOf(tx, groupKeys);
      const byId = new Map([...homes.values()].map((incident) => [incident.id, incident]));
      const members = memberIncidents(relevant).filter((id) => !byId.has(id));
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
