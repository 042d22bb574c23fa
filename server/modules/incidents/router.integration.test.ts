import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateOpenApiDocument, type OpenApiRouter } from 'trpc-to-openapi';
import type { Actor } from '#server/api/context.ts';
import { createCallerFactory, router } from '#server/api/trpc.ts';
import type { Database } from '#server/database/pool.ts';
import { createIntentsRouter } from '#server/modules/incidents/intents-router.ts';
import { createIncidentsRouter } from '#server/modules/incidents/router.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createIncidentApp } from '#server/testkit/incident-app.ts';
import { testId } from '#server/testkit/incidents.ts';
import { startTestHttp } from '#server/testkit/http.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const random = createSeededRandom(11, clock);
const team = testId(501);

let database: Database;
let app: ReturnType<typeof createIncidentApp>;
let mara: Actor;
let diego: Actor;
let outsider: Actor;
let viewer: Actor;

beforeAll(async () => {
  database = await testDatabase();
  app = createIncidentApp({ database, clock, random });
  mara = await app.person('Mara', 'responder', [team]);
  diego = await app.person('Diego', 'responder', [team]);
  outsider = await app.person('Otto', 'admin');
  viewer = await app.person('Vera', 'viewer', [team]);
});
beforeEach(async () => {
  clock.advance(1_000);
  await database.query('TRUNCATE incident, task, timeline_entry, postmortem, intent, feed CASCADE');
});

function appRouter() {
  return router({
    incidents: createIncidentsRouter(app.incidents, app.postmortems),
    intents: createIntentsRouter(app.intents),
  });
}

function as(actor: Actor | null, idempotencyKey: string | null = null) {
  return createCallerFactory(appRouter())({ actor, ip: '127.0.0.1', traceId: 't', idempotencyKey });
}

const draft = { title: 'Checkout fails', severity: 'sev1' } as const;

describe('declaring and acting over REST', () => {
  it('goes through the statuses and says who did what before', async () => {
    const { id } = await as(mara).incidents.declare(draft);
    expect(await as(mara).incidents.acknowledge({ id })).toMatchObject({
      outcome: 'applied',
      incident: { status: 'acknowledged' },
    });
    expect(await as(diego).incidents.acknowledge({ id })).toMatchObject({ outcome: 'noop', by: 'Mara' });
    expect(await as(diego).incidents.mitigate({ id })).toMatchObject({ incident: { status: 'mitigated' } });
    expect(await as(diego).incidents.resolve({ id })).toMatchObject({ incident: { status: 'resolved' } });
  });

  it('answers a conflict with the incident as it is now', async () => {
    const { id } = await as(mara).incidents.declare(draft);
    await as(mara).incidents.resolve({ id });
    await expect(as(diego).incidents.acknowledge({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { code: 'conflict', current: { id, status: 'resolved' } },
    });
  });

  it('with an Idempotency-Key has one effect, for this person and this action', async () => {
    const first = await as(mara, 'key-1').incidents.declare(draft);
    expect((await as(mara, 'key-1').incidents.declare(draft)).id).toBe(first.id);
    expect((await as(diego, 'key-1').incidents.declare(draft)).id).not.toBe(first.id);
    expect((await as(mara, 'key-1').incidents.acknowledge({ id: first.id })).outcome).toBe('applied');
    expect((await as(mara, 'key-1').incidents.acknowledge({ id: first.id })).outcome).toBe('applied');
    expect((await as(mara).incidents.list({})).items).toHaveLength(2);
  });

  it('needs to be signed in as a responder', async () => {
    await expect(as(viewer).incidents.declare(draft)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(as(null).incidents.list({})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

describe('reading over REST', () => {
  it('lists by status and severity, newest first, page by page, with the name of the commander', async () => {
    const ids: string[] = [];
    for (const severity of ['sev1', 'sev2', 'sev3'] as const) {
      clock.advance(1_000);
      ids.unshift((await as(mara).incidents.declare({ ...draft, severity })).id);
    }
    await app.intents.submit(diego, [
      app.intent({ kind: 'incident.take-role', incidentId: ids[0]!, role: 'commander' }),
    ]);
    await as(mara).incidents.resolve({ id: ids[1]! });
    const page = await as(viewer).incidents.list({ limit: 2 });
    const rest = await as(viewer).incidents.list({ limit: 2, cursor: page.nextCursor });
    expect([...page.items, ...rest.items].map((item) => item.id)).toEqual(ids);
    expect(page.items.map((item) => item.commander)).toEqual(['Diego', null]);
    expect(rest.nextCursor).toBeNull();
    expect((await as(viewer).incidents.list({ status: ['resolved'] })).items.map((item) => item.id)).toEqual([ids[1]]);
    expect((await as(viewer).incidents.list({ severity: ['sev1', 'sev3'] })).items).toHaveLength(2);
    await expect(as(viewer).incidents.list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('gives the timeline and the review', async () => {
    const { id } = await as(mara).incidents.declare(draft);
    expect((await as(viewer).incidents.timeline({ id })).items).toMatchObject([
      { kind: 'declared', actor: 'Mara', text: 'Mara declared severity 1: Checkout fails' },
    ]);
    const { markdown } = await as(viewer).incidents.postmortem({ id });
    expect(markdown).toMatch(/^# INC-\d+: Checkout fails\n/);
    expect(await as(viewer).incidents.postmortemFile({ id })).toBe(markdown);
  });

  it('answers 404 for what is unknown and for what is not the reader’s to see, in the same words', async () => {
    const { id } = await as(mara).incidents.declare({ ...draft, restrictedTo: [team] });
    const ways = [
      (caller: ReturnType<typeof as>, at: string) => caller.incidents.get({ id: at }),
      (caller: ReturnType<typeof as>, at: string) => caller.incidents.timeline({ id: at }),
      (caller: ReturnType<typeof as>, at: string) => caller.incidents.postmortem({ id: at }),
      (caller: ReturnType<typeof as>, at: string) => caller.incidents.postmortemFile({ id: at }),
      (caller: ReturnType<typeof as>, at: string) => caller.incidents.acknowledge({ id: at }),
      (caller: ReturnType<typeof as>, at: string) => caller.incidents.resolve({ id: at }),
    ];
    for (const way of ways) {
      const [hidden, unknown] = await Promise.allSettled([way(as(outsider), id), way(as(outsider), random.uuid())]);
      expect(hidden).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
      expect((hidden as PromiseRejectedResult).reason.message).toBe((unknown as PromiseRejectedResult).reason.message);
    }
    expect((await as(outsider).incidents.list({})).items).toEqual([]);
    expect((await as(viewer).incidents.list({})).items).toHaveLength(1);
  });

  it('is described in the OpenAPI document', () => {
    const { paths } = generateOpenApiDocument(appRouter() as unknown as OpenApiRouter, {
      title: 'T',
      version: '1',
      baseUrl: 'http://localhost',
    });
    expect(Object.keys(paths ?? {}).toSorted()).toEqual([
      '/incidents',
      '/incidents/{id}',
      '/incidents/{id}/acknowledge',
      '/incidents/{id}/mitigate',
      '/incidents/{id}/postmortem.md',
      '/incidents/{id}/resolve',
      '/incidents/{id}/timeline',
    ]);
  });
});

describe('a batch of intents', () => {
  it('answers one that is not valid by itself and applies the others', async () => {
    const { id: incidentId } = await as(mara).incidents.declare(draft);
    const good = app.intent({ kind: 'incident.acknowledge', incidentId });
    const bad = {
      ...app.intent({ kind: 'incident.acknowledge', incidentId }),
      action: { kind: 'incident.nonsense' } as never,
    };
    expect(await as(mara).intents.submit({ intents: [bad, good] })).toMatchObject([
      { outcome: 'rejected', code: 'unknown-action', id: bad.id },
      { outcome: 'applied', id: good.id },
    ]);
  });

  it('keeps text that PostgreSQL could not, with the replacement character', async () => {
    const { id: incidentId } = await as(mara).incidents.declare(draft);
    const text = 'a\u0000b\uD800c';
    const note = app.intent({ kind: 'incident.note', incidentId, entryId: random.uuid(), text, at: null });
    expect(await as(mara).intents.submit({ intents: [note] })).toMatchObject([{ outcome: 'applied' }]);
    expect((await as(mara).incidents.timeline({ id: incidentId })).items.at(-1)?.text).toBe('a\uFFFDb\uFFFDc');
  });

  it('is refused when it is empty, too long, or has no id to answer to', async () => {
    const { id: incidentId } = await as(mara).incidents.declare(draft);
    const intent = () => app.intent({ kind: 'incident.acknowledge', incidentId });
    await expect(as(mara).intents.submit({ intents: [] })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(as(mara).intents.submit({ intents: Array.from({ length: 101 }, intent) })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    await expect(as(mara).intents.submit({ intents: [{ ...intent(), id: 'x' }] })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });
});

describe('plain HTTP', () => {
  it('declares once under an Idempotency-Key, answers 409 with the state, 404, and Markdown as text', async () => {
    const known = (actor: Actor) => ({ actor, current: async () => actor });
    const http = await startTestHttp({ router: appRouter(), people: { mara: known(mara), otto: known(outsider) } });
    const call = (path: string, init: RequestInit = {}, token = 'mara') =>
      fetch(`${http.url}/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
      });
    try {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'once' };
      const declare = { method: 'POST', headers, body: JSON.stringify({ ...draft, restrictedTo: [team] }) };
      const answers = await Promise.all([call('/incidents', declare), call('/incidents', declare)]);
      const [first, second] = (await Promise.all(answers.map((answer) => answer.json()))) as { id: string }[];
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
      expect(second!.id).toBe(first!.id);

      const path = `/incidents/${first!.id}`;
      expect((await call(`${path}/resolve`, { method: 'POST' })).status).toBe(200);
      const conflict = await call(`${path}/acknowledge`, { method: 'POST' });
      expect([conflict.status, await conflict.json()]).toMatchObject([409, { current: { status: 'resolved' } }]);

      const review = await call(`${path}/postmortem.md`);
      expect(review.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
      expect(await review.text()).toMatch(/^# INC-/);
      const statuses = ['', '/timeline', '/postmortem.md'].map(
        async (end) => (await call(path + end, {}, 'otto')).status,
      );
      expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
    } finally {
      await http.server.stop();
    }
  });
});
