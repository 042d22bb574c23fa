import { describe, expect, it } from 'vitest';
import type { DesktopNotification, NotifyOutcome } from '../../../src-main/bridge.ts';
import type { Page, Receipt } from '#server/contract/page.ts';
import { samplePage, sampleWay } from '../../testkit/sample-pages.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { createTeller, type TellerWorld } from './page-teller.ts';

const me = 'me';
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(outcome: NotifyOutcome = { kind: 'shown' }) {
  const shown: DesktopNotification[] = [];
  const receipts: Receipt[] = [];
  const dismissed: string[] = [];
  const banners: string[] = [];
  let reachable = true;
  const teller = createTeller({
    notify: async (notification) => {
      shown.push(notification);
      return notification.visible ? { kind: 'suppressed', reason: 'it is on screen' } : outcome;
    },
    dismiss: (id) => dismissed.push(id),
    receipt: async (receipt) => {
      if (!reachable) throw new Error('away');
      receipts.push(receipt);
    },
    failed: (page, reason) => banners.push(`P-${page.number}: ${reason}`),
  });
  return { teller, shown, receipts, dismissed, banners, away: (is: boolean) => (reachable = !is) };
}

function page(number: number, change: Partial<Page> = {}): Page {
  const notifications = [sampleWay(number, 'desktop', 'sent'), sampleWay(100 + number, 'sms', 'sent')];
  return samplePage(number, { userId: me, incidentId: `i${number}`, notifications, ...change });
}

function world(pages: Page[], change: Partial<TellerWorld> = {}): TellerWorld {
  const incidents = new Map(
    pages.map(({ incidentId }) => [incidentId, sampleIncident(incidentId, { services: [incidentId] })]),
  );
  return { pages, incidents, meId: me, onScreen: () => false, escalateTo: () => 'Ben', nowMs: 0, ...change };
}

describe('pages outside the window', () => {
  it('are told once and answered with one receipt, however often they are looked at', async () => {
    const { teller, shown, receipts } = setUp();
    const given = page(1);
    teller.look(world([given]));
    teller.look(world([given]));
    await settled();
    teller.look(world([{ ...given, version: 2 }]));
    await settled();
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({
      tier: 'page',
      path: '/incidents/i1/answer',
      answer: { incidentId: 'i1', escalateTo: 'Ben' },
    });
    expect(receipts).toEqual([{ notificationId: given.notifications[0]?.id, result: 'shown', reason: '' }]);
  });

  it('are told again when the server tries again', async () => {
    const { teller, shown, receipts } = setUp();
    const given = page(1);
    teller.look(world([given]));
    await settled();
    const again = given.notifications.map((one) => ({ ...one, attempts: one.attempts + 1 }));
    teller.look(world([{ ...given, notifications: again }]));
    await settled();
    expect(shown).toHaveLength(2);
    expect(receipts).toHaveLength(2);
  });

  it('are nothing of mine when they are somebody else’s, answered, not due, or go another way', async () => {
    const { teller, shown, receipts } = setUp();
    teller.look(
      world([
        page(1, { userId: 'other' }),
        page(2, { status: 'acknowledged' }),
        page(3, { notifications: [sampleWay(3, 'desktop', 'pending'), sampleWay(4, 'email', 'sent')] }),
        page(5, { notifications: [sampleWay(5, 'desktop', 'delivered')] }),
      ]),
    );
    await settled();
    expect(shown).toEqual([]);
    expect(receipts).toEqual([]);
  });

  it('say honestly what became of them: on screen, or not shown, with a banner instead', async () => {
    const seen = setUp();
    seen.teller.look(world([page(1)], { onScreen: () => true }));
    await settled();
    expect(seen.receipts[0]).toMatchObject({ result: 'suppressed', reason: 'it is on screen' });
    expect(seen.banners).toEqual([]);
    const denied = setUp({ kind: 'failed', reason: 'this browser was not allowed to notify' });
    denied.teller.look(world([page(1)]));
    await settled();
    expect(denied.receipts[0]).toMatchObject({ result: 'failed' });
    expect(denied.banners).toEqual(['P-1: this browser was not allowed to notify']);
  });

  it('are withdrawn once no open page of the incident is left', async () => {
    const { teller, dismissed } = setUp();
    const [one, two] = [page(1), page(2, { incidentId: 'i1' })];
    teller.look(world([one, two]));
    await settled();
    teller.look(world([{ ...one, status: 'acknowledged' }, two]));
    expect(dismissed).toEqual([]);
    teller.look(
      world([
        { ...one, status: 'acknowledged' },
        { ...two, status: 'stopped' },
      ]),
    );
    expect(dismissed).toContain('page i1');
  });

  it('become one digest when five come within a minute, each with its own receipt', async () => {
    const { teller, shown, receipts } = setUp();
    teller.look(world([1, 2, 3, 4, 5, 6].map((number) => page(number))));
    await settled();
    expect(shown.map(({ id }) => id)).toEqual([
      'page i1',
      'page i2',
      'page i3',
      'page i4',
      'pages-digest',
      'pages-digest',
    ]);
    expect(shown.at(-1)?.title).toBe('6 pages in a minute, 6 services');
    expect(new Set(receipts.map(({ notificationId }) => notificationId)).size).toBe(6);
    teller.look(world([page(7)], { nowMs: 61_000 }));
    await settled();
    expect(shown.at(-1)?.id).toBe('page i7');
  });

  it('keep a receipt that the server did not take until it does', async () => {
    const { teller, receipts, away } = setUp();
    away(true);
    teller.look(world([page(1)]));
    await settled();
    expect(receipts).toEqual([]);
    away(false);
    teller.retry();
    await settled();
    teller.retry();
    await settled();
    expect(receipts).toHaveLength(1);
  });
});
