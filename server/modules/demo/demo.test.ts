import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CatalogFile } from '#server/modules/services/catalog-file.ts';
import { demoCatalog } from './catalog.ts';
import { demoRequests, demoServices, shopAlerts } from './script.ts';

it('describes every service of the script, and what the outage runs through', () => {
  const { services } = CatalogFile.parse(parse(demoCatalog));
  expect(demoServices.filter((name) => services[name] === undefined)).toEqual([]);
  expect(services['checkout']?.dependsOn).toContain('payments');
});

describe('the demo script', () => {
  const requests = demoRequests();

  it('tells of eight services, a deploy before the first database alert, and a recovery of everything', () => {
    expect(new Set(shopAlerts.map((alert) => alert.service))).toEqual(new Set(demoServices));
    const deploy = requests.find((r) => r.path === '/v2/change/enqueue' && r.at === 60);
    const database = Math.min(...shopAlerts.filter((a) => a.service === 'payments-db').map((a) => a.from));
    expect(deploy).toBeDefined();
    expect(database).toBeGreaterThan(60);
    for (const alert of shopAlerts) expect(alert.to).toBeGreaterThan(alert.from);
  });

  it('is in order and ends every alert it starts', () => {
    const open = new Map<string, string>();
    let last = 0;
    for (const request of requests) {
      expect(request.at).toBeGreaterThanOrEqual(last);
      last = request.at;
      const body = request.body({ now: 1_000_000 + request.at * 1_000, startedAt: 1_000_000, speed: 1, key: 'k' });
      const alerts = (body as { alerts?: { fingerprint: string; status: string }[] }).alerts ?? [];
      for (const alert of alerts) open.set(alert.fingerprint, alert.status);
    }
    expect(new Set(open.values())).toEqual(new Set(['resolved']));
  });
});
