import { expect, it } from 'vitest';
import { defaultFilter, emptyFilter } from './alert-filter.ts';
import { groupAlerts } from './alert-groups.ts';
import { createAlertIndex } from './alert-index.ts';
import { byId, sampleAlert, sampleAlerts, sampleNowMs } from './sample-alerts.ts';

const options = { sort: 'severity' as const, nowMs: sampleNowMs };

it('filters, counts, sorts and groups 50,000 alerts within the 100 ms of one input', () => {
  const index = createAlertIndex();
  const alerts = sampleAlerts(50_000).map((alert, i) => ({ ...alert, incidentId: i % 4 === 0 ? null : `incident-${i % 900}` }));
  index.sync(byId(alerts));
  const filters = [
    defaultFilter,
    { ...defaultFilter, text: 'e' },
    { ...defaultFilter, text: 'er' },
    { ...defaultFilter, text: 'err' },
    { ...defaultFilter, text: 'env=prod checkout' },
    { ...emptyFilter, severities: ['sev1' as const], services: ['payments', 'search'] },
  ];
  const times = filters.flatMap((filter) =>
    [0, 1, 2].map(() => {
      const startedAt = performance.now();
      groupAlerts(index.query(filter, options).alerts);
      return performance.now() - startedAt;
    }),
  );
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] as number;
  expect(p95).toBeLessThan(100);
});

it('takes one changed alert without rebuilding the rest', () => {
  const index = createAlertIndex();
  index.sync(byId(sampleAlerts(50_000)));
  const startedAt = performance.now();
  for (let i = 0; i < 200; i += 1) index.put(sampleAlert(i, { version: 2, count: 50 }));
  expect(performance.now() - startedAt).toBeLessThan(50);
});
