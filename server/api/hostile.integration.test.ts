// S14 against the whole server: no input makes a 500. Every procedure and every kind of action is sent values of the
// shape it asks for, filled with what usually breaks things, by somebody who may do everything.
import type { AnyTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createRouter, type Services } from '#server/api/router.ts';
import { Action } from '#server/contract/intent.ts';
import { startTestApp, type TestApp, type TestPerson } from '#server/testkit/app.ts';

const stub = new Proxy({}, { get: () => ({}) }) as Services;
const procedures = createRouter(stub)._def.procedures as unknown as Record<string, AnyTRPCProcedure>;
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
}, 60_000);
afterAll(() => app?.stop());

const texts = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x'.repeat(9_000),
  "'; DROP TABLE alert; --",
  '{{constructor}}',
  '%00%',
  '\\',
  '{',
  '👩‍👩‍👧‍👦',
  '__proto__',
  '-1',
  'true == true',
];
const numbers = [0, -1, 1, 0.5, 2_147_483_648, 9_007_199_254_740_991, 1e308];
const instants = [
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2026-11-21T16:00:00+14:00',
  '-000001-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
];
const wrongShapes: unknown[] = [null, [], 'text', 7, { id: '\u0000' }, { __proto__: null, constructor: {} }];

interface JsonSchema {
  type?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

/** A value of the shape, the round-th of its kind of nasty. */
function nasty(schema: JsonSchema, round: number): unknown {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return nasty(choices[round % choices.length] ?? {}, round);
  if ('const' in schema) return schema.const;
  if (schema.enum !== undefined) return schema.enum[round % schema.enum.length];
  if (schema.type === 'object' && schema.properties !== undefined) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, field], i) => [name, nasty(field, round + i)]),
    );
  }
  if (schema.type === 'object') return { [pick(texts, round)]: pick(texts, round + 1) };
  if (schema.type === 'array') return [nasty(schema.items ?? {}, round), nasty(schema.items ?? {}, round + 1)];
  if (schema.type === 'number' || schema.type === 'integer') return pick(numbers, round);
  if (schema.type === 'boolean') return round % 2 === 0;
  if (schema.format === 'uuid') return `00000000-0000-7000-8000-${String(round).padStart(12, '0')}`;
  if (schema.format === 'date-time') return pick(instants, round);
  return pick(texts, round);
}

function pick<T>(list: readonly T[], round: number): T {
  return list[round % list.length] as T;
}

const shapeOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

let person: TestPerson | null = null;
let calls = 0;

/** Somebody else before the limit on calls answers in place of what is tried. */
async function bearer(): Promise<string> {
  if (person === null || calls >= 500) {
    person = await app.person('admin');
    calls = 0;
  }
  calls += 1;
  return person.bearer;
}

/** What was answered wrongly: a failure of ours, or an inside of ours in the answer. */
async function faults(kind: 'query' | 'mutation', path: string, inputs: readonly unknown[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const input of inputs) {
    const { status, text } = await app.call(await bearer(), kind, path, input);
    if (status >= 500 || status === 429 || /node_modules|\.ts:\d+/.test(text)) found.push({ input, status, text });
  }
  return found;
}

// The demo would play; subscriptions take what queries take.
const called = Object.entries(procedures).filter(
  ([path, procedure]) => procedure._def.type !== 'subscription' && path !== 'demo.start',
);

describe.each(called)('%s', (path, procedure) => {
  const kind = procedure._def.type === 'query' ? 'query' : 'mutation';
  test('answers whatever it is sent', { timeout: 60_000 }, async () => {
    const schema = (procedure._def as unknown as { inputs: z.ZodType[] }).inputs[0];
    const shape = schema === undefined ? {} : shapeOf(schema);
    const inputs = schema === undefined ? [] : texts.map((_text, round) => nasty(shape, round));
    expect(await faults(kind, path, [...wrongShapes, ...inputs])).toEqual([]);
  });
});

const kinds = Action.options.map((option) => [option.shape.kind.value, option] as const);
describe.each(kinds)('action %s', (_kind, schema) => {
  test('is answered whatever is in it', { timeout: 60_000 }, async () => {
    const shape = shapeOf(schema);
    const rounds = Array.from({ length: texts.length * 2 }, (_, round) => round);
    const intents = rounds.map((round) => ({
      id: crypto.randomUUID(),
      at: round % 2 === 0 ? '2026-11-21T16:00:00.000Z' : pick(instants, round),
      baseVersion: null,
      dependsOn: null,
      action: nasty(shape, round),
    }));
    expect(await faults('mutation', 'intents.submit', [{ intents }])).toEqual([]);
    const { status } = await app.call(await bearer(), 'mutation', 'intents.submit', { intents });
    expect(status).toBe(200);
  });
});

test('signing in answers whatever it is sent', async () => {
  for (const text of texts) {
    for (const [path, body] of [
      ['/auth/login', { login: text, password: text }],
      ['/auth/link', { token: text }],
      ['/auth/refresh', { refreshToken: text }],
      ['/auth/logout', { refreshToken: text }],
    ] as const) {
      const answer = await fetch(app.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect([path, text, answer.status < 500]).toEqual([path, text, true]);
    }
  }
});

test.each([
  '/%',
  '/%E0%A4%A',
  '/trpc/%E0%A4%A',
  '/trpc/a%2fb',
  '/api/v1/alerts/%00',
  '/api/v1/alerts?limit=%00',
  '/auth/link?token=%00',
  '/..%5c..%5c',
  '//evil.example/',
  `/${'a'.repeat(9_000)}`,
])('%s is answered', async (path) => {
  const answer = await fetch(app.url + path, {
    headers: { authorization: `Bearer ${app.adminKey}` },
    redirect: 'manual',
  });
  expect(answer.status).toBeGreaterThanOrEqual(300);
  expect(answer.status).toBeLessThan(500);
});

test('and afterwards it still works, and nothing unexpected is in its log', async () => {
  expect((await app.call(app.adminKey, 'query', 'incidents.list', {})).status).toBe(200);
  expect(app.logger.entries.filter((entry) => entry.level === 'error')).toEqual([]);
});
