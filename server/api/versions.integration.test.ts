// A client of the first release beside this center: what it is sent is held against the shapes it was built with, as they
// were written down then.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { CenterInfo, firstRelease, helloOf } from '#server/contract/client.ts';
import type { Action, IntentResult } from '#server/contract/intent.ts';
import type { Change, SnapshotPage } from '#server/contract/replica.ts';
import { startTestApp, type TestApp, type TestPerson } from '#server/testkit/app.ts';
import frozen from '#server/testkit/client-0-1-0.json' with { type: 'json' };

const incidentId = '0199aa00-0000-7000-8000-0000000000a1';
let server: TestApp;
let mara: TestPerson;
let ids = 0;

beforeAll(async () => {
  server = await startTestApp();
  mara = await server.person('responder');
});
afterAll(() => server.stop());

const uuid = () => `0199aa00-0000-7000-9000-${String((ids += 1)).padStart(12, '0')}`;

async function submit(action: Action | { kind: string }): Promise<IntentResult | undefined> {
  const intent = { id: uuid(), at: new Date().toISOString(), baseVersion: null, dependsOn: null, action };
  const { text } = await server.call(mara.bearer, 'mutation', 'intents.submit', { intents: [intent] });
  const [result] = (JSON.parse(text) as { result: { data: IntentResult[] } }).result.data;
  return result;
}

async function snapshot(client?: unknown): Promise<Change[]> {
  const changes: Change[] = [];
  let cursor: string | null = null;
  do {
    const input = client === undefined ? { cursor } : { cursor, client };
    const { text } = await server.call(mara.bearer, 'query', 'replica.snapshot', input);
    const page = (JSON.parse(text) as { result: { data: SnapshotPage } }).result.data;
    expect(oldShape('page').safeParse(client === undefined ? page : { ...page, changes: [] }).error).toBeUndefined();
    changes.push(...page.changes);
    cursor = page.next;
  } while (cursor !== null);
  return changes;
}

function oldShape(name: 'page' | 'message' | 'result'): z.ZodType {
  return z.fromJSONSchema(frozen[name] as unknown as Parameters<typeof z.fromJSONSchema>[0]);
}

test('the center says to anybody what it is and what it understands', async () => {
  const info = CenterInfo.parse(await server.rest('', 'GET', '/api/v1/center'));
  expect(info.oldestClient).toBe('0.1.0');
  expect(info.actions).toEqual(expect.arrayContaining([...firstRelease.actions]));
  expect(info.entities).toEqual(expect.arrayContaining([...firstRelease.entities]));
});

test('a client of 0.1.0 still declares, acknowledges and resolves, and can read each answer', async () => {
  const declare = { kind: 'incident.declare', incidentId, title: 'Checkout fails', severity: 'sev3', impact: null };
  const answers = [
    await submit({ ...declare, alertIds: [], restrictedTo: null } as Action),
    await submit({ kind: 'incident.acknowledge', incidentId }),
    await submit({ kind: 'incident.acknowledge', incidentId }),
    await submit({ kind: 'incident.note', incidentId, entryId: uuid(), text: 'seen', at: null }),
    await submit({ kind: 'incident.resolve', incidentId }),
  ];
  expect(answers.map((answer) => answer?.outcome)).toEqual(['applied', 'applied', 'noop', 'applied', 'applied']);
  for (const answer of answers) expect(oldShape('result').safeParse(answer).error).toBeUndefined();
});

test('its snapshot holds only rows that it can read, and a client of today gets all', async () => {
  await submit({
    kind: 'chat.post',
    incidentId,
    messageId: uuid(),
    text: 'hello',
    mentions: [],
    replyTo: null,
  } as Action);
  const old = await snapshot();
  const shapes: Record<string, unknown> = frozen.entities;
  expect(old.length).toBeGreaterThan(3);
  for (const change of old) {
    const shape = z.fromJSONSchema(shapes[change.entity] as Parameters<typeof z.fromJSONSchema>[0]);
    const read = shape.safeParse(change.op === 'put' ? change.body : null);
    expect([change.entity, read.error]).toEqual([change.entity, undefined]);
  }
  const today = await snapshot(helloOf('0.2.0'));
  const kinds = new Set<string>(firstRelease.entities);
  expect(today.filter(({ entity }) => kinds.has(entity)).map(({ id }) => id)).toEqual(old.map(({ id }) => id));
});

test('an action of a later release is refused by itself, in a way that a client can wait for', async () => {
  expect(await submit({ kind: 'hologram.project' })).toMatchObject({ outcome: 'rejected', code: 'unknown-action' });
});
