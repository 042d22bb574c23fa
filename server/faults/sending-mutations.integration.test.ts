// Takes the fencing and the intent row out of the SQL and shows that the checks which watch them notice.
import { afterEach, beforeEach, describe, expect } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import type { SendResult } from '#server/modules/notify/channel-type.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { accepted, createSendingScene, refused, type SendingScene } from '#server/testkit/sending-scene.ts';
import { type Mutation, mutateSql, testsOfGuard, type Watched } from '#server/testkit/sql-mutation.ts';

const withoutFencing: Mutation = {
  statement: 'notification-fence',
  becomes: `SELECT n.id FROM notification n JOIN unnest($1::uuid[], $2::bigint[]) AS r (id, token) ON n.id = r.id
            WHERE r.token IS NOT NULL AND n.claimed_until IS NOT NULL`,
};
const withoutIntentRow: Mutation = { statement: 'notification-insert', becomes: null };
const withLateIntentRow: Mutation = { statement: 'notification-insert', becomes: null, late: true };

let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 12 }));
  clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
  scene = createSendingScene({ database, clock, random: createSeededRandom(3, clock) });
});
afterEach(() => drop());

/** R11: a server that was frozen while sending, and wakes up with a failure, undoes nothing that another one does. */
async function watchZombie(mutation: Mutation): Promise<Watched> {
  const mutant = mutateSql(database, mutation);
  const arrivals: string[] = [];
  const answers: ((result: SendResult) => void)[] = [];
  const channelId = scene.channel('webhook', (message) => {
    arrivals.push(message.id);
    return new Promise<SendResult>((resolve) => answers.push(resolve));
  });
  await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
  const zombie = scene.sender({ leaseMs: 100 }, mutant.database);
  const zombieRun = zombie.runDue();
  await until(() => arrivals.length === 1);
  // Its lease runs out while it is frozen, and another server sends the message.
  const other = scene.sender({ leaseMs: 60_000 }, mutant.database);
  await sleep(150);
  const otherRun = other.runDue();
  await until(() => arrivals.length === 2);
  answers[0]!(refused({ permanent: true }));
  await zombieRun;
  answers[1]!(accepted);
  await otherRun;
  const violations: string[] = [];
  if (arrivals.length > 2) violations.push(`sent ${arrivals.length} times after one crash`);
  const [row] = await database.query<{ status: string }>('SELECT status FROM notification');
  if (row?.status !== 'delivered') violations.push(`delivered, and kept as ${row?.status}`);
  return { violations, hits: mutant.hits() };
}

/** R4: what was decided to be sent is sent, though the server that decided it ends at once. */
async function watchIntent(mutation: Mutation): Promise<Watched> {
  const mutant = mutateSql(database, mutation);
  const arrivals: string[] = [];
  const channelId = scene.channel('webhook', (message) => {
    arrivals.push(message.id);
    return accepted;
  });
  const incident = await scene.incident();
  await scene.pages([{ incidentId: incident.id, target: { channelId }, ways: [{ via: 'webhook' }] }], mutant.database);
  // The server that decided ends here; another one goes on.
  await scene.sender().runDue();
  const violations = arrivals.length === 1 ? [] : [`${arrivals.length} messages instead of 1`];
  return { violations, hits: mutant.hits() };
}

/** R3: a message whose page was ended before its row was there must not leave. */
async function watchOrder(mutation: Mutation): Promise<Watched> {
  const mutant = mutateSql(database, mutation);
  const arrivals: string[] = [];
  const channelId = scene.channel('webhook', (message) => {
    arrivals.push(message.id);
    return accepted;
  });
  const incident = await scene.incident();
  await scene.pages([{ incidentId: incident.id, target: { channelId }, ways: [{ via: 'webhook' }] }], mutant.database);
  await scene.acknowledge(incident.id);
  await mutant.runLate();
  await scene.sender().runDue();
  return { violations: arrivals.map(() => 'a page left after the acknowledgement'), hits: mutant.hits() };
}

describe.each([
  { guard: 'the fencing token', watch: watchZombie, mutation: withoutFencing },
  { guard: 'the intent row', watch: watchIntent, mutation: withoutIntentRow },
  { guard: 'the intent row in its own time', watch: watchOrder, mutation: withLateIntentRow },
])('$guard', ({ watch, mutation }) => {
  testsOfGuard(watch, mutation);
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function until(done: () => boolean): Promise<void> {
  await expect.poll(done, { interval: 5 }).toBe(true);
}
