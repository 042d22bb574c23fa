// Pages for tests and for the harness.
import type { Notification, Page } from '#server/contract/page.ts';
import { sampleId } from './sample-ids.ts';

const at = '2026-11-21T14:31:22.000Z';

export function sampleWay(
  number: number,
  via: Notification['via'],
  status: Notification['status'],
  change: Partial<Notification> = {},
): Notification {
  const sent = status === 'sent' || status === 'delivered';
  return {
    id: sampleId('paging', 900_000 + number),
    methodId: null,
    channelId: null,
    via,
    label: via,
    plannedAt: at,
    dueAt: at,
    status,
    attempts: sent || status === 'failed' ? 1 : 0,
    sentAt: sent ? at : null,
    deliveredAt: status === 'delivered' ? at : null,
    lastError: null,
    bundledInto: null,
    ...change,
  };
}

export function samplePage(number: number, change: Partial<Page> = {}): Page {
  return {
    id: sampleId('paging', 800_000 + number),
    version: 1,
    number,
    incidentId: sampleId('incident', 2043),
    userId: sampleId('user', 1),
    channelId: null,
    policyId: null,
    run: 1,
    step: 0,
    loop: 0,
    priority: 'default',
    reason: 'step 1 of payments-critical; on call in Payments primary',
    at,
    late: false,
    status: 'open',
    endedAt: null,
    endedBy: null,
    notifications: [],
    ...change,
  };
}
