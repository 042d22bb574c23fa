import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { sampleAlert } from '../../testkit/sample-rows.ts';
import { manyServices, sampleService, sampleServices } from '../../testkit/sample-services.ts';
import { edgePaths } from '../../ui/graph/edge-paths.ts';
import { healthOfAll } from './health.ts';
import { mapGraph } from './map-graph.ts';
import { edgeLooks, nodeLooks } from './map-looks.ts';
import { MapNode } from './map-node.tsx';
import { pathOf, stepBack, viewOf } from './map-view.ts';
import { healthWords, lineOf } from './map-words.ts';
import { follow, inOrder } from './moves.ts';
import { createFit } from './node-text.ts';
import { inOneSpelling } from './owners.ts';
import { around, reach } from './reach.ts';
import { clustersMax, drawnMax, sceneOf, type View } from './scene.ts';
import { tableRows } from './table-rows.ts';

const shop = mapGraph(sampleServices());
const id = (name: string): string => shop.find(name) ?? `?${name}`;
const names = (ids: Iterable<string>): string[] => [...ids].map((each) => shop.nodes.get(each)?.name ?? '').toSorted();
const everything: View = { focus: null, hops: 2, team: null, kind: null };
const noTeams = () => null;
const good = { fresh: true, reporting: true };

/** Any catalog of up to twelve services, circles and names of nobody included. */
const someGraph = fc
  .array(fc.array(fc.integer({ min: 0, max: 13 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    mapGraph(rows.map((to, i) => sampleService(i + 1, `s${i}`, { dependsOn: to.map((each) => `S${each}`) }))),
  );

describe('who calls whom', () => {
  it('knows other names, and keeps what nobody described as a node', () => {
    expect(shop.find('PAY ')).toBe(id('payments'));
    expect(shop.nodes.get('?acquirer')).toEqual({ id: '?acquirer', name: 'acquirer', service: null });
    expect(names(shop.callers.get(id('payments')) ?? [])).toEqual(['checkout', 'refunds-worker', 'subscriptions']);
  });
});

describe('the blast radius', () => {
  it('goes up to what can break with it, and down to what it needs', () => {
    expect(names(reach(shop, id('payments-db'), 'up', 1).keys())).toEqual(['payments', 'payments-db']);
    expect(names(reach(shop, id('fraud-score'), 'down').keys())).toEqual(['feature-store', 'fraud-score']);
    expect(reach(shop, 'nobody', 'up').size).toBe(0);
    const distances = around(shop, id('payments'), 2);
    expect([distances.get(id('gateway')), distances.get(id('payments')), distances.get(id('payments-db-r1'))]).toEqual([
      -2, 0, 2,
    ]);
    expect(distances.has(id('mail'))).toBe(false);
  });

  it('is closed: nothing outside of it calls what is inside, and up is the reverse of down', () => {
    fc.assert(
      fc.property(someGraph, (graph) => {
        for (const start of graph.nodes.keys()) {
          const up = reach(graph, start, 'up');
          expect(graph.edges.filter(({ from, to }) => up.has(to) && !up.has(from))).toEqual([]);
          const needing = [...graph.nodes.keys()].filter((other) => reach(graph, other, 'down').has(start));
          expect([...up.keys()].toSorted()).toEqual(needing.toSorted());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never reaches further than its hops', () => {
    fc.assert(
      fc.property(someGraph, fc.integer({ min: 0, max: 4 }), (graph, hops) => {
        for (const start of graph.nodes.keys())
          for (const [other, distance] of reach(graph, start, 'down', hops)) {
            expect(distance).toBeLessThanOrEqual(hops);
            expect(reach(graph, start, 'down').get(other)).toBe(distance);
          }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the health of a service', () => {
  const alerts = [
    sampleAlert('a', { serviceId: id('payments'), severity: 'sev3', title: 'Slow' }),
    sampleAlert('b', { serviceId: id('payments'), severity: 'sev1', title: 'Down' }),
    sampleAlert('c', { service: 'redis', severity: 'sev1', suppressed: true }),
    sampleAlert('d', { service: 'redis', severity: 'sev1', status: 'resolved' }),
    sampleAlert('e', { service: 'Acquirer', severity: 'sev2', title: 'No answer' }),
    sampleAlert('f', { service: 'nobody', severity: 'sev1' }),
  ];
  const of = (name: string, facts = good) => healthOfAll(shop, alerts, facts).get(id(name));

  it('is that of the worst open alert that nothing suppresses', () => {
    expect(of('payments')).toMatchObject({ mark: 'sev1', open: 2, worst: 'Down' });
    expect(of('redis')).toMatchObject({ mark: 'ok', open: 0 });
    expect(of('acquirer')).toMatchObject({ mark: 'sev2', open: 1 });
  });

  it('is unknown without a source, and where nobody described it; never a tick', () => {
    const silent = { fresh: true, reporting: false };
    expect(of('redis', silent)).toMatchObject({ mark: 'unknown', why: 'no-source' });
    expect(of('payments', silent)).toMatchObject({ mark: 'sev1' });
    expect(healthOfAll(shop, [], good).get('?acquirer')).toMatchObject({ mark: 'unknown', why: 'not-described' });
  });

  it('of old data is unknown for all, and says what it was', () => {
    const old = healthOfAll(shop, alerts, { fresh: false, reporting: true });
    expect(new Set([...old.values()].map(({ mark }) => mark))).toEqual(new Set(['unknown']));
    const was = old.get(id('payments'));
    expect(was === undefined ? '' : lineOf(was)).toBe('was severity 1');
    const calm = old.get(id('redis'));
    expect(calm === undefined ? '' : healthWords(calm)).toBe('not known now');
  });
});

describe('what is drawn', () => {
  it('is everything of a small catalog, and what is around a focus', () => {
    expect(sceneOf(shop, everything, noTeams)).toMatchObject({ left: 0, nodes: { length: 16 } });
    const near = sceneOf(shop, { ...everything, focus: id('payments'), hops: 1 }, noTeams);
    expect(names(near.nodes.map((node) => node.id))).toEqual([
      'acquirer',
      'checkout',
      'fraud-score',
      'payments',
      'payments-db',
      'redis',
      'refunds-worker',
      'subscriptions',
    ]);
    expect(near.left).toBe(8);
  });

  it.each([501, 2_000, 10_000])('is clusters of %i services, each of them in one', (count) => {
    const graph = mapGraph(manyServices(count));
    const scene = sceneOf(graph, everything, noTeams);
    expect(scene.nodes.length).toBeLessThanOrEqual(clustersMax);
    expect(scene.nodes.flatMap(({ members }) => members).toSorted()).toEqual([...graph.nodes.keys()].toSorted());
    const opens = scene.nodes[0]?.opens;
    const inside = sceneOf(graph, { ...everything, team: opens?.team ?? null, kind: opens?.kind ?? null }, noTeams);
    expect(inside.nodes.length).toBeLessThanOrEqual(drawnMax);
    expect(inside.nodes.flatMap(({ members }) => members).length).toBe(scene.nodes[0]?.members.length);
  });

  it('has one cluster for an owner, however it is spelled', () => {
    const many = (owners: readonly string[]) =>
      manyServices(600).map((service, n) => ({ ...service, ownerText: owners[n % owners.length] ?? '' }));
    const clusters = (owners: readonly string[], teams: readonly { name: string }[]) =>
      sceneOf(mapGraph(inOneSpelling(many(owners), teams)), everything, noTeams).nodes.map(({ name }) => name);
    expect(clusters(['shop', 'Shop', 'mail'], [])).toEqual(['Shop', 'mail']);
    expect(clusters(['Shop', 'SHOP ', 'mail'], [{ name: 'shop' }, { name: 'Nobody' }])).toEqual(['mail', 'shop']);
    const graph = mapGraph(inOneSpelling(many(['shop', 'Shop']), []));
    expect(sceneOf(graph, { ...everything, team: 'shop' }, noTeams).left).toBe(0);
  });

  it('of one team with too many goes by kind, and of one kind by name', () => {
    const graph = mapGraph(manyServices(3_000).map((service) => ({ ...service, ownerText: 'One' })));
    const kinds = sceneOf(graph, everything, noTeams);
    expect(kinds.nodes.map(({ name }) => name)).toEqual(['Databases', 'Queues', 'Services']);
    const services = sceneOf(graph, { ...everything, kind: 'service' }, noTeams);
    expect(services.nodes.length).toBeLessThanOrEqual(clustersMax);
    expect(services.nodes.every(({ opens }) => opens === null)).toBe(true);
  });
});

describe('a node of the picture', () => {
  const scene = sceneOf(shop, everything, noTeams);
  const looking = {
    graph: shop,
    scene,
    health: healthOfAll(shop, [sampleAlert('a', { service: 'payments', severity: 'sev1', title: 'Down' })], good),
    pins: new Map([[id('redis'), { x: 1, y: 2 }]]),
    changes: new Map(),
    minuteMs: Date.parse('2026-11-21T14:30:00Z'),
    cursor: id('payments'),
    focus: null,
    centre: null as string | null,
    blast: new Set(reach(shop, id('payments'), 'up').keys()),
    search: '',
    movable: true,
    fit: createFit((text) => text.length * 10),
  };
  const looks = new Map(nodeLooks(looking).map((node) => [node.data.name, node]));

  it('says in words what its mark says', () => {
    const payments = looks.get('payments');
    const markup = payments === undefined ? '' : renderToStaticMarkup(<MapNode data={payments.data} />);
    expect(markup).toContain('aria-label="payments, Severity 1, Down"');
    expect(markup).toContain('data-mark="sev1"');
    expect(markup).toContain('>Down<');
    expect(markup).toContain('cursor');
    const acquirer = looks.get('acquirer');
    expect(acquirer === undefined ? '' : renderToStaticMarkup(<MapNode data={acquirer.data} />)).toContain(
      'not in the catalog',
    );
  });

  it('cuts what is too long for it, and still has the whole in its name and under the pointer', () => {
    const db = looks.get('payments-db-r1');
    expect(db?.data).toMatchObject({ shortName: 'payments-d…', farName: 'payments-d…' });
    const markup = db === undefined ? '' : renderToStaticMarkup(<MapNode data={db.data} />);
    expect(markup).toContain('aria-label="payments-db-r1, ');
    expect(markup).toContain('title="payments-db-r1"');
  });

  it('can be moved unless nobody described it; stands back outside of the radius or of what is looked for', () => {
    expect([looks.get('redis')?.movable, looks.get('acquirer')?.movable]).toEqual([true, false]);
    expect([looks.get('checkout')?.data.dim, looks.get('redis')?.data.dim]).toEqual([false, true]);
    expect(looks.get('redis')?.data.pinned).toBe(true);
    const searched = nodeLooks({ ...looking, search: 'PAY' }).filter(({ data }) => !data.dim);
    expect(searched.map(({ data }) => data.name).toSorted()).toEqual(['payments', 'payments-db', 'payments-db-r1']);
  });

  it('has its edges in few paths, its own above the others', () => {
    const places = new Map(scene.nodes.map((node, i) => [node.id, { x: i * 10, y: i }]));
    const paths = edgePaths(edgeLooks(looking), places, { width: 168, height: 56 });
    expect(paths.map(([look]) => look)).toEqual(['faint', 'plain', 'strong']);
  });

  it('on the suspect path stands out with its line, also beyond the radius', () => {
    const hurt = ['payments', 'payments-db'].map((service) => sampleAlert(service, { service, severity: 'sev1' }));
    const asked = { ...looking, health: healthOfAll(shop, hurt, good), centre: id('payments') };
    expect(nodeLooks(asked).find((node) => node.id === id('payments-db'))?.data.dim).toBe(false);
    expect(edgeLooks(asked).filter(({ look }) => look === 'suspect')).toEqual([
      { from: id('payments'), to: id('payments-db'), look: 'suspect' },
    ]);
  });
});

describe('the keyboard', () => {
  const places = new Map([
    [id('checkout'), { x: 0, y: 100 }],
    [id('subscriptions'), { x: 0, y: 0 }],
    [id('payments'), { x: 240, y: 90 }],
  ]);

  it('goes down columns, and along edges to the nearest', () => {
    expect(names(inOrder([...places.keys()], places).slice(0, 1))).toEqual(['subscriptions']);
    expect(follow(id('payments'), 'callers', shop.edges, places)).toBe(id('checkout'));
    expect(follow(id('mail'), 'calls', shop.edges, places)).toBe(null);
  });
});

describe('the address', () => {
  it('comes back as it was, and goes out one step at a time', () => {
    const view = { focus: '?a/b', hops: 3, team: null, kind: null, form: 'table', peek: 'x' } as const;
    const [path = '', query = ''] = pathOf(view).split('?', 2);
    const params = { id: decodeURIComponent(path.replace('#/map/', '')) };
    expect(viewOf(params, new URLSearchParams(query))).toEqual(view);
    const steps = [];
    for (let at = stepBack({ ...view, team: 'Shop' }); at !== null; at = stepBack(at)) steps.push(pathOf(at));
    expect(steps).toEqual([
      '#/map/%3Fa%2Fb?hops=3&team=Shop&view=table',
      '#/map?team=Shop&view=table',
      '#/map?view=table',
    ]);
  });
});

describe('the table', () => {
  it('has the same services as the picture, by team, worst first', () => {
    const health = healthOfAll(shop, [sampleAlert('a', { service: 'redis', severity: 'sev1' })], good);
    const ask = { graph: shop, health, teamName: noTeams, within: null, search: '', folded: new Set<string>() };
    const rows = tableRows(ask);
    expect(rows.slice(0, 2)).toMatchObject([
      { kind: 'team', name: 'Data', mark: 'sev1', open: true },
      { kind: 'service', node: { name: 'redis' } },
    ]);
    expect(rows.filter(({ kind }) => kind === 'service').length).toBe(shop.nodes.size);
    expect(tableRows({ ...ask, folded: new Set(['Data']) })[0]).toMatchObject({ name: 'Data', open: false });
    expect(tableRows({ ...ask, search: 'pay' }).length).toBe(5);
  });
});
