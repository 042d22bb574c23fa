import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '#server/contract/alert.ts';
import { severityRank } from '#server/contract/severity.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import { defaultFilter, emptyFilter } from './alert-filter.ts';
import { type AlertIndex, alertSorts, createAlertIndex, histogramBins } from './alert-index.ts';
import { byId, sampleAlert, sampleAlerts, sampleNowMs } from './sample-alerts.ts';

const options = { sort: 'severity' as const, nowMs: sampleNowMs };

function indexed(alerts: Alert[]) {
  const index = createAlertIndex();
  index.sync(byId(alerts));
  return index;
}

describe('filtering', () => {
  it('finds the same alerts as asking each alert in turn, whatever the filter and whatever came before', () => {
    const filters = fc.record({
      text: fc.constantFrom('', 'error', 'env=prod', 'error checkout', 'env=prod pay', 'nothing like it'),
      severities: fc.subarray(['sev1', 'sev2', 'sev3', 'info'] as const),
      statuses: fc.subarray(['firing', 'resolved'] as const),
      marks: fc.subarray(['acknowledged', 'suppressed', 'flapping'] as const),
      services: fc.subarray(['checkout', 'payments', '', 'absent']),
      sources: fc.subarray(['alertmanager', 'grafana']),
      incidentId: fc.constant(null),
    });
    const alerts = fc.array(
      fc.record({
        i: fc.integer({ min: 0, max: 40 }),
        status: fc.constantFrom('firing', 'resolved'),
        acknowledged: fc.boolean(),
        suppressed: fc.boolean(),
        flapping: fc.boolean(),
        noService: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(alerts, fc.array(filters, { minLength: 1, maxLength: 4 }), (made, asked) => {
        const index = createAlertIndex();
        const held = new Map<string, Alert>();
        for (const { i, noService, ...over } of made) {
          const alert = sampleAlert(i, noService ? { ...over, service: null } : over);
          held.set(alert.id, alert);
          index.put(alert);
        }
        for (const filter of asked) {
          const got = index.query(filter, options).alerts.map((alert) => alert.id);
          const want = [...held.values()].filter((alert) => passes(alert, filter)).map((alert) => alert.id);
          expect(got.toSorted()).toEqual(want.toSorted());
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds a growing text again after it shrank', () => {
    const index = indexed(sampleAlerts(50));
    const count = (text: string): number => index.query({ ...emptyFilter, text }, options).alerts.length;
    const all = count('');
    const errors = count('error');
    expect(count('errorratio')).toBe(errors);
    expect(count('errorx')).toBe(0);
    expect(count('error')).toBe(errors);
    expect(count('')).toBe(all);
  });

  it('sees a changed title, a removed alert and a reused place', () => {
    const index = indexed([sampleAlert(0), sampleAlert(1)]);
    index.query({ ...emptyFilter, text: 'moved' }, options);
    index.put(sampleAlert(0, { version: 2, title: 'MovedAway' }));
    expect(index.query({ ...emptyFilter, text: 'moved' }, options).alerts).toHaveLength(1);
    index.remove(sampleAlert(0).id);
    expect(index.query({ ...emptyFilter, text: 'moved' }, options).alerts).toHaveLength(0);
    index.put(sampleAlert(2, { title: 'MovedIn' }));
    expect(index.query({ ...emptyFilter, text: 'moved' }, options).alerts.map((a) => a.title)).toEqual(['MovedIn']);
    expect(index.size).toBe(2);
  });
});

describe('sync', () => {
  it('holds exactly what it was given last, and says whether anything changed', () => {
    const first = sampleAlerts(10);
    const index = createAlertIndex();
    expect(index.sync(byId(first))).toBe(true);
    expect(index.sync(byId(first))).toBe(false);
    expect(index.sync(byId(first.slice(3)))).toBe(true);
    expect(index.size).toBe(7);
    const [replaced, ...rest] = first.slice(3);
    expect(index.sync(byId([{ ...(replaced as Alert), title: 'NewTitle' }, ...rest]))).toBe(true);
    expect(index.query(emptyFilter, options).alerts.map((a) => a.title)).toContain('NewTitle');
  });
});

describe('order', () => {
  it('puts firing before resolved, silenced last of the firing, worse before milder, newer before older', () => {
    const old = '2026-11-21T14:00:00.000Z';
    const recent = '2026-11-21T14:30:00.000Z';
    const alerts = [
      sampleAlert(0, { title: 'resolved', severity: 'sev1', status: 'resolved', resolvedAt: recent }),
      sampleAlert(1, { title: 'silenced', severity: 'sev1', suppressed: true }),
      sampleAlert(2, { title: 'mild', severity: 'sev3', firstSeenAt: recent }),
      sampleAlert(3, { title: 'worst, older', severity: 'sev1', firstSeenAt: old }),
      sampleAlert(4, { title: 'worst, newer', severity: 'sev1', firstSeenAt: recent }),
    ];
    const order = indexed(alerts)
      .query(emptyFilter, options)
      .alerts.map((alert) => alert.title);
    expect(order).toEqual(['worst, newer', 'worst, older', 'mild', 'silenced', 'resolved']);
  });

  it('is that of an index that is asked for the first time, whatever was typed, chosen or changed before', () => {
    const steps = fc.record({
      text: fc.constantFrom('', '', 'error', 'env=prod'),
      statuses: fc.constantFrom<AlertFilter['statuses'][]>([], ['firing']),
      sort: fc.constantFrom(...alertSorts),
      later: fc.boolean(),
      change: fc.option(
        fc.record({ i: fc.integer({ min: 0, max: 30 }), status: fc.constantFrom('firing', 'resolved') }),
      ),
      gone: fc.option(fc.integer({ min: 0, max: 30 })),
    });
    fc.assert(
      fc.property(fc.array(steps, { minLength: 2, maxLength: 8 }), (asked) => {
        const first = sampleAlerts(30);
        const index = indexed(first);
        const done: ((one: AlertIndex) => void)[] = [];
        for (const [version, { text, statuses, sort, later, change, gone }] of asked.entries()) {
          const changed = (one: AlertIndex): void => {
            if (change !== null)
              one.put(sampleAlert(change.i, { version: version + 2, count: version, status: change.status }));
            if (gone !== null) one.remove(sampleAlert(gone).id);
          };
          changed(index);
          done.push(changed);
          const anew = indexed(first);
          for (const each of done) each(anew);
          const filter = { ...emptyFilter, text, statuses };
          const at = { sort, nowMs: sampleNowMs + (later ? 30_000 : 0) };
          const idsOf = (one: AlertIndex): string =>
            one
              .query(filter, at)
              .alerts.map(({ id }) => id)
              .join(' ');
          expect(idsOf(index)).toBe(idsOf(anew));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does not move a row because its alert repeated', () => {
    const index = indexed(sampleAlerts(40));
    const before = index.query(defaultFilter, options).alerts.map((alert) => alert.id);
    for (const i of [3, 17, 31])
      index.put(sampleAlert(i, { version: 2, count: 99, lastSeenAt: '2026-11-21T14:32:09.000Z' }));
    expect(index.query(defaultFilter, options).alerts.map((alert) => alert.id)).toEqual(before);
  });

  it('sorts by count and by last seen when asked', () => {
    const index = indexed(sampleAlerts(40));
    const counts = index.query(emptyFilter, { ...options, sort: 'count' }).alerts.map((alert) => alert.count);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    const seen = index
      .query(emptyFilter, { ...options, sort: 'seen' })
      .alerts.map((alert) => Math.floor(Date.parse(alert.lastSeenAt) / 1000));
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  });
});

describe('facets', () => {
  it('count a facet as if its own choice were lifted, and keep the others', () => {
    const alerts = [
      sampleAlert(0, { severity: 'sev1', service: 'a' }),
      sampleAlert(1, { severity: 'sev1', service: 'b', acknowledged: true }),
      sampleAlert(2, { severity: 'sev2', service: 'a' }),
      sampleAlert(3, { severity: 'sev1', service: 'a', status: 'resolved' }),
    ];
    const { facets } = indexed(alerts).query({ ...defaultFilter, severities: ['sev1'] }, options);
    expect(facets.severities).toEqual({ sev1: 2, sev2: 1, sev3: 0, info: 0 });
    expect(facets.statuses).toEqual({ firing: 2, resolved: 1 });
    expect(facets.marks).toEqual({ acknowledged: 1, suppressed: 0, flapping: 0 });
    expect(Object.fromEntries(facets.services)).toEqual({ a: 1, b: 1 });
  });
});

describe('arrivals', () => {
  it('count first firings of the last hour, resolved ones too', () => {
    const index = indexed([
      sampleAlert(0, { severity: 'sev1', firstSeenAt: new Date(sampleNowMs - 1_000).toISOString() }),
      sampleAlert(1, {
        severity: 'sev2',
        status: 'resolved',
        firstSeenAt: new Date(sampleNowMs - 1_000).toISOString(),
      }),
      sampleAlert(2, { severity: 'sev2', firstSeenAt: new Date(sampleNowMs - 3_700_000).toISOString() }),
    ]);
    const { bins } = index.query(defaultFilter, options).arrivals;
    expect(bins.map((row) => row[histogramBins - 1])).toEqual([1, 1, 0, 0]);
    expect(bins.flat().reduce((a, b) => a + b, 0)).toBe(2);
  });
});

function passes(alert: Alert, filter: AlertFilter): boolean {
  const words = `${alert.title} ${alert.service ?? ''} ${alert.source} ${Object.entries(alert.labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')} ${alert.annotations['summary'] ?? ''}`.toLowerCase();
  const within = <T>(list: readonly T[], value: T): boolean => list.length === 0 || list.includes(value);
  return (
    filter.text.split(' ').every((token) => words.includes(token)) &&
    severityRank(alert.severity) >= 0 &&
    within(filter.severities, alert.severity) &&
    within(filter.statuses, alert.status) &&
    within(filter.services, alert.service ?? '') &&
    within(filter.sources, alert.source) &&
    (filter.marks.length === 0 || filter.marks.some((mark) => alert[mark]))
  );
}

describe('newest first', () => {
  it('orders by the millisecond, the later one of the same first', () => {
    const at = (ms: number): string => new Date(sampleNowMs - ms).toISOString();
    const index = indexed([5, 1, 90_000, 1, 3].map((ms, i) => sampleAlert(i, { firstSeenAt: at(ms) })));
    const { alerts } = index.query(emptyFilter, { sort: 'newest', nowMs: sampleNowMs });
    expect(alerts.map(({ id }) => Number.parseInt(id.slice(-4), 16))).toEqual([3, 1, 4, 0, 2]);
  });

  it('takes up only what changed, and forgets what is gone', () => {
    const held = new Map(sampleAlerts(5).map((alert) => [alert.id, alert]));
    const index = createAlertIndex();
    index.sync(held);
    const first = sampleAlert(0, { version: 2, title: 'Renamed' });
    const second = sampleAlert(1);
    held.set(first.id, first);
    held.delete(second.id);
    index.update([first.id, second.id], held);
    const { alerts } = index.query(emptyFilter, options);
    expect(alerts).toHaveLength(4);
    expect(alerts.find(({ id }) => id === first.id)?.title).toBe('Renamed');
  });
});
