// A small shop's bad quarter of an hour: a payments release leaks database connections, checkout fails, it is rolled back.
import type { IntegrationKind } from '#server/contract/integration.ts';

export interface ShopAlert {
  name: string;
  service: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  summary: string;
  description: string;
  /** One alert an instance. */
  instances: readonly string[];
  /** Seconds of the script. */
  from: number;
  to: number;
  /** Second at which the severity rises to critical. */
  criticalFrom?: number;
  via: 'alertmanager' | 'events-v2' | 'grafana';
}

export interface DemoRequest {
  /** Seconds from the start at speed 1. */
  at: number;
  integration: IntegrationKind;
  path: '/api/v1/alerts/webhook' | '/v2/enqueue' | '/v2/change/enqueue' | '/webhooks/grafana' | '/webhooks/generic';
  /** The body but for what depends on when it is sent. */
  body(context: { now: number; startedAt: number; speed: number; key: string }): unknown;
}

export const demoServices = [
  'storefront',
  'gateway',
  'checkout',
  'payments',
  'payments-db',
  'orders',
  'inventory',
  'search',
] as const;

const pods = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}.shop.example:9100`);

export const shopAlerts: readonly ShopAlert[] = [
  {
    name: 'CertificateExpiresSoon',
    service: 'gateway',
    severity: 'info',
    summary: 'Certificate of acquirer-mtls expires in 12 days',
    description: 'Renewal has not run since the last release of the gateway.',
    instances: ['gateway-0.shop.example:9100'],
    from: 5,
    to: 900,
    via: 'alertmanager',
  },
  {
    name: 'NodeDiskPressure',
    service: 'search',
    severity: 'warning',
    summary: 'Index volume above 85 %',
    description: 'The index volume of a search node fills at 1 % an hour.',
    instances: pods('search', 3),
    from: 20,
    to: 420,
    via: 'alertmanager',
  },
  {
    name: 'PgConnectionsNearLimit',
    service: 'payments-db',
    severity: 'warning',
    summary: 'Connections above 80 % of the limit',
    description: 'Sessions stay idle in transaction; new pods hold 96 connections each, old ones 41.',
    instances: ['payments-db-0.shop.example:9187'],
    from: 150,
    to: 640,
    criticalFrom: 210,
    via: 'alertmanager',
  },
  {
    name: 'PgLockWaits',
    service: 'payments-db',
    severity: 'error',
    summary: 'Lock waits over 30 s',
    description: 'Three sessions wait for a lock on refunds.',
    instances: ['payments-db-0.shop.example:9187'],
    from: 200,
    to: 610,
    via: 'alertmanager',
  },
  {
    name: 'PaymentsLatencyP99High',
    service: 'payments',
    severity: 'error',
    summary: 'p99 of capture above 4 s',
    description: 'Captures wait for a database connection.',
    instances: pods('payments', 4),
    from: 215,
    to: 620,
    via: 'alertmanager',
  },
  {
    name: 'CaptureQueueOldest',
    service: 'payments',
    severity: 'warning',
    summary: 'Oldest capture waits 3 min',
    description: 'The capture queue grows by 40 a minute.',
    instances: ['payments-worker-0.shop.example:9100'],
    from: 240,
    to: 660,
    via: 'alertmanager',
  },
  {
    name: 'CheckoutErrorRatioHigh',
    service: 'checkout',
    severity: 'critical',
    summary: '38 % of card orders fail',
    description: 'Error ratio of POST /checkout/pay over five minutes. Gift cards and invoices work.',
    instances: pods('checkout', 3),
    from: 235,
    to: 630,
    via: 'alertmanager',
  },
  {
    name: 'CircuitBreakerOpen',
    service: 'checkout',
    severity: 'info',
    summary: 'Breaker to payments is open',
    description: 'Half of the calls are refused at once to spare the database.',
    instances: pods('checkout', 3),
    from: 250,
    to: 600,
    via: 'alertmanager',
  },
  {
    name: 'Gateway5xxRatio',
    service: 'gateway',
    severity: 'error',
    summary: '9 % of answers are 502 or 504',
    description: 'All of them come from the route to checkout.',
    instances: pods('gateway', 2),
    from: 260,
    to: 640,
    via: 'alertmanager',
  },
  {
    name: 'ProbeFailed /checkout/pay',
    service: 'storefront',
    severity: 'critical',
    summary: 'Paying with a test card fails from 3 of 3 regions',
    description: 'The synthetic order got 502 three times in a row.',
    instances: ['eu-west-1', 'eu-central-1', 'us-east-1'],
    from: 270,
    to: 650,
    via: 'events-v2',
  },
  {
    name: 'OrdersUnpaidRising',
    service: 'orders',
    severity: 'warning',
    summary: 'Orders without a payment above 120',
    description: 'They will be cancelled after thirty minutes.',
    instances: ['orders-0.shop.example:9100'],
    from: 300,
    to: 720,
    via: 'grafana',
  },
  {
    name: 'InventoryHoldsHigh',
    service: 'inventory',
    severity: 'warning',
    summary: 'Held stock above 4 % of the shelf',
    description: 'Unpaid orders keep their reservations.',
    instances: ['inventory-0.shop.example:9100'],
    from: 330,
    to: 740,
    via: 'grafana',
  },
];

const changes: readonly { at: number; service: string; summary: string }[] = [
  { at: 1, service: 'search', summary: 'search-indexer 2.31.0 deployed to eu and us' },
  { at: 60, service: 'payments', summary: 'payments 4.18.0 deployed to eu, 4 pods' },
  { at: 480, service: 'payments', summary: 'payments 4.18.0 rolled back to 4.17.2 on 1 of 4 pods' },
  { at: 560, service: 'payments', summary: 'payments 4.18.0 rolled back to 4.17.2 on 4 of 4 pods' },
];

/** Seconds between repeats of what still fires, as Alertmanager repeats a group. */
const repeatSeconds = 60;

/** Every request of the outage in the order it is sent. Twelve and a half minutes at speed 1. */
export function demoRequests(): DemoRequest[] {
  const requests: DemoRequest[] = changes.map(({ at, service, summary }) => ({
    at,
    integration: 'events-v2',
    path: '/v2/change/enqueue',
    body: ({ now, key }) => ({
      routing_key: key,
      payload: { summary, source: 'argo-cd', timestamp: iso(now), custom_details: { service } },
      links: [{ href: `https://deploys.shop.example/${service}`, text: 'Deploy' }],
    }),
  }));
  requests.push({
    at: 345,
    integration: 'generic',
    path: '/webhooks/generic',
    body: () => ({
      title: 'Support: 31 tickets about failed payments in 10 minutes',
      service: 'checkout',
      severity: 'sev2',
      dedupKey: 'support-tickets-payments',
    }),
  });
  requests.push({
    at: 700,
    integration: 'generic',
    path: '/webhooks/generic',
    body: () => ({
      title: 'Support: 31 tickets about failed payments in 10 minutes',
      service: 'checkout',
      severity: 'sev2',
      status: 'resolved',
      dedupKey: 'support-tickets-payments',
    }),
  });
  for (const alert of shopAlerts) {
    for (const at of moments(alert)) requests.push(requestFor(alert, at));
  }
  return requests.toSorted((a, b) => a.at - b.at);
}

/** Seconds at which something is said about the alert: it starts, it worsens, it repeats, it ends. */
function moments(alert: ShopAlert): number[] {
  const all = new Set([alert.from, alert.to]);
  if (alert.criticalFrom !== undefined) all.add(alert.criticalFrom);
  for (let at = alert.from + repeatSeconds; at < alert.to; at += repeatSeconds) all.add(at);
  return [...all].toSorted((a, b) => a - b);
}

function requestFor(alert: ShopAlert, at: number): DemoRequest {
  const resolved = at >= alert.to;
  const worse = alert.criticalFrom !== undefined && at >= alert.criticalFrom;
  const severity = worse ? 'critical' : alert.severity;
  switch (alert.via) {
    case 'alertmanager':
      return {
        at,
        integration: 'alertmanager',
        path: '/api/v1/alerts/webhook',
        body: (context) => ({
          version: '4',
          groupKey: `{}:{service="${alert.service}"}`,
          truncatedAlerts: 0,
          status: resolved ? 'resolved' : 'firing',
          receiver: 'tocsin',
          groupLabels: { service: alert.service },
          commonLabels: { alertname: alert.name, service: alert.service },
          commonAnnotations: {},
          externalURL: 'https://alertmanager.shop.example',
          alerts: alert.instances.flatMap((instance) => [
            promAlert(alert, instance, severity, resolved, context),
            // To Prometheus another severity is another alert, and the milder one ends.
            ...(at === alert.criticalFrom ? [promAlert(alert, instance, alert.severity, true, context)] : []),
          ]),
        }),
      };
    case 'grafana':
      return {
        at,
        integration: 'grafana',
        path: '/webhooks/grafana',
        body: (context) => ({
          receiver: 'tocsin',
          status: resolved ? 'resolved' : 'firing',
          orgId: 1,
          alerts: alert.instances.map((instance) => ({
            ...promAlert(alert, instance, severity, resolved, context),
            dashboardURL: `https://grafana.shop.example/d/${alert.service}`,
            panelURL: `https://grafana.shop.example/d/${alert.service}?viewPanel=1`,
            values: { B: 121, C: 1 },
          })),
          version: '1',
          title: `[${resolved ? 'RESOLVED' : 'FIRING'}] ${alert.name}`,
          state: resolved ? 'ok' : 'alerting',
          message: alert.summary,
        }),
      };
    case 'events-v2':
      return {
        at,
        integration: 'events-v2',
        path: '/v2/enqueue',
        body: ({ key, now }) => ({
          routing_key: key,
          event_action: resolved ? 'resolve' : 'trigger',
          dedup_key: `${alert.name}/all-regions`,
          client: 'Synthetics',
          client_url: 'https://synthetics.shop.example',
          payload: {
            summary: `${alert.name}: ${alert.summary}`,
            source: alert.instances.join(', '),
            severity,
            timestamp: iso(now),
            component: alert.service,
            custom_details: { service: alert.service, description: alert.description },
          },
        }),
      };
  }
}

function promAlert(
  alert: ShopAlert,
  instance: string,
  severity: string,
  resolved: boolean,
  { now, startedAt, speed }: { now: number; startedAt: number; speed: number },
) {
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: {
      alertname: alert.name,
      service: alert.service,
      severity,
      instance,
      env: 'prod',
      cluster: 'eu-west-1',
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `https://runbooks.shop.example/${alert.service}/${alert.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    },
    startsAt: iso(startedAt + (alert.from * 1_000) / speed),
    endsAt: resolved ? iso(now) : '0001-01-01T00:00:00Z',
    generatorURL: `https://prometheus.shop.example/graph?g0.expr=${encodeURIComponent(alert.name)}`,
    fingerprint: fingerprint(`${alert.name}/${instance}/${severity}`),
  };
}

/** Alertmanager sends 16 hex digits; any stable function of the labels will do for a demo. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
