import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createTrace } from '#server/modules/ledger/trace.ts';
import { decidePlan } from '#server/modules/notify/planning/decide-plan.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { createTell } from '#server/modules/notify/tell.ts';
import type { PagingMode } from '#server/modules/notify/sending/upkeep.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { accepted, createSendingScene } from '#server/testkit/sending-scene.ts';

let database: Database;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 4 }));
});
afterEach(() => drop());

test('what a channel is told in shadow mode is never sent, not even when paging goes live at that moment', async () => {
  const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
  const random = createSeededRandom(19, clock);
  const scene = createSendingScene({ database, clock, random });
  let sent = 0;
  const channelId = scene.channel('slack', () => {
    sent += 1;
    return accepted;
  });
  let mode: PagingMode = 'shadow';
  const decisions = { plan: decidePlan } as unknown as Decisions;
  const tell = createTell({
    config: { current: () => Promise.resolve(scene.config) },
    pages: pageStore,
    ledger: ledgerStore,
    newTrace: (incidentId, at) => createTrace({ decisions, incidentId, at, newId: random.uuid }),
    newId: random.uuid,
    mode: () => mode,
  });
  const { id: incidentId } = await scene.incident();
  const at = new Date(clock.now()).toISOString();
  const told = () => database.withTransaction((tx) => tell(tx, at, [{ incidentId, channelIds: [channelId] }]));
  await told();
  mode = 'live';
  const sender = scene.sender();
  await sender.runDue();
  expect(sent).toBe(0);
  expect(await database.query('SELECT status FROM notification')).toEqual([{ status: 'shadow' }]);
  await told();
  await sender.runDue();
  expect(sent).toBe(1);
});
