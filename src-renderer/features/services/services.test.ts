import { describe, expect, it } from 'vitest';
import type { Service } from '#server/contract/service.ts';
import { sampleAlert } from '../alerts/sample-alerts.ts';
import { broughtBack, checkService, serviceFormOf } from './service-draft.ts';
import { firingByService, searchServices, serviceGraph } from './service-graph.ts';

function aService(name: string, change: Partial<Service> = {}): Service {
  return {
    id: name,
    version: 1,
    name,
    kind: 'service',
    teamId: null,
    ownerText: '',
    tier: null,
    description: '',
    links: [],
    journeys: [],
    aliases: [],
    bindings: [],
    dependsOn: [],
    hasRunbook: false,
    source: 'hand',
    pin: null,
    updatedBy: null,
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

describe('the catalog as a graph', () => {
  const graph = serviceGraph([
    aService('web', { dependsOn: ['Shop', 'nowhere', 'web'], ownerText: 'Ada' }),
    aService('checkout', { aliases: ['shop'], dependsOn: ['db-2'] }),
    aService('db-10'),
    aService('db-2', { kind: 'database' }),
  ]);

  it('follows names and other names, and keeps those that nobody described', () => {
    const names = (ids: readonly string[] = []) => ids.map((id) => graph.nodes.get(id)?.name);
    expect(names(graph.calls.get('web'))).toEqual(['checkout', 'nowhere']);
    expect(names(graph.callers.get('checkout'))).toEqual(['web']);
    expect([...graph.nodes.values()].filter(({ service }) => service === null)).toMatchObject([{ name: 'nowhere' }]);
    expect([...graph.services.keys()]).toEqual(['checkout', 'db-2', 'db-10', 'web']);
  });

  it('finds services by name, other name, owner and kind', () => {
    const names = (text: string) => searchServices(graph, text, ({ ownerText }) => ownerText).map(({ name }) => name);
    expect([names('SHOP'), names('ada'), names('data db'), names('zzz')]).toEqual([
      ['checkout'],
      ['web'],
      ['db-2'],
      [],
    ]);
  });

  it('takes the worst alert that fires, and no suppressed one', () => {
    const alerts = [
      sampleAlert(1, { serviceId: 'web', severity: 'sev3' }),
      sampleAlert(2, { serviceId: 'web', severity: 'sev1' }),
      sampleAlert(3, { serviceId: 'db-2', severity: 'sev1', suppressed: true }),
      sampleAlert(4, { serviceId: 'db-10', status: 'resolved' }),
      sampleAlert(5, { serviceId: null, service: 'Shop', severity: 'info' }),
    ];
    expect([...firingByService(alerts, graph)]).toEqual([
      ['web', { worst: 'sev1', count: 2 }],
      ['checkout', { worst: 'info', count: 1 }],
    ]);
  });
});

describe('editing a service', () => {
  const form = { ...serviceFormOf(null), name: 'checkout' };

  it('reads lists from lines and gives them back as they were typed', () => {
    const { draft } = checkService({
      ...form,
      tier: '1',
      links: 'runbook | Restart it | https://run.example/a',
      bindings: 'app=checkout, env=prod\n\napp=shop',
      journeys: 'pay\n see the receipt ',
    });
    expect(draft).toMatchObject({
      tier: 1,
      links: [{ kind: 'runbook', label: 'Restart it', url: 'https://run.example/a' }],
      bindings: [{ app: 'checkout', env: 'prod' }, { app: 'shop' }],
      journeys: ['pay', 'see the receipt'],
      runbook: null,
    });
    const detail = {
      ...aService('checkout'),
      ...draft!,
      runbook: null,
      usedBy: [],
      unknown: [],
      health: 'ok' as const,
    };
    expect(checkService(serviceFormOf(detail)).draft).toEqual(draft);
  });

  it('says which field is wrong and how it should look', () => {
    expect(checkService({ ...form, name: ' ' }).errors.name).toContain('Give it the name');
    expect(checkService({ ...form, bindings: 'app' }).errors.bindings).toContain('app=checkout');
    expect(checkService({ ...form, links: 'run | a | https://x' }).errors.links).toContain('The first word is one of');
    expect(checkService({ ...form, links: 'runbook | a | javascript:alert(1)' }).errors.links).toContain('https://');
  });
});

it('a deleted service comes back with its runbook, and to where it stood on the map', () => {
  const runbook = 'Pull the plug.';
  const row = aService('checkout', { id: 's1', tier: 1, dependsOn: ['db'], hasRunbook: true });
  const was = { ...row, runbook, usedBy: ['web'], unknown: [], health: 'ok' as const };
  expect(broughtBack(was)).toEqual({
    inverse: {
      kind: 'service.save',
      serviceId: 's1',
      draft: {
        name: 'checkout',
        kind: 'service',
        teamId: null,
        ownerText: '',
        tier: 1,
        description: '',
        links: [],
        runbook,
        journeys: [],
        aliases: [],
        bindings: [],
        dependsOn: ['db'],
      },
    },
    followUp: null,
  });
  expect(broughtBack({ ...was, pin: { x: 3, y: 4 } }).followUp).toEqual({
    kind: 'service.pin',
    serviceId: 's1',
    pin: { x: 3, y: 4 },
  });
});
