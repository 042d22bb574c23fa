// Paging where something it needs is missing for a while: nobody on call, a policy that cannot be read, a decision that
// fails. Whoever can help hears of it, and the run goes on when it can.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDraft } from '#server/contract/policy.ts';
import { nextPagingConfig } from '#server/modules/config/paging-config.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { escalationStore } from '#server/modules/escalation/store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import {
  aPolicy,
  aStep,
  type ConfigBook,
  createConfigBook,
  people,
  policyId,
} from '#server/testkit/paging-sim/paging-config.ts';
import { addPeople, createSqlPaging, incidentsWithPaging } from '#server/testkit/paging-sim/sql-paging.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const clock = createFakeClock(Date.parse('2026-11-21T12:00:00.000Z'));
const random = createSeededRandom(11, clock);
const database = await testDatabase();
const [ada, bo, cy] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
const at = () => new Date(clock.now()).toISOString();
const stepTo = (id: string, delayMinutes = 5): PolicyDraft['steps'][number] => ({
  ...aStep(random),
  targets: [{ type: 'user' as const, id }],
  roundRobin: false,
  delayMinutes,
  when: { severities: [], hours: 'any' },
});
const policyOf = (steps: PolicyDraft['steps'], repeat: number | null) =>
  aPolicy(random, { steps, repeat, acknowledgementsNeeded: 1, pageAgain: 'severity-rises' });

let number = 0;
async function open(): Promise<string> {
  const incident = anIncident({ id: random.uuid(), number: (number += 1), startedAt: at() });
  await database.withTransaction((tx) => incidentsWithPaging.save(tx, at(), [incident]));
  return incident.id;
}
const names = async () =>
  (await database.query<{ user_id: string | null }>('SELECT user_id FROM page ORDER BY at, number')).map(
    (page) => people.find((person) => person.id === page.user_id)?.name ?? 'channel',
  );
const stateOf = (id: string) => database.withTransaction(async (tx) => (await escalationStore.lock(tx, id))!);
const onDuty = (id: string, is: boolean) =>
  database.query('UPDATE user_account SET disabled = $2 WHERE id = $1', [id, !is]);
const paging = (book: ConfigBook, given: Partial<Parameters<typeof createSqlPaging>[0]> = {}) =>
  createSqlPaging({ database, book, clock, random, ...given });
const after = async (worker: { runDue(): Promise<number> }, ms: number) => {
  clock.advance(ms);
  await worker.runDue();
};
const minute = 60_000;

beforeAll(() => addPeople(database));
beforeEach(async () => {
  await database.query(
    'TRUNCATE incident, escalation, escalation_step, page, notification, ledger_turn, timeline_entry, alert, feed, round_robin, intent CASCADE',
  );
  for (const { id, disabled } of people) await onDuty(id, !disabled);
});

describe('when nobody is there for a moment', () => {
  it('tells the administrators once and pages whoever comes back, until somebody acknowledges', async () => {
    const { worker } = paging(createConfigBook(policyOf([stepTo(bo.id)], null), 0, false));
    await onDuty(bo.id, false);
    const id = await open();
    await worker.runDue();
    expect(await names()).toEqual(['Ada']);
    expect(await stateOf(id)).toMatchObject({
      status: 'waiting',
      nextAt: new Date(clock.now() + 5 * minute).toISOString(),
      reason: expect.stringContaining('reaches anybody'),
    });
    await after(worker, 5 * minute);
    expect(await names()).toEqual(['Ada']);
    await onDuty(bo.id, true);
    await after(worker, 5 * minute);
    expect(await names()).toEqual(['Ada', 'Bo']);
    // The next gap of the same run.
    await onDuty(bo.id, false);
    await after(worker, 5 * minute);
    await onDuty(bo.id, true);
    await after(worker, 5 * minute);
    expect(await names()).toEqual(['Ada', 'Bo', 'Bo']);
    const told = await database.query<{ text: string }>(`SELECT text FROM timeline_entry WHERE text LIKE '%instead'`);
    expect(told).toEqual([{ text: 'Paged Ada instead' }]);
  });

  it('asks again a minute later at the soonest, and ends when its repeats are used up', async () => {
    const { worker } = paging(createConfigBook(policyOf([stepTo(bo.id, 0), stepTo(cy.id, 0)], 1), 0, false));
    await onDuty(bo.id, false);
    await onDuty(cy.id, false);
    const id = await open();
    await worker.runDue();
    expect(await stateOf(id)).toMatchObject({
      status: 'waiting',
      loop: 1,
      nextAt: new Date(clock.now() + minute).toISOString(),
    });
    await after(worker, minute);
    expect(await stateOf(id)).toMatchObject({ status: 'nobody', nextAt: null });
    expect(await names()).toEqual(['Ada']);
    expect(await database.query('SELECT 1 FROM escalation_step WHERE policy_version > 0')).toHaveLength(4);
  });

  it('counts steps that are for other severities as reaching nobody too', async () => {
    const other = { ...stepTo(bo.id), when: { severities: ['sev1' as const], hours: 'any' as const } };
    for (const steps of [
      [other, stepTo(testId(704))],
      [stepTo(testId(704)), other],
    ]) {
      await database.query('TRUNCATE page, notification, escalation_step');
      await open();
      await paging(createConfigBook(policyOf(steps, 0), 0, false)).worker.runDue();
      expect(await names()).toEqual(['Ada']);
    }
  });
});

describe('when a step had fired before', () => {
  it('leaves out its pages alone, not those of the other steps of the turn', async () => {
    const policy = policyOf([stepTo(bo.id), stepTo(cy.id)], 0);
    const { worker } = paging(createConfigBook(policy, 0, false));
    const id = await open();
    await database.query(
      `INSERT INTO escalation_step (incident_id, run, policy_version, step_id, loop, due_at, fired_at)
       VALUES ($1, 1, 1, $2, 0, $3, $3)`,
      [id, policy.steps[0]!.id, at()],
    );
    await after(worker, 6 * minute);
    expect(await names()).toEqual(['Cy']);
    const orphans = await database.query(
      'SELECT 1 FROM ledger l WHERE page_id IS NOT NULL AND NOT EXISTS (SELECT FROM page p WHERE p.id = l.page_id)',
    );
    expect(orphans).toEqual([]);
  });
});

describe('when its policy cannot be read', () => {
  it('pages the administrators with that reason and goes on once it can', async () => {
    const book = createConfigBook(policyOf([stepTo(bo.id)], 0), 0, false);
    let readable = false;
    const hidden = {
      kind: 'policy',
      id: policyId,
      version: 1,
      name: 'payments',
      why: 'steps: missing',
      findings: [],
    } as const;
    const broken = () => nextPagingConfig(book.current(), 2, { placed: [], removed: [hidden], unreadable: [hidden] });
    const { worker } = paging({ ...book, current: () => (readable ? book.current() : broken()) });
    const id = await open();
    await worker.runDue();
    expect(await names()).toEqual(['Ada']);
    expect(await stateOf(id)).toMatchObject({ status: 'waiting', reason: 'its policy payments cannot be read' });
    await after(worker, minute);
    readable = true;
    await after(worker, minute);
    expect(await names()).toEqual(['Ada', 'Bo']);
  });

  it('says in the ledger which route was passed over', async () => {
    const book = createConfigBook(policyOf([stepTo(bo.id)], 0), 0, false);
    const hidden = {
      kind: 'route',
      id: testId(732),
      version: 1,
      name: 'db',
      why: 'condition: missing',
      findings: [],
    } as const;
    const broken = nextPagingConfig(book.current(), 2, { placed: [], removed: [], unreadable: [hidden] });
    const { worker } = paging({ ...book, current: () => broken });
    await open();
    await worker.runDue();
    expect(await names()).toEqual(['Bo']);
    const said = await database.query(`SELECT detail FROM ledger WHERE title LIKE '%cannot be read: db'`);
    expect(said).toEqual([{ detail: 'condition: missing' }]);
  });
});

describe('when the decision fails', () => {
  const common = { bodyVersion: 1, version: 1, findings: [], origin: 'ui', updatedAt: at(), updatedBy: null } as const;
  const sms = { id: testId(751), kind: 'sms', address: '+4915112345678', label: '', channelId: null, enabled: true };
  const withWays = (book: ConfigBook): ConfigBook => {
    const channel = { name: 'Twilio', kind: 'twilio', enabled: true, settings: {}, secrets: {} };
    const rule = { methodId: sms.id, delayMinutes: 0 };
    const profile = {
      timeZone: 'UTC',
      contactMethods: [sms],
      rules: { default: [], important: [rule] },
      quietHours: null,
      doNotDisturb: null,
    };
    const placed = [
      { kind: 'channel', id: testId(750), draft: channel, state: {} },
      {
        kind: 'responder',
        id: ada.id,
        draft: profile,
        state: { verified: { [sms.id]: { at: at(), address: sms.address } } },
      },
    ].map((document) => ({ ...common, ...document, $document: `${document.kind}/${document.id}@1` }));
    const config = nextPagingConfig(book.current(), 2, {
      placed: placed as unknown as StoredDocument[],
      removed: [],
      unreadable: [],
    });
    return { ...book, current: () => config };
  };
  const ways = () => database.query(`SELECT via, address FROM notification ORDER BY via`);

  it('pages the administrators in their own ways, and the fallback channel', async () => {
    const book = withWays(createConfigBook(policyOf([stepTo(bo.id)], 0), 0, false));
    const { worker } = paging(book, { poison: () => true, fallbackChannelId: testId(710) });
    await open();
    await worker.runDue();
    expect(await ways()).toEqual([
      { via: 'desktop', address: ada.id },
      { via: 'sms', address: sms.address },
      { via: 'webhook', address: testId(710) },
    ]);
  });

  it('keeps what a person wished for and a severity that rose until it can be decided', async () => {
    const book = createConfigBook(policyOf([stepTo(bo.id)], 0), 0, false);
    let fails = false;
    const { worker } = paging(book, { poison: () => fails });
    const id = await open();
    await worker.runDue();
    await database.withTransaction(async (tx) => {
      const [incident] = await incidentsWithPaging.lockByIds(tx, [id]);
      await incidentsWithPaging.save(tx, at(), [
        { ...incident!, version: 2, status: 'acknowledged', acknowledgedAt: at() },
      ]);
    });
    await worker.runDue();
    await database.withTransaction(async (tx) => {
      const state = (await escalationStore.lock(tx, id))!;
      const forced = { by: bo.id, byName: 'Bo', at: at(), target: { type: 'user', id: cy.id } } as const;
      await escalationStore.save(tx, at(), [{ ...state, forced, changed: true }], new Set());
    });
    fails = true;
    await worker.runDue();
    expect(await names()).toEqual(['Bo', 'Ada']);
    fails = false;
    await after(worker, minute);
    expect(await names()).toEqual(['Bo', 'Ada', 'Cy']);
    expect(await stateOf(id)).toMatchObject({ status: 'stopped', forced: null, nextAt: null });
  });
});
