import { expect, it } from 'vitest';
import type { Tx } from '#server/database/transaction.ts';
import { escalationStore, lockEscalations, stepFailed } from '#server/modules/escalation/store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createTrace } from '#server/modules/ledger/trace.ts';
import { createSettle, type Ended, type SettleDeps } from '#server/modules/notify/settling/settle.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { decisions } from '#server/paging/decisions.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { createSendingScene } from '#server/testkit/sending-scene.ts';

const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const at = new Date(clock.now()).toISOString();
const database = await testDatabase({ max: 4 });
const random = createSeededRandom(3, clock);
const scene = createSendingScene({ database, clock, random });
const settleWith = (paging: Pick<SettleDeps, 'lockPaging' | 'stepExhausted'>) =>
  createSettle({
    newTrace: (incidentId, now) => createTrace({ decisions, incidentId, at: now, newId: random.uuid }),
    ledger: ledgerStore,
    incidents: incidentStore,
    people: peopleStore,
    random,
    ...paging,
  });

it('a failure that brings the next step forward and an acknowledgement do not wait for each other', async () => {
  const incident = await scene.incident();
  await database.withTransaction(async (tx) => {
    await escalationStore.notice(tx, at, [incident]);
    const state = (await escalationStore.lock(tx, incident.id))!;
    const waits = { run: 1, step: 1, stepCount: 2, nextAt: '2026-11-21T12:05:00.000Z', changed: false } as const;
    await escalationStore.save(tx, at, [{ ...state, ...waits }], new Set());
  });
  const userId = await scene.person('Ada');
  const { ids } = await scene.page(incident.id, { userId }, [{ via: 'desktop' }]);
  await database.query(`UPDATE notification SET status = 'sending', claim_token = 1, attempts = 1`);
  const order: string[] = [];
  const settle = settleWith({
    lockPaging: async (tx, incidents) => {
      order.push('settle asks for the paging');
      await lockEscalations(tx, incidents);
      order.push('settle has it');
    },
    stepExhausted: async (tx, now, step) => void (await stepFailed(tx, now, step)),
  });
  const ended: Ended = {
    notificationId: ids[0]!,
    guard: { token: 1 },
    outcome: { result: 'failed', permanent: true, retryAfterMs: null },
    seen: 'attempt',
    reason: 'refused',
    response: '',
    ref: null,
    elapsedMs: 5,
  };
  let settled: Promise<unknown> = Promise.resolve();
  await database.withTransaction(async (tx: Tx) => {
    await escalationStore.lock(tx, incident.id);
    settled = database.withTransaction((other) => settle(other, at, [ended]));
    // Until it waits for this transaction.
    for (let waits = false; !waits;) {
      const [row] = await database.query<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid IN
           (SELECT pid FROM pg_stat_activity WHERE datname = current_database())) AS waits`,
      );
      waits = row!.waits;
    }
    // What an acknowledgement does next; a page that the other one held would be a deadlock.
    await pageStore.end(tx, at, [incident.id], { status: 'acknowledged', by: 'Ada', userIds: null });
    order.push('the acknowledgement ended the pages');
  });
  await settled;
  expect(order).toEqual(['settle asks for the paging', 'the acknowledgement ended the pages', 'settle has it']);
  expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'cancelled' });
});

it('a failure is written down whatever the provider said, and wherever its words are cut', async () => {
  const incident = await scene.incident();
  const userId = await scene.person('Bo');
  const { ids } = await scene.page(incident.id, { userId }, [{ via: 'desktop' }]);
  await database.query(
    `UPDATE notification SET status = 'sending', claim_token = 1, attempts = 1, claimed_until = now() WHERE id = $1`,
    [ids[0]],
  );
  const settle = settleWith({ lockPaging: lockEscalations, stepExhausted: () => Promise.resolve() });
  const ended: Ended = {
    notificationId: ids[0]!,
    guard: { token: 1 },
    outcome: { result: 'failed', permanent: true, retryAfterMs: null },
    seen: 'attempt',
    // The first half of the last one stands at the end of what is kept, in the notification and in the timeline.
    reason: `.${'\u{1F525}'.repeat(800)}`,
    response: '\0 nonsense \ud800',
    ref: '\0',
    elapsedMs: 5,
  };
  await database.withTransaction((tx) => settle(tx, at, [ended]));
  const lastError = `.${'\u{1F525}'.repeat(249)}\uFFFD`;
  expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'failed', lastError });
  const [told] = await database.query('SELECT detail FROM timeline_entry WHERE incident_id = $1', [incident.id]);
  expect(told).toEqual({ detail: '\uFFFD nonsense \uFFFD' });
});
