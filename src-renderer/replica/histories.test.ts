// R9: 1,000 seeded histories of three clients each, with lost answers, lost messages, kills and offline spells.
// Nothing a person did is lost, nothing has its effect twice, and all screens end up showing what the server has.
import { thisCenter } from '#server/contract/client.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '#server/contract/intent.ts';
import { createFakeTimers, type FakeTimers } from '../testkit/fake-timers.ts';
import { createModelServer, type ModelServer } from '../testkit/model-server.ts';
import { createMemoryStorage } from './storage/memory-storage.ts';
import { createReplica, type Replica } from './replica.ts';
import type { Storage } from './storage.ts';

const incidents = ['00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000a2'];
const start = Date.parse('2026-11-21T14:00:00.000Z');

interface Client {
  replica: Replica;
  storage: Storage;
  online: boolean;
  /** Everything this person did that was taken on, by intent id. */
  made: string[];
}

type Step =
  | { do: 'act'; client: number; action: number; incident: number; pick: number }
  | { do: 'offline' | 'online' | 'kill' | 'keep-theirs' | 'apply-mine' | 'say-yes'; client: number }
  | { do: 'lose-call' | 'lose-answer' | 'lose-message' | 'repeat-message'; client: number }
  | { do: 'touch'; incident: number }
  | { do: 'wait'; ms: number };

const client = fc.integer({ min: 0, max: 2 });
const incident = fc.integer({ min: 0, max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      client,
      action: fc.integer({ min: 0, max: 7 }),
      incident,
      pick: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('offline', 'online', 'online', 'kill', 'keep-theirs', 'apply-mine', 'say-yes'),
      client,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('lose-call', 'lose-answer', 'lose-message', 'repeat-message'), client }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('touch' as const), incident }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(20, 500, 3_000, 8_000, 400_000) }),
  },
);

describe('three clients and one server under faults', () => {
  it('loses nothing and applies nothing twice over 1,000 histories', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), fc.integer(), async (steps, seed) => {
        const world = createWorld(seed);
        for (const next of steps) await world.take(next);
        await world.settle();
        for (const [id, times] of world.server.effects) expect(times, `intent ${id}`).toBe(1);
        for (const each of world.clients) {
          expect(each.replica.outbox.items().map((item) => item.state)).toEqual([]);
          const lost = each.made.filter((id) => !world.server.results.has(id));
          expect(lost, 'intents that never reached the server').toEqual([]);
          for (const id of incidents)
            expect(each.replica.view.visible('incident', id)).toEqual(world.server.row('incident', id));
          expect(entryIds(each.replica)).toEqual(entryIds(world.clients[0]?.replica));
          expect(said(each.replica)).toEqual(said(world.clients[0]?.replica));
        }
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  }, 300_000);
});

function entryIds(replica: Replica | undefined): string[] {
  return [...(replica?.view.tables().timeline.rows.keys() ?? [])].sort();
}

function said(replica: Replica | undefined): string[] {
  const rows = [...(replica?.view.tables().chat.rows.values() ?? [])];
  return rows.map(({ id, version, text, deletedAt }) => `${id} ${version} ${text} ${deletedAt}`).sort();
}

function createWorld(seed: number) {
  const timers = createFakeTimers(start);
  const server = createModelServer(incidents, timers.now);
  const random = seededRandom(seed);
  let ids = 0;
  const uuid = () => `00000000-0000-7000-9000-${String((ids += 1)).padStart(12, '0')}`;
  const faults = [0, 1, 2].map(() => ({ loseCalls: 0, loseAnswers: 0, loseMessages: 0, repeatMessages: 0 }));
  const clients: Client[] = [0, 1, 2].map((index) => {
    const each: Client = {
      storage: createMemoryStorage(),
      online: true,
      made: [],
      replica: null as unknown as Replica,
    };
    each.replica = boot(each, index);
    return each;
  });

  function boot(each: Client, index: number): Replica {
    const fault = faults[index] ?? { loseCalls: 0, loseAnswers: 0, loseMessages: 0, repeatMessages: 0 };
    const replica = createReplica({
      handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow: '2026-11-21T14:00:00.000Z' }),
      storage: each.storage,
      me: { id: uuid(), name: `Person ${index}` },
      uuid,
      now: timers.now,
      after: timers.after,
      random,
      onServerTime: () => undefined,
      news: () => undefined,
      transport: transportOf(server, timers, () => each.online, fault),
      send: async (intents) => {
        if (!each.online) return { kind: 'unreachable' };
        if (fault.loseCalls > 0) {
          fault.loseCalls -= 1;
          return { kind: 'unreachable' };
        }
        const results = server.submit(`Person ${index}`, intents);
        if (fault.loseAnswers > 0) {
          fault.loseAnswers -= 1;
          return { kind: 'unreachable' };
        }
        return { kind: 'results', results };
      },
    });
    void replica.start();
    return replica;
  }

  async function decide(each: Client, choice: 'keep-theirs' | 'apply-mine' | 'say-yes'): Promise<void> {
    for (const item of each.replica.outbox.items()) {
      const { id } = item.intent;
      if (choice === 'say-yes' && item.state === 'waiting') await each.replica.outbox.confirm(id);
      if (item.state !== 'conflict') continue;
      if (choice === 'keep-theirs') await each.replica.outbox.discard(id);
      if (choice === 'apply-mine') await each.replica.outbox.applyAgain(id);
    }
  }

  async function take(next: Step): Promise<void> {
    if (next.do === 'wait') return timers.advance(next.ms);
    if (next.do === 'touch') return server.touch(incidents[next.incident] ?? '');
    const each = clients[next.client];
    const fault = faults[next.client];
    if (each === undefined || fault === undefined) return undefined;
    switch (next.do) {
      case 'act': {
        const action = actionOf(next.action, incidents[next.incident] ?? '', next.pick, uuid, each.replica);
        const submitted = await each.replica.outbox.submit(action);
        if (submitted.ok) each.made.push(submitted.id);
        break;
      }
      case 'offline':
        each.online = false;
        each.replica.stream.lost();
        break;
      case 'online':
        each.online = true;
        each.replica.stream.kick();
        break;
      case 'kill':
        // Whatever was on its way to the disk arrives or not; the memory storage has it at once.
        each.replica.stop();
        each.replica = boot(each, next.client);
        break;
      case 'lose-call':
        fault.loseCalls += 1;
        break;
      case 'lose-answer':
        fault.loseAnswers += 1;
        break;
      case 'lose-message':
        fault.loseMessages += 1;
        break;
      case 'repeat-message':
        fault.repeatMessages += 1;
        break;
      default:
        await decide(each, next.do);
    }
    return timers.advance(10);
  }

  async function settle(): Promise<void> {
    for (const each of clients) {
      each.online = true;
      each.replica.stream.kick();
    }
    for (let round = 0; round < 40; round += 1) {
      await timers.advance(10_000);
      for (const each of clients) {
        await decide(each, 'say-yes');
        await decide(each, 'keep-theirs');
        for (const item of each.replica.outbox.items()) {
          if (item.state === 'rejected') await each.replica.outbox.discard(item.intent.id);
        }
      }
      if (round > 1 && clients.every((each) => each.replica.outbox.items().length === 0)) break;
    }
    await timers.advance(10_000);
    for (const each of clients) each.replica.stop();
  }

  return { clients, server, take, settle };
}

function transportOf(
  server: ModelServer,
  timers: FakeTimers,
  online: () => boolean,
  fault: { loseMessages: number; repeatMessages: number },
) {
  return {
    snapshotPage: async () => {
      if (!online()) throw new Error('no network');
      return server.snapshot();
    },
    open(position: string, handlers: { message: (message: unknown) => void; failed: (error: unknown) => void }) {
      let at = position;
      let closed = false;
      const tick = () => {
        if (closed) return;
        if (!online()) return handlers.failed(new Error('cut'));
        const message = server.after(at);
        at = message.position;
        if (fault.loseMessages > 0 && message.changes.length > 0) fault.loseMessages -= 1;
        else handlers.message(message);
        if (fault.repeatMessages > 0 && !closed) {
          fault.repeatMessages -= 1;
          handlers.message(message);
        }
        if (!closed) timers.after(2_000, tick);
      };
      timers.after(5, tick);
      return () => {
        closed = true;
      };
    },
  };
}

function actionOf(choice: number, incidentId: string, pick: number, uuid: () => string, replica: Replica): Action {
  const severities = ['sev1', 'sev2', 'sev3', 'info'] as const;
  const tasks = [...replica.view.idsOfIncident('task', incidentId)].sort();
  const taskId = tasks[pick % Math.max(1, tasks.length)];
  const messages = [...replica.view.idsOfIncident('chat', incidentId)].sort();
  const messageId = messages[pick % Math.max(1, messages.length)];
  switch (choice) {
    case 0:
      return { kind: 'incident.acknowledge', incidentId };
    case 1:
      return { kind: 'incident.set-severity', incidentId, severity: severities[pick] ?? 'sev1' };
    case 2:
      return { kind: 'task.add', incidentId, taskId: uuid(), title: 'Roll back', ownerId: null, dueAt: null };
    case 3:
      if (taskId !== undefined) return { kind: 'task.set-done', incidentId, taskId, done: pick % 2 === 0 };
      break;
    case 5:
      if (messageId !== undefined)
        return { kind: 'chat.edit', incidentId, messageId, text: `edited ${pick}`, mentions: [] };
      break;
    case 6:
      if (messageId !== undefined && pick === 0) return { kind: 'chat.delete', incidentId, messageId };
      break;
  }
  if (choice >= 5)
    return { kind: 'chat.post', incidentId, messageId: uuid(), text: `said ${pick}`, mentions: [], replyTo: null };
  return { kind: 'incident.note', incidentId, entryId: uuid(), text: `note ${pick}`, at: null };
}

/** mulberry32 */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
