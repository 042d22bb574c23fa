// A dump is put back into another PostgreSQL, and the whole server starts on it.
import { expect, test } from 'vitest';
import type { SnapshotPage } from '#server/contract/replica.ts';
import { settleIntoThisPostgres } from '#server/database/other-postgres.ts';
import type { Database } from '#server/database/pool.ts';
import { startTestApp, type TestApp } from '#server/testkit/app.ts';
import { dump, restore } from '#server/testkit/dump.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { startTestPostgres } from '#server/testkit/postgres-server.ts';
import { fromNow, until } from '#server/testkit/restricted-scene.ts';

/** As if other databases of this PostgreSQL wrote. */
async function countOn(database: Database, transactions: number): Promise<void> {
  await database.query(
    `DO $$ BEGIN FOR i IN 1..${transactions} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`,
  );
}

/** The newest place that a client of this database can have been told. */
async function horizon(database: Database): Promise<string> {
  const [row] = await database.query<{ xmin: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin');
  return `${row?.xmin}.0`;
}

const titles = async (app: TestApp, admin: string) =>
  (await app.rest<{ items: { title: string }[] }>(admin, 'GET', '/api/v1/incidents')).items.map(({ title }) => title);

const untilThere = (app: TestApp, admin: string, title: string) =>
  until(
    () => titles(app, admin),
    (found) => found.some((each) => each.includes(title)),
  );

async function raise(app: TestApp, admin: string, key: string, title: string): Promise<void> {
  await app.rest(key, 'POST', '/webhooks/generic', { title, service: title, severity: 'sev2', dedupKey: title });
  await untilThere(app, admin, title);
}

/** How often it said that it counts anew. */
const counted = (app: TestApp): number =>
  app.logger.entries.filter(({ message }) => message.includes('another PostgreSQL')).length;

/** Where a client stands that took its copy now. */
async function placeIn(app: TestApp, admin: string): Promise<string> {
  const { text } = await app.call(admin, 'query', 'replica.snapshot', { cursor: null });
  return (JSON.parse(text) as { result: { data: SnapshotPage } }).result.data.position;
}

/** Whether the first message of the stream tells a client that comes back to start over. */
async function toldOnReturn(app: TestApp, admin: string, lastEventId: string, heardAt: string) {
  const input = encodeURIComponent(JSON.stringify({ lastEventId, heardAt }));
  const answer = await fetch(`${app.url}/trpc/replica.stream?input=${input}`, {
    headers: { authorization: `Bearer ${admin}`, accept: 'text/event-stream' },
  });
  let heard = '';
  const decoder = new TextDecoder();
  // Leaving the loop ends the call.
  for await (const chunk of answer.body ?? []) {
    heard += decoder.decode(chunk as Uint8Array, { stream: true });
    const reset = /"reset":("[a-z-]+"|null)/.exec(heard)?.[1];
    if (reset !== undefined) return JSON.parse(reset) as string | null;
  }
  return 'nothing';
}

test('what was accepted is processed, what comes is too, and each client starts over once', async () => {
  const [own, other] = [await makeDatabase(), await startTestPostgres({ fsync: false })];
  const second = await makeDatabase({ server: other.address, empty: true });
  const running: TestApp[] = [];
  const start = async (database: typeof own): Promise<TestApp> => {
    const app = await startTestApp({ ...database, drop: async () => undefined });
    running.push(app);
    return app;
  };
  try {
    await countOn(own.database, 20_000);
    const first = await start(own);
    const admin = first.adminKey;
    const source = { name: 'Source', kind: 'generic' };
    const { key } = await first.rest<{ key: string }>(admin, 'POST', '/api/v1/integrations', source);
    await raise(first, admin, key, 'before');
    await first.stop();
    // In the server's last moment: accepted, and processed by nobody.
    await own.database.query(
      `INSERT INTO event_log (topic, partition, id, key, type, payload, received_at)
       SELECT topic, partition, gen_random_uuid(), key, type, replace(payload, 'before', 'accepted'), now()
       FROM event_log`,
    );
    const taken = await dump(own.database);
    // A client hears what comes after it, and is lost with it.
    await countOn(own.database, 10);
    const undone = await horizon(own.database);
    const heardAt = fromNow(-5_000);

    await restore(second.database, taken);
    const app = await start(second);
    await untilThere(app, admin, 'accepted');
    await raise(app, admin, key, 'after');
    expect((await titles(app, admin)).map((title) => title.split(':')[0]).toSorted()).toEqual([
      'accepted',
      'after',
      'before',
    ]);
    expect(await toldOnReturn(app, admin, undone, heardAt)).toBe('cursor-too-old');
    const anew = await placeIn(app, admin);
    expect(await toldOnReturn(app, admin, anew, fromNow(0))).toBeNull();

    // Once this one has counted beyond it, the number of the place says nothing any more.
    await countOn(second.database, 40_000);
    expect(await toldOnReturn(app, admin, undone, heardAt)).toBe('cursor-too-old');
    expect(counted(app)).toBe(1);
    await settleIntoThisPostgres(second.database, app.logger);
    expect(counted(app)).toBe(1);
  } finally {
    for (const each of running) await each.stop().catch(() => undefined);
    await second.drop();
    await own.drop();
    await other.stop();
  }
}, 90_000);
