// Messages that stand in a channel and follow their incident.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { createClockStore } from '#server/modules/escalation/clock-guard.ts';
import { noticeIncidents } from '#server/modules/notify/sending/channel-messages.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import {
  accepted,
  createSendingScene,
  type FakeSend,
  refused,
  type SendingScene,
} from '#server/testkit/sending-scene.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
const hour = 3_600_000;
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 6 }));
  clock = createFakeClock(start);
  scene = createSendingScene({ database, clock, random: createSeededRandom(7, clock) });
});
afterEach(() => drop());

/** A message that stands in a channel: what changes its incident, and the sender that brings it up to date. */
async function standing(update: FakeSend) {
  const channelId = scene.channel('slack', () => ({ ...accepted, ref: 'C1/17.5' }) as const, { update });
  const { id } = await scene.incident();
  await scene.page(id, { channelId }, [{ via: 'slack' }]);
  const sender = scene.sender();
  await runFor(sender, 2);
  const change = (title: string, status: string) =>
    database.withTransaction(async (tx) => {
      await tx.query('UPDATE incident SET title = $2, status = $3 WHERE id = $1', [id, title, status]);
      await noticeIncidents(tx, '', [{ id, restrictedTo: null }]);
    });
  return { sender, change };
}

/** Runs the sender once a second of fake time. */
async function runFor(sender: { runDue(): Promise<number> }, seconds: number): Promise<void> {
  for (let i = 0; i <= seconds; i += 1) {
    await sender.runDue();
    if (i < seconds) clock.advance(1_000);
  }
}

/** The clock was set back: another server has seen it and moves what is pending; this one has yet to see it. */
async function setBack(): Promise<void> {
  scene.state.agrees = false;
  const at = new Date(clock.now() - hour).toISOString();
  await database.withTransaction((tx) => createClockStore(database).move(tx, at, -hour, -hour));
}

function seeIt(): void {
  clock.step(-hour);
  scene.state.agrees = true;
}

test('a message that stands in a channel follows the incident, once a second at most', async () => {
  const updates: string[] = [];
  const { sender, change } = await standing((message) => {
    updates.push(`${(clock.now() - start) / 1_000} ${message.incidents[0]!.title} ${message.incidents[0]!.status}`);
    return accepted;
  });
  expect(updates).toEqual([]);
  await change('A', 'triggered');
  await sender.runDue();
  await change('B', 'triggered');
  await sender.runDue();
  await change('C', 'acknowledged');
  await runFor(sender, 5);
  expect(updates).toEqual(['2 A triggered', '3 C acknowledged']);
});

test('while clocks do not agree nothing is changed, and what was changed before follows again when they do', async () => {
  const updates: string[] = [];
  const { sender, change } = await standing((message) => {
    updates.push(message.incidents[0]!.title);
    return accepted;
  });
  await change('A', 'triggered');
  await sender.runDue();
  await setBack();
  await change('B', 'triggered');
  await runFor(sender, 2);
  expect(updates).toEqual(['A']);
  seeIt();
  await runFor(sender, 2);
  expect(updates).toEqual(['A', 'B']);
});

test('a change that failed is tried again as long after as it should, when the clock was set meanwhile', async () => {
  const tried: number[] = [];
  const { sender, change } = await standing(async () => {
    tried.push(clock.monotonic() / 1_000);
    if (tried.length > 1) return accepted;
    await setBack();
    return refused({ retryAfterMs: 30_000 });
  });
  await change('A', 'triggered');
  await sender.runDue();
  seeIt();
  await runFor(sender, 40);
  const [first, second] = tried;
  expect(tried).toHaveLength(2);
  expect(second! - first!).toBeGreaterThanOrEqual(30);
  expect(second! - first!).toBeLessThan(33);
});
