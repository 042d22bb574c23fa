import { describe, expect, it } from 'vitest';
import type { Notification } from '#server/contract/page.ts';
import type { Escalation } from '#server/contract/policy.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { samplePage, sampleWay } from '../../testkit/sample-pages.ts';
import { allFailed, deliveryWords, myOpenPages, pagesOfRun, standOf } from './page-words.ts';

const escalation: Escalation = {
  id: 'i',
  version: 1,
  run: 1,
  status: 'waiting',
  reason: 'because',
  routeId: null,
  policyId: null,
  policyVersion: null,
  priority: 'default',
  step: 0,
  stepCount: 1,
  loop: 0,
  nextAt: '2026-11-21T14:36:22.000Z',
  acknowledgedBy: [],
  acknowledgementsNeeded: 1,
};
const ways = (...given: [Notification['via'], Notification['status']][]) =>
  given.map(([via, status], index) => sampleWay(index, via, status));

describe('how a page went', () => {
  it('says of each way what is known, and never that sent is received', () => {
    const notifications = ways(['desktop', 'sent'], ['sms', 'delivered'], ['email', 'sent'], ['voice', 'cancelled']);
    expect(deliveryWords({ notifications })).toBe('Desktop not shown yet, text delivered, mail sent');
  });

  it('tells a page that reached nobody from one that still tries', () => {
    expect(allFailed({ notifications: ways(['sms', 'failed'], ['voice', 'failed']) })).toBe(true);
    expect(allFailed({ notifications: ways(['sms', 'failed'], ['voice', 'pending']) })).toBe(false);
    const again = [sampleWay(1, 'email', 'pending', { attempts: 2 }), sampleWay(2, 'voice', 'pending')];
    expect(deliveryWords({ notifications: again })).toBe('Mail failed, is tried again, call waits');
    expect(deliveryWords({ notifications: [] })).toBe('No way to reach them');
    expect(deliveryWords({ notifications: ways(['desktop', 'cancelled'], ['email', 'cancelled']) })).toBe(
      'Over before it was delivered',
    );
  });
});

describe('where paging stands', () => {
  const open = sampleIncident('i', { status: 'triggered' });
  it('warns when nobody is left, unless somebody answered', () => {
    expect(standOf({ ...escalation, status: 'exhausted' }, open).kind).toBe('nobody');
    expect(standOf({ ...escalation, status: 'exhausted' }, sampleIncident('i', { status: 'acknowledged' })).kind).toBe(
      'stopped',
    );
    expect(standOf({ ...escalation, status: 'nobody' }, open)).toMatchObject({ kind: 'nobody', why: 'because' });
  });

  it('does not say that nobody is paged when it does not know', () => {
    expect(standOf(undefined, open)).toEqual({ kind: 'unknown' });
  });
});

describe('whose pages', () => {
  it('shows each person once, of the run that is on', () => {
    const pages = [
      samplePage(1, { run: 1, userId: 'a', at: '2026-11-21T14:00:00.000Z' }),
      samplePage(2, { run: 2, userId: 'a', at: '2026-11-21T14:10:00.000Z' }),
      samplePage(3, { run: 2, userId: 'a', at: '2026-11-21T14:20:00.000Z' }),
      samplePage(4, { run: 2, userId: 'b', at: '2026-11-21T14:20:00.000Z' }),
    ];
    expect(pagesOfRun(pages, null).map(({ number }) => number)).toEqual([4, 3]);
  });

  it('takes only open pages of mine', () => {
    const pages = [
      samplePage(1, { userId: 'a', status: 'open' }),
      samplePage(2, { userId: 'a', status: 'acknowledged' }),
      samplePage(3, { userId: 'b', status: 'open' }),
    ];
    expect(myOpenPages(pages, 'a').map(({ number }) => number)).toEqual([1]);
  });
});
