import { describe, expect, it } from 'vitest';
import type { AlertSignal } from '#server/contract/signal.ts';
import { alertmanagerApi, resolveTimeoutMs } from '#server/modules/ingest/sources/alertmanager-api.ts';
import { alertmanagerWebhook } from '#server/modules/ingest/sources/alertmanager.ts';
import { changeEvents, eventsV2 } from '#server/modules/ingest/sources/events-v2.ts';
import { generic } from '#server/modules/ingest/sources/generic.ts';
import { grafana } from '#server/modules/ingest/sources/grafana.ts';
import { normaliseRecord, sources } from '#server/modules/ingest/sources/registry.ts';
import type { Envelope, Source } from '#server/modules/ingest/sources/source.ts';

const receivedAt = Date.parse('2026-11-21T16:00:00.000Z');

function envelope(source: Source): Envelope {
  return { integrationId: 'aaaaaaaa-0000-4000-8000-000000000000', source: source.kind, receivedAt };
}

function items(source: Source, body: unknown): unknown[] {
  const split = source.split(body, () => 'made-key');
  if (!split.ok) throw new Error(split.reason);
  return split.items;
}

function alerts(source: Source, body: unknown): AlertSignal[] {
  return items(source, body).map((item) => {
    const normalised = source.normalise(item, envelope(source));
    if (!normalised.ok) throw new Error(normalised.reason);
    if (normalised.signal.kind !== 'alert') throw new Error('not an alert');
    return normalised.signal;
  });
}

function alert(source: Source, body: unknown): AlertSignal {
  const [first] = alerts(source, body);
  if (first === undefined) throw new Error('no alert');
  return first;
}

function reason(source: Source, item: unknown): string {
  const checked = source.check(item, envelope(source));
  const normalised = source.normalise(item, envelope(source));
  if (checked.ok || normalised.ok) throw new Error('it was taken');
  expect(normalised.reason).toBe(checked.reason);
  return checked.reason;
}

const firing = {
  status: 'firing',
  labels: {
    alertname: 'CheckoutErrorRatioHigh',
    severity: 'critical',
    service: 'checkout',
    job: 'shop',
    instance: 'shop-1:9100',
  },
  annotations: {
    summary: '38 % of checkouts fail',
    description: 'Card payments are refused.',
    runbook_url: 'https://runbooks.example.com/checkout',
  },
  startsAt: '2026-11-21T15:58:30.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example.com:9090/graph?g0.expr=up&g0.tab=1',
  fingerprint: 'c1f8d7c1a4d1f2b0',
};

const webhook = {
  version: '4',
  groupKey: '{}:{alertname="CheckoutErrorRatioHigh"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'tocsin',
  groupLabels: { alertname: 'CheckoutErrorRatioHigh' },
  commonLabels: { alertname: 'CheckoutErrorRatioHigh', severity: 'critical' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com:9093',
  alerts: [
    firing,
    {
      ...firing,
      status: 'resolved',
      endsAt: '2026-11-21T15:59:30Z',
      labels: { alertname: 'DiskFull', severity: 'none' },
    },
  ],
};

describe('Alertmanager webhook', () => {
  it('reads each alert of a notification', () => {
    const [first, second] = alerts(alertmanagerWebhook, webhook);
    expect(first).toMatchObject({
      action: 'fire',
      title: 'CheckoutErrorRatioHigh',
      severity: 'sev1',
      service: 'checkout',
      labels: firing.labels,
      annotations: firing.annotations,
      sourceUrl: firing.generatorURL,
      runbookUrl: 'https://runbooks.example.com/checkout',
      startsAt: Date.parse('2026-11-21T15:58:30.123Z'),
      endsAt: null,
      receivedAt,
      source: 'alertmanager',
    });
    expect(second).toMatchObject({ action: 'resolve', title: 'DiskFull', severity: 'info', service: null });
  });

  it('tells alerts apart by their labels, in any order, and within one integration', () => {
    const shuffled = { ...firing, labels: Object.fromEntries(Object.entries(firing.labels).reverse()) };
    const one = alert(alertmanagerWebhook, { alerts: [firing] });
    const same = alert(alertmanagerWebhook, { alerts: [shuffled] });
    expect([same.dedupKey, same.fingerprint]).toEqual([one.dedupKey, one.fingerprint]);
    const other = alert(alertmanagerWebhook, {
      alerts: [{ ...firing, labels: { ...firing.labels, instance: 'shop-2' } }],
    });
    expect(other.dedupKey).not.toBe(one.dedupKey);
    const elsewhere = alertmanagerWebhook.normalise(firing, {
      ...envelope(alertmanagerWebhook),
      integrationId: 'other',
    });
    expect(elsewhere.ok && elsewhere.signal.kind === 'alert' && elsewhere.signal.fingerprint).not.toBe(one.fingerprint);
  });

  it('names what is wrong with an alert', () => {
    expect(reason(alertmanagerWebhook, { ...firing, labels: {} })).toContain('no labels');
    expect(reason(alertmanagerWebhook, { ...firing, labels: { alertname: '' } })).toContain('no labels');
    expect(reason(alertmanagerWebhook, { ...firing, status: 'suppressed' })).toContain('status');
    expect(reason(alertmanagerWebhook, { ...firing, startsAt: 'yesterday' })).toContain('startsAt');
    expect(reason(alertmanagerWebhook, 'alert')).toContain('not an object');
    expect(alertmanagerWebhook.split({ status: 'firing' }, () => '').ok).toBe(false);
  });

  it('cuts what is too long instead of refusing the alert', () => {
    const long = {
      ...firing,
      annotations: { summary: 'x'.repeat(100_000) },
      labels: { ...firing.labels, text: 'é'.repeat(5_000) },
    };
    const signal = alert(alertmanagerWebhook, { alerts: [long] });
    expect(signal.annotations['summary']).toHaveLength(8_192);
    expect(signal.annotations['summary']?.endsWith('…')).toBe(true);
    expect(signal.labels['text']).toHaveLength(1_024);
  });

  it('cleans what PostgreSQL cannot hold, and treats odd names as names', () => {
    const odd = JSON.parse(
      '{"status":"firing","labels":{"alertname":"a\\u0000b\\ud800","__proto__":"p","constructor":"c"},"annotations":{}}',
    ) as unknown;
    const signal = alert(alertmanagerWebhook, { alerts: [odd] });
    expect(signal.title).toBe('a\uFFFDb\uFFFD');
    expect(Object.entries(signal.labels)).toContainEqual(['__proto__', 'p']);
    expect(signal.labels['constructor']).toBe('c');
    expect(({} as Record<string, unknown>)['p']).toBeUndefined();
  });

  it('links only what can be opened safely', () => {
    const links = { ...firing, generatorURL: 'javascript:alert(1)', annotations: { runbook_url: 'data:text/html,x' } };
    expect(alert(alertmanagerWebhook, { alerts: [links] })).toMatchObject({ sourceUrl: null, runbookUrl: null });
  });
});

describe("Alertmanager's API", () => {
  const posted = { labels: { alertname: 'Down', job: 'node', severity: 'page' }, startsAt: '2026-11-21T15:50:00Z' };

  it('takes the end for what it is: ahead, it still fires and expires then; behind, it is over', () => {
    const ahead = alert(alertmanagerApi, [{ ...posted, endsAt: '2026-11-21T16:04:00Z' }]);
    expect(ahead).toMatchObject({ action: 'fire', endsAt: receivedAt + 240_000, severity: 'sev1', service: 'node' });
    const behind = alert(alertmanagerApi, [{ ...posted, endsAt: '2026-11-21T15:59:59Z' }]);
    expect(behind).toMatchObject({ action: 'resolve', dedupKey: ahead.dedupKey });
    expect(alert(alertmanagerApi, [posted])).toMatchObject({ action: 'fire', endsAt: receivedAt + resolveTimeoutMs });
  });

  it('takes what amtool sends: zero times', () => {
    const zero = '0001-01-01T00:00:00.000Z';
    const signal = alert(alertmanagerApi, [
      { startsAt: zero, endsAt: zero, labels: { alertname: 'Foo' }, annotations: {} },
    ]);
    expect(signal).toMatchObject({ action: 'fire', startsAt: null, endsAt: receivedAt + resolveTimeoutMs });
  });

  it('is the same alert whichever way it comes', () => {
    const direct = alert(alertmanagerApi, [{ labels: firing.labels }]);
    expect(direct.dedupKey).toBe(alert(alertmanagerWebhook, { alerts: [firing] }).dedupKey);
  });

  it('names what is wrong', () => {
    expect(reason(alertmanagerApi, { ...posted, endsAt: '2026-11-21T15:00:00Z' })).toContain('ends before it starts');
    expect(alertmanagerApi.split({ alerts: [] }, () => '').ok).toBe(false);
  });
});

describe('Events v2', () => {
  const trigger = {
    routing_key: 'secret',
    event_action: 'trigger',
    dedup_key: 'srv01/mysql',
    client: 'Sample Monitoring',
    client_url: 'https://monitoring.example.com',
    links: [
      { href: 'https://example.com/a', text: 'Graph' },
      { href: 'https://runbooks.example.com/mysql', text: 'Runbook' },
      { href: 'javascript:alert(1)', text: 'No' },
    ],
    images: [{ src: 'https://example.com/graph.png', alt: 'Graph' }],
    payload: {
      summary: 'DISK at 99% on prod-datapipe03',
      timestamp: '2026-11-21T15:42:58.315+0000',
      severity: 'critical',
      source: 'prod-datapipe03.example.com',
      component: 'mysql',
      group: 'prod-datapipe',
      class: 'disk',
      custom_details: { 'free space': '1%', 'load avg': 0.75, nested: { a: 1 }, long: 'x'.repeat(500) },
    },
  };

  it('reads a trigger', () => {
    const signal = alert(eventsV2, trigger);
    expect(signal).toMatchObject({
      action: 'fire',
      dedupKey: 'srv01/mysql',
      title: 'DISK at 99% on prod-datapipe03',
      severity: 'sev1',
      service: 'mysql',
      startsAt: Date.parse('2026-11-21T15:42:58.315Z'),
      sourceUrl: 'https://monitoring.example.com',
      runbookUrl: 'https://runbooks.example.com/mysql',
      labels: {
        class: 'disk',
        component: 'mysql',
        'free space': '1%',
        'load avg': '0.75',
        source: 'prod-datapipe03.example.com',
      },
      annotations: {
        client: 'Sample Monitoring',
        nested: '{"a":1}',
        Graph: 'https://example.com/a',
        'image 1': 'https://example.com/graph.png',
      },
    });
    expect(Object.values(signal.annotations)).not.toContain('javascript:alert(1)');
  });

  it('keeps the routing key out of what is stored', () => {
    expect(JSON.stringify(items(eventsV2, trigger))).not.toContain('secret');
    expect(JSON.stringify(items(changeEvents, trigger))).not.toContain('secret');
  });

  it('makes a key for a trigger without one, and for nothing else', () => {
    const { dedup_key: _key, ...unnamed } = trigger;
    expect(alert(eventsV2, unnamed).dedupKey).toBe('made-key');
    const [resolve] = items(eventsV2, { ...unnamed, event_action: 'resolve' });
    expect(reason(eventsV2, resolve)).toContain("'dedup_key' is missing");
  });

  it('reads acknowledge and resolve without a payload', () => {
    expect(alert(eventsV2, { event_action: 'acknowledge', dedup_key: 'k' })).toMatchObject({
      action: 'acknowledge',
      dedupKey: 'k',
    });
    expect(alert(eventsV2, { event_action: 'resolve', dedup_key: 'k' })).toMatchObject({
      action: 'resolve',
      dedupKey: 'k',
    });
  });

  it('names every mistake', () => {
    expect(reason(eventsV2, { event_action: 'trigger', dedup_key: 'k', payload: { severity: 'bad' } })).toBe(
      "'payload.summary' is missing or blank; 'payload.source' is missing or blank; 'payload.severity' must be one of critical, error, warning, info",
    );
    expect(reason(eventsV2, { ...trigger, dedup_key: 'x'.repeat(256) })).toContain("Length of 'dedup_key'");
    expect(reason(eventsV2, { ...trigger, event_action: 'toString' })).toContain("'event_action'");
    expect(alert(eventsV2, { ...trigger, dedup_key: 'x'.repeat(255) }).dedupKey).toHaveLength(255);
  });

  it('reads a change event', () => {
    const [item] = items(changeEvents, {
      routing_key: 'secret',
      payload: {
        summary: 'Deployed 4.18.0',
        timestamp: '2026-11-21T15:00:00Z',
        source: 'ci',
        custom_details: { service: 'payments' },
      },
      links: [{ href: 'https://ci.example.com/1', text: 'Build' }],
    });
    expect(changeEvents.normalise(item, envelope(changeEvents))).toEqual({
      ok: true,
      signal: {
        kind: 'change',
        integrationId: 'aaaaaaaa-0000-4000-8000-000000000000',
        source: 'events-v2',
        title: 'Deployed 4.18.0',
        service: 'payments',
        at: Date.parse('2026-11-21T15:00:00Z'),
        links: [{ href: 'https://ci.example.com/1', text: 'Build' }],
        receivedAt,
      },
    });
  });
});

describe('Grafana', () => {
  it('reads a unified alerting webhook', () => {
    const body = {
      receiver: 'tocsin',
      status: 'firing',
      orgId: 1,
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'High memory', grafana_folder: 'Shop', team: 'blue', service: 'cart' },
          annotations: { summary: 'Memory is above 90 %', runbook_url: 'https://runbooks.example.com/memory' },
          startsAt: '2026-11-21T15:31:45+01:00',
          endsAt: '0001-01-01T00:00:00Z',
          values: { B: 44.23, C: 1 },
          valueString: '[ var=B value=44.23 ]',
          generatorURL: 'https://grafana.example.com/alerting/1afz29v7z/view',
          fingerprint: 'c6eadffa33fcdf37',
          silenceURL: 'https://grafana.example.com/alerting/silence/new',
          dashboardURL: 'https://grafana.example.com/d/abc',
          panelURL: 'https://grafana.example.com/d/abc?viewPanel=1',
        },
        { status: 'resolved', labels: { alertname: 'Low disk' }, annotations: {}, endsAt: '2026-11-21T15:50:00Z' },
      ],
      groupLabels: {},
      commonLabels: { team: 'blue' },
      commonAnnotations: {},
      externalURL: 'https://grafana.example.com/',
      version: '1',
      groupKey: '{}:{}',
      truncatedAlerts: 0,
      title: '[FIRING:1] High memory',
      state: 'alerting',
      message: '**Firing**',
    };
    const [first, second] = alerts(grafana, body);
    expect(first).toMatchObject({
      action: 'fire',
      title: 'High memory',
      service: 'cart',
      severity: 'sev3',
      source: 'grafana',
      startsAt: Date.parse('2026-11-21T14:31:45Z'),
      sourceUrl: 'https://grafana.example.com/d/abc?viewPanel=1',
      annotations: { values: '[ var=B value=44.23 ]', silenceURL: 'https://grafana.example.com/alerting/silence/new' },
    });
    expect(second).toMatchObject({ action: 'resolve', title: 'Low disk' });
  });
});

describe('generic', () => {
  it('reads what the first-run screen shows', () => {
    expect(alert(generic, { title: 'Checkout is slow', service: 'checkout', severity: 'sev3' })).toMatchObject({
      action: 'fire',
      title: 'Checkout is slow',
      service: 'checkout',
      severity: 'sev3',
      labels: {},
      annotations: {},
    });
  });

  it('finds the usual names', () => {
    const body = {
      summary: 'Disk is full',
      level: 'HIGH',
      host: 'db-1',
      description: 'No space left on /var',
      url: 'https://example.com/db-1',
      runbook: 'https://runbooks.example.com/disk',
      application: 'orders',
      value: 99.2,
      id: 42,
    };
    expect(alert(generic, body)).toMatchObject({
      title: 'Disk is full',
      severity: 'sev2',
      service: 'orders',
      dedupKey: '42',
      labels: { host: 'db-1', application: 'orders', value: '99.2' },
      annotations: { description: 'No space left on /var' },
      sourceUrl: 'https://example.com/db-1',
      runbookUrl: 'https://runbooks.example.com/disk',
    });
  });

  it.each([
    [{ status: 'OK' }, 'resolve'],
    [{ state: 'resolved' }, 'resolve'],
    [{ firing: false }, 'resolve'],
    [{ status: 'acknowledged' }, 'acknowledge'],
    [{ status: 'alerting' }, 'fire'],
    [{ firing: true }, 'fire'],
    [{}, 'fire'],
  ])('reads %j as %s', (fields, action) => {
    expect(alert(generic, { title: 'x', ...fields }).action).toBe(action);
  });

  it('knows an alert again when a measured value or a time differs, and not when the place does', () => {
    const one = alert(generic, { title: 'Slow', host: 'a', value: 1, timestamp: '2026-11-21T15:00:00Z' });
    expect(alert(generic, { title: 'Slow', host: 'a', value: 2, status: 'ok' }).dedupKey).toBe(one.dedupKey);
    expect(alert(generic, { title: 'Slow', host: 'b', value: 1 }).dedupKey).not.toBe(one.dedupKey);
    expect(alert(generic, { title: 'Slow', host: 'a', labels: { disk: 'sdb' } }).dedupKey).not.toBe(one.dedupKey);
  });

  it('hashes a key that is too long, and says what has no title', () => {
    const key = 'k'.repeat(300);
    const hashed = alert(generic, { title: 'x', dedupKey: key }).dedupKey;
    expect(hashed).toMatch(/^sha256:/);
    expect(alert(generic, { title: 'y', dedupKey: key }).dedupKey).toBe(hashed);
    expect(reason(generic, { value: 1 })).toContain('no title');
    expect(reason(generic, 42)).toContain('not a JSON object');
  });
});

describe('normaliseRecord', () => {
  it('reads what the accepting side wrote, and refuses anything else in words', () => {
    const payload = JSON.stringify({ integrationId: 'i', source: 'alertmanager', item: firing });
    const read = normaliseRecord({ type: 'alertmanager', payload, receivedAt });
    expect(read).toMatchObject({
      ok: true,
      signal: { title: 'CheckoutErrorRatioHigh', integrationId: 'i', receivedAt },
    });
    expect(normaliseRecord({ type: 'toString', payload, receivedAt })).toMatchObject({ ok: false });
    for (const broken of ['', '{', '[]', '{"integrationId":1}', 'null']) {
      expect(normaliseRecord({ type: 'generic', payload: broken, receivedAt })).toMatchObject({ ok: false });
    }
  });

  it('is registered under its own name', () => {
    for (const [format, source] of Object.entries(sources)) expect(source.format).toBe(format);
  });
});
