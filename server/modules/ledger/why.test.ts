import { expect, it } from 'vitest';
import type { Notification, Page } from '#server/contract/page.ts';
import { whyPaged } from '#server/modules/ledger/why.ts';

const at = '2026-11-21T03:12:00.000Z';
const never = { sentAt: null, deliveredAt: null, lastError: null, bundledInto: null };
const way = { id: 'n', via: 'desktop', label: 'desktop', status: 'cancelled', dueAt: at, ...never };
function told(page: Partial<Page>): string {
  const made = { id: 'p', incidentId: 'i', userId: 'cy', reason: 'step 1 of payments; named in the step', at };
  const whole = { ...made, status: 'open', endedAt: null, endedBy: null, late: false, notifications: [], ...page };
  const facts = { incident: null, alert: null, alertEvents: [], escalation: null, pages: [], entries: [] };
  const names = new Map([['cy', 'Cy']]);
  return whyPaged({ ...facts, names, mode: 'live', now: at }, whole as unknown as Page, null).answer.at(-1) ?? '';
}

it('says of a page that was over before it was delivered which way it had, and what ended it', () => {
  const cancelled = { endedAt: '2026-11-21T03:13:00.000Z', notifications: [way as unknown as Notification] };
  expect(told({ ...cancelled, status: 'acknowledged', endedBy: 'Ada' })).toBe(
    'Cy was paged at once by desktop, which had not been delivered yet, and it was acknowledged by Ada at 03:13:00 UTC on 2026-11-21.',
  );
  expect(told({ ...cancelled, status: 'stopped', endedBy: 'it is resolved' })).toBe(
    'Cy was paged at once by desktop, which had not been delivered yet, and it was stopped at 03:13:00 UTC on 2026-11-21, because it is resolved.',
  );
  expect(told({})).toBe('Cy was paged at once, with no way to reach them, and there is no answer yet.');
});
