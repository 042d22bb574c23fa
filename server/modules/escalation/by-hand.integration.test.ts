// Somebody escalates, and before paging has come round to it somebody answers: a real PostgreSQL, the product's handlers.
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Target } from '#server/contract/policy.ts';
import { pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { createEscalateHandler, withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import { escalationStore } from '#server/modules/escalation/store.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anIncident } from '#server/testkit/incidents.ts';
import { aPolicy, aStep, createConfigBook, people } from '#server/testkit/paging-sim/paging-config.ts';
import { addPeople, createSqlPaging, incidentsWithPaging } from '#server/testkit/paging-sim/sql-paging.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const random = createSeededRandom(17, clock);
const database = await testDatabase();
const [ada, bo, cy] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
const at = () => new Date(clock.now()).toISOString();
const steps = [bo, cy].map(({ id }) => ({
  ...aStep(random),
  targets: [{ type: 'user' as const, id }],
  roundRobin: false,
  delayMinutes: 5,
  when: { severities: [], hours: 'any' as const },
}));
const policy = aPolicy(random, { steps, repeat: 0, acknowledgementsNeeded: 1, pageAgain: 'severity-rises' });
const book = createConfigBook(policy, 0, false);
const { worker, counting } = createSqlPaging({ database, book, clock, random });

const change = (id: string, wanted: Partial<IncidentState>) =>
  database.withTransaction(async (tx) => {
    const [incident] = await incidentsWithPaging.lockByIds(tx, [id]);
    await incidentsWithPaging.save(tx, at(), [{ ...incident!, version: incident!.version + 1, ...wanted }]);
  });

async function escalate(incidentId: string, target: Target | null): Promise<void> {
  const handler = createEscalateHandler({
    ...counting,
    acting: { lock: async (tx, _context, id) => (await incidentsWithPaging.lockByIds(tx, [id]))[0]! },
    config: { current: () => Promise.resolve(book.current()) },
    facts: pagingFacts,
  });
  const actor = anActor({ userId: ada.id, name: 'Ada' });
  const action = { kind: 'escalation.escalate', incidentId, target } as const;
  const intent = anIntent<'escalation.escalate'>(action, { at: at(), random, actor });
  expect(await database.withTransaction((tx) => handler(tx, intent))).toMatchObject({ outcome: 'applied' });
}

async function acknowledge(incidentId: string): Promise<void> {
  const handler = withAcknowledgement(
    async (tx, context) => {
      const [incident] = await incidentsWithPaging.lockByIds(tx, [incidentId]);
      const answered = { version: 2, status: 'acknowledged', acknowledgedAt: context.at } as const;
      await incidentsWithPaging.save(tx, context.at, [{ ...incident!, ...answered }]);
      return { outcome: 'applied', version: 2 };
    },
    { ...counting, acting: { lock: () => Promise.reject(new Error('not asked')) } },
  );
  const actor = anActor({ userId: bo.id, name: 'Bo' });
  const intent = anIntent<'incident.acknowledge'>(
    { kind: 'incident.acknowledge', incidentId },
    { at: at(), random, actor },
  );
  await database.withTransaction((tx) => handler(tx, intent));
}

async function paged(): Promise<string> {
  const incident = anIncident({ id: random.uuid(), number: 1, startedAt: at() });
  await database.withTransaction((tx) => incidentsWithPaging.save(tx, at(), [incident]));
  await worker.runDue();
  return incident.id;
}
const open = async () => {
  const rows = await database.query<{ user_id: string }>(`SELECT user_id FROM page WHERE status = 'open'`);
  return rows.map((row) => people.find(({ id }) => id === row.user_id)?.name);
};
const told = () => database.query(`SELECT title, detail FROM ledger WHERE kind = 'forced' ORDER BY sequence`);
const stateOf = (id: string) => database.withTransaction(async (tx) => (await escalationStore.lock(tx, id))!);

beforeAll(() => addPeople(database));
beforeEach(() =>
  database.query('TRUNCATE incident, escalation, escalation_step, page, notification, ledger_turn, feed CASCADE'),
);

it('who answers takes the next step back, for good and with its reason', async () => {
  const id = await paged();
  await escalate(id, null);
  await acknowledge(id);
  await worker.runDue();
  expect(await open()).toEqual([]);
  expect(await stateOf(id)).toMatchObject({ status: 'stopped', forced: null, changed: false });
  const why = 'the next step now via API; Bo acknowledged before it was paged, so nobody is';
  expect(await told()).toEqual([{ title: 'Ada escalated', detail: why }]);
  // Hours later a new alert joins: nobody asked for anything now.
  clock.advance(2 * 3_600_000);
  await change(id, { alertCount: 2 });
  await worker.runDue();
  expect(await open()).toEqual([]);
});

it('a person asked for by name is paged though somebody else has answered', async () => {
  const id = await paged();
  await escalate(id, { type: 'user', id: cy.id });
  await acknowledge(id);
  await worker.runDue();
  expect(await open()).toEqual(['Cy']);
  expect(await stateOf(id)).toMatchObject({ status: 'stopped', run: 1, forced: null });
});

it('nobody is paged for what is over by then, and the ledger says so', async () => {
  const id = await paged();
  await escalate(id, { type: 'user', id: cy.id });
  await change(id, { status: 'mitigated' });
  await worker.runDue();
  expect(await open()).toEqual([]);
  const why = 'a user now via API; the incident is mitigated by then, so nobody is paged';
  expect(await told()).toEqual([{ title: 'Ada escalated', detail: why }]);
});
