import type { AlertState } from '#server/modules/alerts/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** A readable id: `testId(7)` ends in 7. */
export function testId(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

export function anIncident(fields: Partial<IncidentState> = {}): IncidentState {
  return {
    id: testId(1),
    version: 1,
    number: 1,
    title: 'Checkout fails',
    severity: 'sev2',
    status: 'triggered',
    impact: null,
    ruleId: null,
    groupKey: null,
    groupReason: null,
    resolvePolicy: 'never',
    reopenSeconds: 0,
    declaredBy: null,
    alertCount: 0,
    firingAlertCount: 0,
    services: [],
    startedAt: '2026-11-21T12:00:00.000Z',
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [],
    links: [],
    updateCadenceMinutes: 30,
    nextUpdateDueAt: '2026-11-21T12:30:00.000Z',
    lastUpdate: null,
    restrictedTo: null,
    mergedInto: null,
    fieldVersions: {},
    ...fields,
  };
}

export function anAlert(fields: Partial<AlertState> = {}): AlertState {
  return {
    id: testId(101),
    version: 1,
    fingerprint: 'f1',
    status: 'firing',
    acknowledged: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressed: false,
    suppressedBy: null,
    flapping: false,
    severity: 'sev2',
    source: 'generic',
    integrationId: testId(900),
    service: 'checkout',
    serviceId: null,
    title: 'High error rate',
    labels: {},
    annotations: {},
    sourceUrl: null,
    runbookUrl: null,
    count: 1,
    firstSeenAt: '2026-11-21T12:00:00.000Z',
    lastSeenAt: '2026-11-21T12:00:00.000Z',
    endsAt: null,
    resolvedAt: null,
    incidentId: null,
    groupReason: null,
    previousId: null,
    dedupKey: 'k1',
    groupKey: null,
    ruleId: null,
    placedBy: null,
    transitions: [],
    audience: null,
    ...fields,
  };
}
