// The server's half of the offline promise: three clients with outboxes over a network that loses and doubles calls, a
// database that loses commits and answers, and one order of everything a seed. Nothing is lost, nothing applied twice.
import { expect, it } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { ActionKind, Intent, IntentResult } from '#server/contract/intent.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import type { StoredIntent } from '#server/modules/incidents/intent-store.ts';
import { createIntents, type IntentHandlers } from '#server/modules/incidents/intents.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { createTaskHandlers } from '#server/modules/incidents/task-handlers.ts';
import type { Random } from '#server/ports/random.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { people } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { CommitUnknown, createMemoryDatabase } from '#server/testkit/sim/memory-database.ts';
import { createMemoryIncidentStores, type IntentBugs } from '#server/testkit/sim/memory-incidents.ts';
import { createMemoryStores } from '#server/testkit/sim/memory-stores.ts';
import { createSchedule } from '#server/testkit/sim/schedule.ts';

const incidentIds = [testId(1), testId(2)];
const changesIncident = /acknowledge|mitigate|resolve|reopen|severity|title|role/;

interface Client {
  actor: Actor;
  queue: Intent[];
  answers: Map<string, IntentResult>;
}

async function simulate(seed: number, bugs: IntentBugs = {}): Promise<string[]> {
  const clock = createFakeClock(Date.parse('2026-11-21T13:00:00.000Z'));
  const random = createSeededRandom(seed, clock);
  const schedule = createSchedule(random, () => {});
  const database = createMemoryDatabase({
    pause: schedule.pause,
    constraints() {},
    atCommit() {
      const draw = random.number();
      return draw < 0.05 ? 'lost' : draw < 0.1 ? 'unanswered' : 'commit';
    },
  });
  const { alerts, incidents } = createMemoryStores(database, schedule.pause);
  const stores = createMemoryIncidentStores(database, schedule.pause, bugs);
  const parts = {
    ...stores,
    incidents: { ...incidents, openInGroup: async () => null },
    alerts: { ...alerts, membersOf: async () => [] },
    people: {
      read: async (_tx: unknown, ids: string[]) => Object.values(people).filter((person) => ids.includes(person.id)),
    },
    postmortems: { reissue: async () => {} },
    chat: { reissue: async () => {} },
    consoleKept: { waitingAsks: async () => [], reissue: async () => {} },
    cadence: () => updateCadenceMinutes,
    random,
  };
  const intents = createIntents({
    database: { withTransaction: database.transact },
    store: stores.intents,
    handlers: { ...createIncidentHandlers(parts), ...createTaskHandlers(parts) } as IntentHandlers<ActionKind>,
    clock,
    logger: createMemoryLogger(),
  });

  schedule.spawn('seed', async () => {
    const seeded = incidentIds.map((id, n) => anIncident({ id, number: n + 1 }));
    for (let stored = false; !stored;) {
      await database.transact((tx) => incidents.save(tx, '', seeded)).catch(() => {});
      stored = database.committed('incident').length === 2;
    }
  });
  await schedule.run();

  // Two devices of one person, and somebody else.
  const clients = [people.mara, people.mara, people.diego].map(({ id: userId, name, role, teamIds }): Client => {
    return { actor: { userId, name, role, teamIds, sessionId: null }, queue: someIntents(random), answers: new Map() };
  });
  for (const [n, client] of clients.entries()) schedule.spawn(`client ${n}`, () => drain(client, n));
  await schedule.run();

  async function drain({ actor, queue, answers }: Client, n: number): Promise<void> {
    const left = [...queue];
    while (left.length > 0) {
      await schedule.pause();
      const batch = left.slice(0, 1 + Math.floor(random.number() * 4));
      const fate = random.number();
      if (fate < 0.1) continue;
      // A call that the client gave up on, or that the network doubled: it runs on beside the next try.
      if (fate < 0.3)
        schedule.spawn(`ghost of ${n}`, async () => void (await intents.submit(actor, batch).catch(onlyUnknown)));
      if (fate < 0.2) continue;
      const results = await intents.submit(actor, batch).catch(onlyUnknown);
      if (results === null || random.number() < 0.1) continue;
      for (const result of results) answers.set(result.id, result);
      left.splice(0, batch.length);
    }
  }

  return findings(clients, {
    intents: database.committed<StoredIntent & { id: string }>('intent'),
    timeline: database.committed<TimelineEntry>('timeline'),
    tasks: database.committed('task').length,
    incidents: database.committed<IncidentState>('incident'),
  });
}

function findings(
  clients: Client[],
  stored: {
    intents: (StoredIntent & { id: string })[];
    timeline: TimelineEntry[];
    tasks: number;
    incidents: IncidentState[];
  },
): string[] {
  const wrong: string[] = [];
  const say = (holds: boolean, what: string) => void (holds || wrong.push(what));
  const sent = clients.flatMap((client) => client.queue);
  const resultOf = new Map(stored.intents.map((row) => [row.id, row.result]));
  const withOutcome = (...outcomes: string[]) =>
    sent.filter((intent) => outcomes.includes(resultOf.get(intent.id)?.outcome ?? ''));

  say(resultOf.size === sent.length, `${sent.length} were sent, ${resultOf.size} are stored`);
  for (const client of clients) {
    for (const { id } of client.queue) {
      say(
        JSON.stringify(client.answers.get(id)) === JSON.stringify(resultOf.get(id)),
        'an answer is not what is stored',
      );
    }
    const mine = client.queue.flatMap(({ action }) => (action.kind === 'incident.note' ? [action.entryId] : []));
    const there = stored.timeline.map((entry) => entry.id).filter((id) => mine.includes(id));
    say(JSON.stringify(there) === JSON.stringify(mine), 'notes are lost, doubled or out of order');
  }
  // Each action that did something, or that conflicted, is one line of the timeline; the others are none.
  say(stored.timeline.length === withOutcome('applied', 'conflict').length, 'the timeline is too short or too long');
  say(
    stored.tasks === withOutcome('applied').filter(({ action }) => action.kind === 'task.add').length,
    'tasks are lost or doubled',
  );
  for (const incident of stored.incidents) {
    const changes = withOutcome('applied').filter(
      ({ action }) => 'incidentId' in action && action.incidentId === incident.id && changesIncident.test(action.kind),
    );
    say(
      incident.version === 1 + changes.length,
      `#${incident.number} changed ${incident.version - 1} times for ${changes.length} actions`,
    );
  }
  return wrong;
}

function someIntents(random: Random): Intent[] {
  const pick = <X>(list: readonly X[]): X => list[Math.floor(random.number() * list.length)]!;
  const list: Intent[] = [];
  const add = (action: Intent['action'], dependsOn: string | null = null) => {
    const baseVersion = pick([null, 1, 2, 4]);
    const intent = { id: random.uuid(), at: '2026-11-21T12:30:00.000Z', baseVersion, dependsOn, action };
    list.push(intent);
    return intent.id;
  };
  for (let n = 4 + Math.floor(random.number() * 5); n > 0; n -= 1) {
    const incidentId = pick(incidentIds);
    const taskId = random.uuid();
    const choices: (() => unknown)[] = [
      () => add({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: 'seen', at: null }),
      () => add({ kind: 'incident.note', incidentId, entryId: random.uuid(), text: 'seen', at: null }),
      () => add({ kind: 'incident.acknowledge', incidentId }),
      () => add({ kind: 'incident.resolve', incidentId }),
      () => add({ kind: 'incident.reopen', incidentId }),
      () => add({ kind: 'incident.set-severity', incidentId, severity: pick(['sev1', 'sev2', 'sev3']) }),
      () => add({ kind: 'incident.set-title', incidentId, title: pick(['A', 'B']) }),
      () => add({ kind: 'incident.take-role', incidentId, role: 'commander' }),
      () => {
        const first = add({ kind: 'task.add', incidentId, taskId, title: 'look', ownerId: null, dueAt: null });
        add({ kind: 'task.set-done', incidentId, taskId, done: true }, first);
      },
    ];
    pick(choices)();
  }
  return list;
}

function onlyUnknown(error: unknown): null {
  if (error instanceof CommitUnknown) return null;
  throw error;
}

it('1,000 histories of 3 clients lose nothing and apply nothing twice', async () => {
  for (let seed = 1; seed <= 1_000; seed += 1) {
    expect({ seed, wrong: await simulate(seed) }).toEqual({ seed, wrong: [] });
  }
}, 120_000);

it('would notice a server that forgets what it applied', async () => {
  let noticed = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const wrong = await simulate(seed, { forgetsIntents: true }).catch((error: Error) => [error.message]);
    noticed += wrong.length > 0 ? 1 : 0;
  }
  expect(noticed).toBeGreaterThan(10);
});
