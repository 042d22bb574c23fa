import { expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createCallerFactory } from '#server/api/trpc.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import { programMigrations } from '#server/database/migrate.ts';
import { createDiagnosticsRouter } from '#server/modules/diagnostics/router.ts';
import { createDiagnostics } from '#server/modules/diagnostics/service.ts';
import { DeadLetter, DiagnosticsReport } from '#server/contract/diagnostics.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);
const database = await testDatabase();
const letterId = random.uuid();
const done: string[] = [];

const diagnostics = createDiagnostics({
  database,
  log: {
    lag: () => Promise.resolve({ records: 3, oldestAgeMs: 40 }),
    waiting: () => 2,
    deadLetters: {
      list: () =>
        Promise.resolve([
          {
            id: letterId,
            topic: 'ingest',
            group: 'pipeline',
            recordId: random.uuid(),
            key: 'k',
            type: 'generic',
            payload: '{}',
            reason: 'bad',
            attempts: 3,
            parkedAt: clock.now(),
            resolution: null,
            resolvedAt: null,
          },
        ]),
      count: () => Promise.resolve(1),
      replay: (id) => Promise.resolve(void done.push(`replayed ${id}`)),
      discard: (id) => Promise.resolve(void done.push(`discarded ${id}`)),
    },
  },
  topic: 'ingest',
  group: 'pipeline',
  clock,
  logger: createMemoryLogger(),
  version: '0.1.0',
  embedded: true,
  connectedClients: () => 4,
  disk: () => ({ state: 'ok', freeBytes: 1, totalBytes: 2 }),
});

function as(role: PermissionRole) {
  const actor = { userId: random.uuid(), name: 'Somebody', role, teamIds: [], sessionId: null };
  return createCallerFactory(createDiagnosticsRouter(diagnostics))({
    actor,
    ip: '',
    traceId: '',
    idempotencyKey: null,
  });
}

test('the report says how the server, its database and its log are', async () => {
  const report = DiagnosticsReport.parse(await as('manager').report());
  expect(report).toMatchObject({
    server: { version: '0.1.0', connectedClients: 4 },
    database: { schemaVersion: (await programMigrations()).length, embedded: true },
    processing: { waitingRecords: 3, oldestWaitingMs: 40, queuedRecords: 2, deadLetters: 1 },
    disk: { state: 'ok' },
  });
  expect(report.database.version).toMatch(/^18/);
  expect(Math.abs(report.clock.databaseOffsetMs)).toBeLessThan(1_000);
  expect(report.tables?.map((table) => table.name)).toContain('event_log');
});

test('sizes of tables, which count restricted things too, are for managers', async () => {
  expect((await as('responder').report()).tables).toBeNull();
});

test('responders see dead letters; only managers replay or discard them', async () => {
  expect(DeadLetter.parse((await as('responder').deadLetters({}))[0])).toMatchObject({ id: letterId, reason: 'bad' });
  await expect(as('viewer').deadLetters({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(as('responder').replay({ id: letterId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(as('responder').discard({ id: letterId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await as('manager').replay({ id: letterId });
  await as('manager').discard({ id: letterId });
  expect(done).toEqual([`replayed ${letterId}`, `discarded ${letterId}`]);
});
