import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';

/** Rows with every field filled, for tests to change what they are about. */
export function sampleIncident(id: string, change: Partial<Incident> = {}): Incident {
  return {
    id,
    version: 1,
    number: 1,
    title: 'Checkout failing for card payments',
    severity: 'sev2',
    status: 'triggered',
    impact: null,
    ruleId: null,
    groupKey: null,
    groupReason: null,
    declaredBy: null,
    alertCount: 1,
    firingAlertCount: 1,
    services: [],
    startedAt: '2026-11-21T14:08:12.000Z',
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [],
    links: [],
    updateCadenceMinutes: null,
    nextUpdateDueAt: null,
    lastUpdate: null,
    restrictedTo: null,
    mergedInto: null,
    fieldVersions: {},
    ...change,
  };
}

export function sampleAlert(id: string, change: Partial<Alert> = {}): Alert {
  return {
    id,
    version: 1,
    fingerprint: id.slice(0, 8),
    status: 'firing',
    acknowledged: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressed: false,
    suppressedBy: null,
    flapping: false,
    severity: 'sev2',
    source: 'alertmanager',
    integrationId: '00000000-0000-7000-8000-000000000001',
    service: 'checkout',
    title: 'CheckoutErrorRatioHigh',
    labels: { alertname: 'CheckoutErrorRatioHigh', service: 'checkout' },
    annotations: {},
    sourceUrl: null,
    runbookUrl: null,
    count: 1,
    firstSeenAt: '2026-11-21T14:08:12.000Z',
    lastSeenAt: '2026-11-21T14:08:12.000Z',
    endsAt: null,
    resolvedAt: null,
    incidentId: null,
    groupReason: null,
    previousId: null,
    ...change,
  };
}
