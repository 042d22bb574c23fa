import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { chooseGroup } from '#server/modules/grouping/choice.ts';
import { compileRules } from '#server/modules/grouping/compile.ts';
import { decideGrouping, type GroupingDecision } from '#server/modules/grouping/rules.ts';
import { reachOf } from '#server/modules/grouping/topology.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { CatalogIndex } from '#server/modules/services/state.ts';
import { aRule, aSignal } from '#server/testkit/alert-world.ts';
import { aCatalog, aRouter, serviceId } from '#server/testkit/catalog.ts';

const start = Date.UTC(2026, 0, 1, 12);
const instant = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
let ids = 0;
const newId = () => `id-${String((ids += 1)).padStart(6, '0')}`;

function anAlertOn(service: string, seconds = 0, change: Partial<AlertState> = {}): AlertState {
  const signal = aSignal({ receivedAt: start + seconds * 1_000, dedupKey: `${service}/Down`, service });
  const decision = decideSignal(null, signal, instant(seconds), newId);
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return { ...decision.changes[0]!.after, serviceId: serviceId(service), ...change };
}

/** A small store: applies batches one after the other, as the pipeline does. */
function aHouse(catalog: CatalogIndex, rule = aRule('built-in')) {
  const compiled = compileRules([rule], () => {});
  const alerts = new Map<string, AlertState>();
  const incidents = new Map<string, IncidentState>();
  const homes = new Map<string, string>();
  return {
    alerts,
    incidents,
    come(seconds: number, ...arriving: AlertState[]): GroupingDecision {
      const members = [...alerts.values()].filter((alert) => alert.incidentId !== null);
      const newest = (id: string | null) =>
        members
          .filter((alert) => alert.incidentId === id)
          .reduce((last, { firstSeenAt }) => (firstSeenAt > last ? firstSeenAt : last), '');
      const decision = decideGrouping(
        {
          cadence: updateCadenceMinutes,
          at: instant(seconds),
          changes: arriving.map((after) => ({ before: null, after })),
          choices: new Map(
            arriving.flatMap((alert) => {
              const choice = chooseGroup(alert, compiled);
              return choice === null ? [] : [[alert.id, choice] as const];
            }),
          ),
          homes,
          incidents,
          waiting: [],
          flapping: new Map(),
          rules: new Map([[rule.id, rule]]),
          topology: {
            graph: catalog.graph,
            firing: members.map((alert) => ({
              incidentId: alert.incidentId ?? '',
              serviceId: alert.serviceId ?? '',
              newestAt: newest(alert.incidentId),
            })),
          },
        },
        newId,
      );
      for (const { after } of decision.changes) alerts.set(after.id, after);
      for (const incident of decision.incidents) {
        incidents.set(incident.id, incident);
        if (incident.groupKey !== null) homes.set(incident.groupKey, incident.id);
      }
      for (const { groupKey, incidentId } of decision.aliases) homes.set(groupKey, incidentId);
      return decision;
    },
    reasonOf: (service: string) => [...alerts.values()].findLast((alert) => alert.service === service)?.groupReason,
  };
}

describe('a router goes down', () => {
  const catalog = aCatalog({ ...aRouter(12), elsewhere: [] });
  const storm = [anAlertOn('router'), ...Array.from({ length: 12 }, (_, i) => anAlertOn(`host-${i + 1}`, i))];
  const shuffled = fc.shuffledSubarray(storm, { minLength: 13, maxLength: 13 });

  it('makes one incident of thirteen alerts, whatever their order and however they are cut into batches', () => {
    fc.assert(
      fc.property(shuffled, fc.array(fc.integer({ min: 1, max: 13 }), { maxLength: 4 }), (order, cuts) => {
        const house = aHouse(catalog);
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), 13];
        bounds.slice(1).forEach((end, i) => {
          const batch = order.slice(bounds[i], end);
          if (batch.length > 0) house.come(20, ...batch);
        });
        expect(house.incidents.size).toBe(1);
        expect([...house.incidents.values()][0]?.alertCount).toBe(13);
      }),
      { numRuns: 60 },
    );
  });

  it('is named by what the others depend on, and each alert says its path', () => {
    const house = aHouse(catalog);
    house.come(20, ...storm.toReversed());
    expect([...house.incidents.values()][0]?.title).toBe('router: HighLatency: p99 latency above 2 s');
    expect(house.reasonOf('host-3')).toBe(
      '“host-3” depends on “router”, where an alert fires (host-3 → router), 2 s after the first; rule “By service”.',
    );
  });

  it('leaves alone what is not connected, and what comes after the window', () => {
    const house = aHouse(catalog);
    house.come(20, ...storm.slice(0, 5), anAlertOn('elsewhere', 3));
    expect(house.incidents.size).toBe(2);
    house.come(330, anAlertOn('host-12', 330));
    expect(house.incidents.size).toBe(3);
    // A group that joined stays where it is, whatever the window.
    house.come(900, anAlertOn('host-2', 900, { title: 'Another thing' }));
    expect(house.incidents.size).toBe(3);
    expect(house.reasonOf('host-2')).toBe(
      'Together with 5 others, 15 min after the first; rule “By service”. Its group, service “host-2”, was taken into this incident before.',
    );
  });

  it('goes on for as long as alerts keep coming', () => {
    const house = aHouse(catalog);
    house.come(0, anAlertOn('host-1', 0));
    house.come(250, anAlertOn('host-2', 250));
    house.come(500, anAlertOn('router', 500));
    expect(house.incidents.size).toBe(1);
  });
});

describe('whom an alert joins', () => {
  it('both the caller and what is called, and two that depend on the same, but not two that one calls', () => {
    const chain = aCatalog({
      web: ['checkout', 'search'],
      checkout: ['db'],
      search: ['db'],
      db: [],
      batch: ['queue'],
      queue: [],
    });
    const incidentsOf = (...services: string[]) => {
      const house = aHouse(chain);
      services.forEach((service, i) => house.come(i, anAlertOn(service, i)));
      return [house.incidents.size, house.reasonOf(services.at(-1) ?? '')];
    };
    expect(incidentsOf('db', 'checkout')[0]).toBe(1);
    expect(incidentsOf('checkout', 'db')).toEqual([
      1,
      '“checkout”, where an alert fires, depends on “db” (db ← checkout), 1 s after the first; rule “By service”.',
    ]);
    expect(incidentsOf('web', 'db')[1]).toContain('(db ← checkout ← web)');
    expect(incidentsOf('checkout', 'search')[1]).toContain(
      '“search” and “checkout”, where an alert fires, both depend on “db” (search → db ← checkout)',
    );
    expect(incidentsOf('web', 'queue')[0]).toBe(2);
    const callerOnly = aHouse(aCatalog({ web: ['a', 'b'], a: [], b: [] }));
    callerOnly.come(0, anAlertOn('a'), anAlertOn('b'));
    expect(callerOnly.incidents.size).toBe(2);
  });

  it('is nobody where the rule says so, where the rule is another, or where the incident is restricted', () => {
    const catalog = aCatalog({ a: ['b'], b: [] });
    const off = aHouse(catalog, aRule('built-in', { topology: null }));
    off.come(0, anAlertOn('a'), anAlertOn('b'));
    expect(off.incidents.size).toBe(2);
    const hidden = aHouse(catalog);
    hidden.come(0, anAlertOn('a'));
    for (const incident of hidden.incidents.values()) {
      hidden.incidents.set(incident.id, { ...incident, restrictedTo: ['team'] });
    }
    hidden.come(1, anAlertOn('b', 1));
    expect(hidden.incidents.size).toBe(2);
  });

  it('is the nearest, then the oldest', () => {
    const house = aHouse(
      aCatalog({ a: ['b'], b: ['c'], c: [] }),
      aRule('built-in', { topology: { hops: 2 }, windowSeconds: 5 }),
    );
    house.come(0, anAlertOn('c', 0));
    house.come(6, anAlertOn('b', 6));
    expect(house.incidents.size).toBe(2);
    house.come(5, anAlertOn('a', 5));
    expect(house.reasonOf('a')).toContain('(a → b)');
  });
});

describe('the reach of a service', () => {
  it('ends in a cycle, at names nobody described, and at what everything depends on', () => {
    const cycle = aCatalog({ a: ['b', 'nowhere'], b: ['c'], c: ['a'] });
    expect(reachOf(cycle.graph, serviceId('a'), 3).size).toBe(3);
    const hub = aCatalog({ dns: [], ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`s${i}`, ['dns']])) });
    expect([...reachOf(hub.graph, serviceId('s1'), 2).keys()]).toEqual([serviceId('s1'), serviceId('dns')]);
    expect(reachOf(hub.graph, serviceId('dns'), 1).size).toBe(61);
  });

  it('is bounded in a catalog where all hangs together', () => {
    const many = aCatalog({
      root: [],
      ...Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`s${i}`, ['root']])),
    });
    expect(reachOf(many.graph, serviceId('root'), 3).size).toBe(1_000);
  });

  it('is mutual, with the same path the other way round', () => {
    const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
    const someNames = fc.subarray(names, { maxLength: 3 });
    fc.assert(
      fc.property(fc.tuple(...names.map(() => someNames)), fc.integer({ min: 1, max: 3 }), (targets, hops) => {
        const { graph } = aCatalog(
          Object.fromEntries(names.map((name, i) => [name, (targets[i] ?? []).filter((other) => other !== name)])),
        );
        for (const from of names) {
          for (const [to, path] of reachOf(graph, serviceId(from), hops)) {
            const back = reachOf(graph, to, hops).get(serviceId(from));
            expect(back?.services.length).toBe(path.services.length);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
