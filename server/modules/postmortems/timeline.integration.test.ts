import { beforeAll, expect, it } from 'vitest';
import { generateOpenApiDocument, type OpenApiRouter } from 'trpc-to-openapi';
import type { Actor } from '#server/api/context.ts';
import { createCallerFactory, router } from '#server/api/trpc.ts';
import type { Action } from '#server/contract/intent.ts';
import type { Database } from '#server/database/pool.ts';
import { changeStore, readChangesOf } from '#server/modules/changes/store.ts';
import { readIncident } from '#server/modules/incidents/store.ts';
import { readWholeTimeline } from '#server/modules/incidents/timeline-store.ts';
import { createTimelineRouter } from '#server/modules/postmortems/router.ts';
import { ReviewItem } from '#server/contract/postmortem.ts';
import { readPostmortem, readUnfinishedReviews } from '#server/modules/postmortems/store.ts';
import { createTimelineFiles } from '#server/modules/postmortems/timeline-file.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createIncidentApp } from '#server/testkit/incident-app.ts';
import { testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const random = createSeededRandom(12, clock);
const team = testId(501);
let database: Database;
let app: ReturnType<typeof createIncidentApp>;
let mara: Actor;
let outsider: Actor;

beforeAll(async () => {
  database = await testDatabase();
  app = createIncidentApp({ database, clock, random });
  mara = await app.person('Mara', 'responder', [team]);
  outsider = await app.person('Otto', 'admin');
});

function timelineRouter() {
  const files = createTimelineFiles({
    clock,
    sources: {
      incident: (reader, id) => readIncident(database, reader, id),
      timeline: (reader, id, limit) => readWholeTimeline(database, reader, id, limit),
      changesOf: (services, from, to, limit) => readChangesOf(database, services, from, to, limit),
    },
  });
  return router({ timeline: createTimelineRouter(files) });
}

function as(actor: Actor) {
  return createCallerFactory(timelineRouter())({ actor, ip: '127.0.0.1', traceId: 't', idempotencyKey: null }).timeline;
}

async function send(actor: Actor, action: Action): Promise<unknown> {
  clock.advance(60_000);
  const [result] = await app.intents.submit(actor, [app.intent(action)]);
  return result;
}

async function restricted(): Promise<string> {
  const incidentId = random.uuid();
  await send(mara, {
    kind: 'incident.declare',
    incidentId,
    title: 'Checkout fails',
    severity: 'sev2',
    impact: null,
    alertIds: [],
    restrictedTo: [team],
  });
  return incidentId;
}

it('what an entry says in words is there for programs too, through the database and back', async () => {
  const id = await restricted();
  await send(mara, { kind: 'incident.set-severity', incidentId: id, severity: 'sev1' });
  await send(mara, { kind: 'incident.acknowledge', incidentId: id });
  const file = await as(mara).json({ id });
  expect(file.entries.map(({ kind, data }) => [kind, data])).toEqual(
    expect.arrayContaining([
      ['declared', { severity: { from: null, to: 'sev2' }, status: { from: null, to: 'triggered' } }],
      ['severity', { severity: { from: 'sev2', to: 'sev1' } }],
      ['status', { status: { from: 'triggered', to: 'acknowledged' } }],
    ]),
  );
  expect(await as(mara).markdown({ id })).toContain('Impact: Mara set the severity from 2 to 1');
});

it('the files answer 404 for what is not the reader’s to see, in the words for what is not there', async () => {
  const id = await restricted();
  for (const way of ['json', 'markdown'] as const) {
    const [hidden, unknown] = await Promise.allSettled([
      as(outsider)[way]({ id }),
      as(outsider)[way]({ id: random.uuid() }),
    ]);
    expect(hidden).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
    expect((hidden as PromiseRejectedResult).reason.message).toBe((unknown as PromiseRejectedResult).reason.message);
  }
});

it('changes come by service, whatever its case, within the time asked for', async () => {
  const at = (minutes: number) => new Date(clock.now() + minutes * 60_000).toISOString();
  const change = (n: number, service: string | null, minutes: number) => ({
    id: testId(900 + n),
    version: 1,
    at: at(minutes),
    title: `change ${n}`,
    service,
    source: 'deploys',
    integrationId: testId(9),
    links: [],
  });
  await database.withTransaction((tx) =>
    changeStore.add(tx, at(0), [
      change(1, 'Checkout', -5),
      change(2, 'search', -5),
      change(3, null, -5),
      change(4, 'checkout', -500),
    ]),
  );
  const found = await readChangesOf(database, ['checkout'], at(-60), at(0), 10);
  expect(found.map(({ title }) => title)).toEqual(['change 1']);
});

it('a review keeps where it stands, whoever edits its text', async () => {
  const id = await restricted();
  expect(await send(mara, { kind: 'postmortem.set-state', incidentId: id, state: 'done' })).toMatchObject({
    outcome: 'rejected',
  });
  await send(mara, { kind: 'incident.resolve', incidentId: id });
  expect(await readPostmortem(database, mara, id)).toMatchObject({ state: 'draft' });
  await send(mara, { kind: 'postmortem.set-state', incidentId: id, state: 'in-review' });
  const text = { summary: 'Told anew', causes: '', wentWell: '', wentBadly: '', followUps: [] };
  await send(mara, { kind: 'postmortem.edit', incidentId: id, ...text });
  expect(await readPostmortem(database, mara, id)).toMatchObject({ state: 'in-review', summary: 'Told anew' });
  expect(await send(outsider, { kind: 'postmortem.set-state', incidentId: id, state: 'done' })).toMatchObject({
    outcome: 'rejected',
    code: 'not-found',
  });
});

it('reviews of which something is left are listed for who may see them, closed ones only for their follow-ups', async () => {
  await database.query('TRUNCATE incident, task, timeline_entry, postmortem, intent, feed CASCADE');
  const text = { summary: 'S', causes: '', wentWell: '', wentBadly: '' };
  const due = { id: testId(811), title: 'Raise the pool', ownerId: null, dueAt: null, doneAt: null };
  const told: Record<string, string> = {};
  for (const [name, followUps] of [
    ['open', []],
    ['closed', []],
    ['left', [due]],
  ] as const) {
    const id = await restricted();
    told[name] = id;
    await send(mara, { kind: 'incident.resolve', incidentId: id });
    await send(mara, { kind: 'postmortem.edit', incidentId: id, ...text, followUps: [...followUps] });
    if (name !== 'open') await send(mara, { kind: 'postmortem.set-state', incidentId: id, state: 'done' });
  }
  const items = await readUnfinishedReviews(database, mara, 10);
  expect(items.map(({ incident }) => incident.id)).toEqual([told['left'], told['open']]);
  expect(ReviewItem.parse(items[0])).toMatchObject({ review: { state: 'done' }, incident: { status: 'resolved' } });
  expect(await readUnfinishedReviews(database, outsider, 10)).toEqual([]);
});

it('is described in the OpenAPI document', () => {
  const { paths } = generateOpenApiDocument(timelineRouter() as unknown as OpenApiRouter, {
    title: 'T',
    version: '1',
    baseUrl: 'http://localhost',
  });
  expect(Object.keys(paths ?? {}).toSorted()).toEqual(['/incidents/{id}/timeline.json', '/incidents/{id}/timeline.md']);
});
