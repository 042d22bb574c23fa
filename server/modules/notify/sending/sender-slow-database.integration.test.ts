import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import type { Tx } from '#server/database/transaction.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { accepted, createSendingScene, type SendingScene } from '#server/testkit/sending-scene.ts';

let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 6 }));
  clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
  scene = createSendingScene({ database, clock, random: createSeededRandom(11, clock) });
});
afterEach(() => drop());

/** Each statement takes so long; `before` is called ahead of each with its name. */
function slowed(ms: number, before: (name: string) => Promise<void> = () => Promise.resolve()): Database {
  let asked = 0;
  return {
    ...database,
    withTransaction: (body, options) =>
      database.withTransaction((tx) => {
        const query = async (statement: { name?: string }) => {
          asked += 1;
          if (asked > 500) throw new Error('it goes round and round and sends nothing');
          await before(statement.name ?? '');
          clock.advance(ms);
          return tx.query(statement as never);
        };
        return body({ query } as unknown as Tx);
      }, options),
  };
}

async function pagedByText(people: number, sent: string[]): Promise<string> {
  const channelId = scene.channel('twilio', (message) => {
    sent.push(message.recipient ?? '');
    return accepted;
  });
  const { id } = await scene.incident();
  for (let i = 0; i < people; i += 1) {
    const userId = await scene.person(`P${i}`);
    await scene.page(id, { userId }, [{ via: 'sms', channelId, address: `+4915110000${10 + i}` }]);
  }
  return id;
}

test('pages go out over a database that answers so slowly that their messages take longer to make than a claim is good for', async () => {
  const sent: string[] = [];
  await pagedByText(3, sent);
  await scene.sender({}, slowed(250)).runDue();
  expect(sent.toSorted()).toEqual(['P0', 'P1', 'P2']);
});

test('what is acknowledged while its message is made does not go out', async () => {
  const sent: string[] = [];
  const incidentId = await pagedByText(2, sent);
  const database_ = slowed(250, async (name) => {
    if (name === 'notify-page-facts') await scene.acknowledge(incidentId);
  });
  await scene.sender({}, database_).runDue();
  expect(sent).toEqual([]);
  const rows = await database.query('SELECT DISTINCT status, attempts FROM notification');
  expect(rows).toEqual([{ status: 'cancelled', attempts: 0 }]);
});
