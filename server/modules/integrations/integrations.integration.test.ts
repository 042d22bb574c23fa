import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import type { GenericMapping, IntegrationKind } from '#server/contract/integration.ts';
import type { Database } from '#server/database/pool.ts';
import { createIntegrations, type Integrations } from '#server/modules/integrations/service.ts';
import { createIntegrationsRouter } from '#server/modules/integrations/router.ts';
import { readForReplica } from '#server/modules/integrations/store.ts';
import { createCallerFactory } from '#server/api/trpc.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const clock = createFakeClock(Date.parse('2026-11-21T16:00:00.000Z'));
const logger = createMemoryLogger();
const manager: Actor = {
  userId: '00000000-0000-4000-8000-00000000000a',
  name: 'M',
  role: 'manager',
  teamIds: [],
  sessionId: null,
};
const empty: GenericMapping = {
  items: '',
  title: 'body.what',
  severity: '',
  service: '',
  status: '',
  dedupKey: '',
  labels: '',
  annotations: '',
  sourceUrl: '',
  runbookUrl: '',
};

let database: Database;
let integrations: Integrations;
let queries = 0;

beforeAll(async () => {
  database = await testDatabase();
});

beforeEach(async () => {
  await database.query('DELETE FROM integration');
  await database.query('DELETE FROM feed');
  queries = 0;
  integrations = createIntegrations({
    database: {
      query: (...args: Parameters<Database['query']>) => {
        queries += 1;
        return database.query(...args) as never;
      },
      withTransaction: database.withTransaction,
    },
    clock,
    logger,
    random: createSeededRandom(7, clock),
    baseUrl: () => 'http://localhost:7300',
    preview: (mapping, body) => ({
      alerts: [],
      rejected: [],
      reason: JSON.stringify([mapping?.evaluate('title', body), body]),
    }),
  });
});

const make = (kind: IntegrationKind = 'generic', mapping: GenericMapping | null = null) =>
  integrations.create(manager, { name: 'Shop', kind, mapping });

async function feed() {
  return database.query<{ op: string; id: string; version: number; body: string | null }>(
    "SELECT op, id, version, body FROM feed WHERE entity = 'integration' ORDER BY xid, seq",
  );
}

describe('keys', () => {
  it('tells the key once, stores only its hash, and finds the integration by it', async () => {
    const { id, key, url, integration } = await make();
    expect(key).toMatch(/^tsi_[\w-]{43}$/);
    expect(url).toBe('http://localhost:7300/webhooks/generic');
    expect(integration).toMatchObject({ id, name: 'Shop', version: 1, keyHint: key.slice(-4), acceptedCount: 0 });
    const [stored] = await database.query('SELECT row_to_json(i)::text AS text FROM integration i');
    expect(JSON.stringify(stored)).not.toContain(key.slice(4));
    expect(JSON.stringify(await feed())).not.toContain(key.slice(4));
    expect(JSON.stringify(logger.entries)).not.toContain(key.slice(4));
    expect(await integrations.byKey(key)).toMatchObject({ id, kind: 'generic', enabled: true });
    expect(await integrations.byKey(`${key}x`)).toBeNull();
  });

  it('asks the database once for many posts, and again within 5 s', async () => {
    const { key } = await make();
    queries = 0;
    await Promise.all([1, 2, 3].map(async () => integrations.byKey(key)));
    expect(integrations.byKey(key)).not.toBeInstanceOf(Promise);
    expect(queries).toBe(1);
    clock.advance(4_999);
    expect(integrations.byKey(key)).toBeInstanceOf(Promise);
    await integrations.byKey(key);
    expect(queries).toBe(2);
    await integrations.byKey('wrong');
    expect(integrations.byKey('wrong')).toBeNull();
    expect(queries).toBe(3);
  });

  it('rotates: the old key is worth nothing at once, the new one works', async () => {
    const { id, key } = await make();
    await integrations.byKey(key);
    const rotated = await integrations.rotate(manager, id);
    expect(await integrations.byKey(key)).toBeNull();
    expect(await integrations.byKey(rotated.key)).toMatchObject({ id });
    expect(rotated.integration.version).toBe(2);
  });

  it('hears of a change on another server within 5 s', async () => {
    const { id, key } = await make();
    await integrations.byKey(key);
    await database.query('UPDATE integration SET deleted_at = created_at WHERE id = $1', [id]);
    expect(await integrations.byKey(key)).not.toBeNull();
    clock.advance(4_999);
    expect(await integrations.byKey(key)).toBeNull();
  });

  it('does not keep an answer that a change overtook', async () => {
    const { id, key } = await make();
    const early = integrations.byKey(key);
    await integrations.update(manager, id, { enabled: false });
    await early;
    expect(await integrations.byKey(key)).toMatchObject({ enabled: false });
  });
});

describe('changes', () => {
  it('appends each to the feed with the next version', async () => {
    const { id } = await make();
    await integrations.update(manager, id, { name: 'Other', enabled: false });
    await integrations.update(manager, id, { mapping: empty });
    await integrations.remove(manager, id);
    const rows = await feed();
    expect(rows.map((row) => [row.op, row.version])).toEqual([
      ['put', 1],
      ['put', 2],
      ['put', 3],
      ['delete', 4],
    ]);
    expect(JSON.parse(rows[2]?.body ?? '')).toMatchObject({ name: 'Other', enabled: false, mapping: empty });
    expect(await integrations.list()).toEqual([]);
    await expect(integrations.update(manager, id, { name: 'x' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(integrations.rotate(manager, id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(integrations.remove(manager, id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses a mapping that does not compile, naming the field, and one for a source that has none', async () => {
    const broken = { ...empty, severity: 'body.sev ==' };
    await expect(make('generic', broken)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('severity:'),
    });
    const { id } = await make();
    await expect(integrations.update(manager, id, { mapping: broken })).rejects.toMatchObject({ code: 'invalid' });
    await expect(make('grafana', empty)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('hands the compiled mapping to the accepting side', async () => {
    const { key } = await make('generic', empty);
    const known = await integrations.byKey(key);
    expect(known?.mapping?.evaluate('title', { what: 'Fire' })).toEqual({ ok: true, value: 'Fire' });
  });
});

describe('counts', () => {
  it('gathers posts and writes one feed row for many', async () => {
    const [one, two] = [await make(), await make('grafana')];
    for (let i = 0; i < 500; i += 1) integrations.seen(one.id, { accepted: 2, refused: 0, error: null });
    integrations.seen(two.id, { accepted: 0, refused: 3, error: 'It has no \0title.' });
    await integrations.flush();
    const byId = new Map((await integrations.list()).map((integration) => [integration.id, integration]));
    const now = new Date(clock.now()).toISOString();
    expect(byId.get(one.id)).toMatchObject({
      acceptedCount: 1_000,
      errorCount: 0,
      lastSeenAt: now,
      lastError: null,
      version: 2,
    });
    expect(byId.get(two.id)).toMatchObject({
      acceptedCount: 0,
      errorCount: 3,
      lastError: { at: now, message: 'It has no \uFFFDtitle.' },
    });
    expect(await feed()).toHaveLength(4);
    await integrations.flush();
    expect(await feed()).toHaveLength(4);
  });

  it('flushes on its own while it runs, and when it stops', async () => {
    const { id } = await make();
    integrations.start();
    integrations.seen(id, { accepted: 1, refused: 0, error: null });
    clock.advance(2_000);
    await integrations.flush();
    expect((await integrations.list())[0]).toMatchObject({ acceptedCount: 1 });
    integrations.seen(id, { accepted: 1, refused: 0, error: null });
    await integrations.stop();
    expect((await integrations.list())[0]).toMatchObject({ acceptedCount: 2 });
  });

  it('keeps what could not be written for the next time', async () => {
    const { id } = await make();
    integrations.seen(id, { accepted: 1, refused: 0, error: null });
    await database.query('ALTER TABLE integration RENAME TO integration_away');
    await integrations.flush();
    await database.query('ALTER TABLE integration_away RENAME TO integration');
    integrations.seen(id, { accepted: 1, refused: 0, error: null });
    await integrations.flush();
    expect((await integrations.list())[0]).toMatchObject({ acceptedCount: 2 });
  });
});

describe('the first run', () => {
  it('makes one of each, tells the keys once, and makes none twice, whoever asks together', async () => {
    const both = await Promise.all([integrations.ensureStarters(manager), integrations.ensureStarters(manager)]);
    expect(await integrations.list()).toHaveLength(3);
    const keys = both.flat().filter((starter) => starter.key !== null);
    expect(keys.map((starter) => starter.kind).sort()).toEqual(['alertmanager', 'events-v2', 'generic']);
    const [later] = await integrations.ensureStarters(manager);
    expect(later).toMatchObject({
      name: 'first-alert',
      kind: 'generic',
      key: null,
      url: 'http://localhost:7300/webhooks/generic',
    });
    for (const starter of keys) expect(await integrations.byKey(starter.key ?? '')).toMatchObject({ id: starter.id });
  });
});

describe('trying a mapping', () => {
  it('answers with the errors of each field, or with what the sample gives', () => {
    const broken = integrations.tryMapping({ ...empty, title: 'body.', labels: 'nope' }, '{}');
    expect(broken.errors.map((error) => error.field)).toEqual(['title', 'labels']);
    expect(integrations.tryMapping(empty, '{').reason).toContain('not JSON');
    expect(integrations.tryMapping(empty, '{"what":"Fire"}').reason).toContain('Fire');
  });
});

describe('the router', () => {
  const context = (role: Actor['role']) => ({
    actor: { ...manager, role },
    ip: '127.0.0.1',
    traceId: 't',
    idempotencyKey: null,
  });

  it('lets viewers list and only managers make', async () => {
    const createCaller = createCallerFactory(createIntegrationsRouter(integrations));
    const made = await createCaller(context('manager')).create({ name: 'Mine', kind: 'events-v2' });
    expect(made).toMatchObject({ key: expect.stringMatching(/^tsi_/), url: 'http://localhost:7300/v2/enqueue' });
    expect((await createCaller(context('viewer')).list({})).items).toHaveLength(1);
    await expect(createCaller(context('responder')).create({ name: 'x', kind: 'generic' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('the snapshot', () => {
  it('pages by id and leaves deleted ones out', async () => {
    const made = [await make(), await make(), await make()];
    await integrations.remove(manager, made[1]?.id ?? '');
    const first = await readForReplica(database, manager, null, 1, '');
    const rest = await readForReplica(database, manager, first[0]?.id ?? null, 10, '');
    expect([...first, ...rest].map((row) => row.id).sort()).toEqual([made[0]?.id, made[2]?.id].sort());
  });
});
