// R9 against the server as it ships: two devices of one person, away for 72 hours with clocks an hour off, 250 actions
// queued on each. Everything arrives, nothing twice, within ten seconds of the reconnect.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { thisCenter } from '#server/contract/client.ts';
import type { Action, Intent, IntentResult } from '#server/contract/intent.ts';
import type { SnapshotPage } from '#server/contract/replica.ts';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { startTestApp, type TestApp, type TestPerson } from '#server/testkit/app.ts';
import { busyness } from '#server/testkit/busy.ts';
import { createMemoryStorage } from '../src-renderer/replica/storage/memory-storage.ts';
import type { SendAnswer } from '../src-renderer/replica/outbox/outbox-sender.ts';
import { createReplica } from '../src-renderer/replica/replica.ts';

const hourMs = 3_600_000;
const each = 250;
let server: TestApp;
let mara: TestPerson;

beforeAll(async () => {
  server = await startTestApp();
  mara = await server.person('responder');
});
afterAll(() => server.stop());

async function call<T>(kind: 'query' | 'mutation', path: string, input: unknown): Promise<T> {
  const { status, text } = await server.call(mara.bearer, kind, path, input);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
  return (JSON.parse(text) as { result: { data: T } }).result.data;
}

/** A device with a clock of its own that was online, then away. `loses`: every n-th answer is lost on the way back. */
function createDevice(name: string, skewMs: number, loses: number) {
  let awayMs = 0;
  let online = true;
  let calls = 0;
  const sentIds: string[] = [];
  const now = () => Date.now() + skewMs - awayMs;
  const replica = createReplica({
    storage: createMemoryStorage(),
    me: { id: mara.userId, name: mara.name },
    uuid: v7,
    now,
    after: (ms, callback) => {
      // Waiting for the next try is not what is measured.
      const timer = setTimeout(callback, Math.min(ms, 50));
      return () => clearTimeout(timer);
    },
    random: () => 0,
    onServerTime: () => undefined,
    news: () => undefined,
    handshake: async () => ({ ...thisCenter('0.1.0'), name, serverNow: new Date().toISOString() }),
    async send(intents: Intent[]): Promise<SendAnswer> {
      if (!online) return { kind: 'unreachable' };
      sentIds.push(...intents.map(({ id }) => id));
      const results = await call<IntentResult[]>('mutation', 'intents.submit', { intents });
      calls += 1;
      return calls % loses === 0 ? { kind: 'unreachable' } : { kind: 'results', results };
    },
    transport: {
      snapshotPage: (cursor) => {
        if (!online) return Promise.reject(new Error('no network'));
        return call('query', 'replica.snapshot', { cursor });
      },
      open(position, handlers) {
        let closed = false;
        const beat = (): void => {
          if (closed) return;
          if (!online) return handlers.failed(new Error('cut'));
          const serverNow = new Date().toISOString();
          handlers.message({ previous: position, position, serverNow, changes: [], reset: null });
          setTimeout(beat, 200);
        };
        setTimeout(beat, 5);
        return () => {
          closed = true;
        };
      },
    },
  });
  return {
    replica,
    goAway(ms: number) {
      online = false;
      awayMs = ms;
      replica.stream.lost();
    },
    comeBack() {
      online = true;
      awayMs = 0;
      replica.stream.kick();
    },
  };
}

test('500 actions of two devices after 72 hours', { timeout: 180_000 }, async () => {
  const incidents = [v7(), v7(), v7(), v7()];
  for (const incidentId of incidents) {
    const action = { kind: 'incident.declare', incidentId, title: 'Checkout fails', severity: 'sev3', impact: null };
    const intent = { id: v7(), at: new Date().toISOString(), baseVersion: null, dependsOn: null };
    await call('mutation', 'intents.submit', {
      intents: [{ ...intent, action: { ...action, alertIds: [], restrictedTo: null } }],
    });
  }
  const desk = createDevice('desk', hourMs, 2);
  const laptop = createDevice('laptop', -hourMs, 3);
  for (const { replica } of [desk, laptop]) {
    await replica.start();
    await until(() => replica.view.base('incident', incidents[0] ?? '') !== undefined);
  }
  desk.goAway(72 * hourMs);
  laptop.goAway(72 * hourMs);
  for (let index = 0; index < each; index += 1) {
    for (const [name, { replica }] of Object.entries({ desk, laptop })) {
      const incidentId = incidents[index % incidents.length] ?? '';
      const text = `${name} ${index}`;
      const action: Action =
        index % 5 === 4
          ? { kind: 'task.add', incidentId, taskId: v7(), title: text, ownerId: null, dueAt: null }
          : { kind: 'incident.note', incidentId, entryId: v7(), text, at: null };
      expect((await replica.outbox.submit(action)).ok).toBe(true);
    }
  }
  const began = performance.now();
  desk.comeBack();
  laptop.comeBack();
  const left = () =>
    [desk, laptop].flatMap(({ replica }) => replica.outbox.items().filter(({ state }) => state !== 'applied'));
  await until(() => left().length === 0);
  const seconds = (performance.now() - began) / 1_000;
  desk.replica.stop();
  laptop.replica.stop();

  const notes: string[] = [];
  for (const incidentId of incidents) {
    const { items } = await server.rest<{ items: TimelineEntry[] }>(
      mara.bearer,
      'GET',
      `/api/v1/incidents/${incidentId}/timeline?limit=500`,
    );
    const written = items.filter(({ kind }) => kind === 'note').toReversed();
    for (const name of ['desk', 'laptop']) {
      const numbers = written.filter(({ text }) => text.startsWith(name)).map(({ text }) => Number(text.split(' ')[1]));
      expect(new Set(numbers).size, 'none twice').toBe(numbers.length);
    }
    notes.push(...written.map(({ text }) => text));
    // Held between 72 hours ago and now, however wrong the device's clock.
    for (const { at, recordedAt } of written) expect(Date.parse(at)).toBeLessThanOrEqual(Date.parse(recordedAt));
  }
  expect(new Set(notes).size).toBe(2 * each * 0.8);
  const tasks = await tasksNow();
  expect(tasks.length, 'tasks, none lost and none twice').toBe(2 * each * 0.2);
  expect(new Set(tasks).size).toBe(tasks.length);
  console.log(`500 actions of two devices drained in ${seconds.toFixed(2)} s`);
  expect(seconds).toBeLessThan(10 * busyness());
});

async function tasksNow(): Promise<string[]> {
  const titles: string[] = [];
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const page: SnapshotPage = await call('query', 'replica.snapshot', { cursor });
    for (const change of page.changes)
      if (change.op === 'put' && change.entity === 'task') titles.push((change.body as { title: string }).title);
    cursor = page.next;
  }
  return titles;
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
}
