// Alerts for tests of this folder: plausible, seeded, as many as asked for.
import type { Alert } from '#server/contract/alert.ts';
import { severities } from '#server/contract/severity.ts';

export const sampleNowMs = Date.parse('2026-11-21T14:32:10.000Z');

const services = ['checkout', 'payments', 'inventory', 'orders-db', 'gateway', 'search', 'storefront', 'redis'];
const titles = [
  'ErrorRatioHigh',
  'LatencyP99High',
  'QueueOldest',
  'PodCrashLooping',
  'DiskPressure',
  'ConnectionsNearLimit',
];

export function sampleAlert(i: number, over: Partial<Alert> = {}): Alert {
  const service = services[i % services.length] as string;
  const title = titles[i % titles.length] as string;
  const firstSeenMs = sampleNowMs - ((i * 7_919) % 3_500_000) - 1_000;
  return {
    id: `018f0000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`,
    version: 1,
    fingerprint: (i * 2_654_435_761).toString(16).slice(-8),
    status: 'firing',
    acknowledged: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressed: false,
    suppressedBy: null,
    flapping: false,
    severity: severities[i % severities.length] as Alert['severity'],
    source: i % 5 === 0 ? 'grafana' : 'alertmanager',
    integrationId: '018f0000-0000-7000-8000-00000000aaaa',
    service,
    title,
    labels: { alertname: title, service, env: i % 3 === 0 ? 'prod' : 'staging', instance: `node-${i}.example:9100` },
    annotations: { summary: `${title} on ${service}` },
    sourceUrl: null,
    runbookUrl: null,
    count: 1 + (i % 7),
    firstSeenAt: new Date(firstSeenMs).toISOString(),
    lastSeenAt: new Date(firstSeenMs + 500).toISOString(),
    endsAt: null,
    resolvedAt: null,
    incidentId: null,
    groupReason: null,
    previousId: null,
    ...over,
  };
}

export function sampleAlerts(count: number): Alert[] {
  return Array.from({ length: count }, (_, i) => sampleAlert(i));
}

export function byId(alerts: readonly Alert[]): Map<string, Alert> {
  return new Map(alerts.map((alert) => [alert.id, alert]));
}
