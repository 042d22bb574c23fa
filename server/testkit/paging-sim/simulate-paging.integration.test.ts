// The scenario through the SQL stores on a real PostgreSQL: two servers' workers at once, real row locks and keys, commits
// lost and unanswered, acknowledgements, edits and jumps of the virtual clock.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '#server/database/transaction.ts';
import { AppError } from '#server/api/app-error.ts';
import { withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import { replay } from '#server/modules/ledger/replay.ts';
import { readEntries } from '#server/modules/ledger/store.ts';
import { decisions } from '#server/paging/decisions.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anIncident } from '#server/testkit/incidents.ts';
import { aPolicy, createConfigBook, people } from '#server/testkit/paging-sim/paging-config.ts';
import { addPeople, createSqlPaging, incidentsWithPaging } from '#server/testkit/paging-sim/sql-paging.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const seeds = 50;
const database = await testDatabase({ max: 10 });
const start = Date.parse('2026-01-01T12:00:00.000Z');
const emptied =
  'notification, page, escalation_step, escalation, round_robin, ledger_turn, timeline_entry, alert, incident, feed';

async function simulate(seed: number): Promise<string[]> {
  await database.query(
    emptied
      .split(', ')
      .map((table) => `DELETE FROM ${table}`)
      .join('; '),
  );
  const clock = createFakeClock(start + seed);
  const random = createSeededRandom(seed, clock);
  const chance = createSeededRandom(seed ^ 0x5bd1e995, clock);
  const book = createConfigBook(aPolicy(random), 0, random.number() < 0.3);
  const at = () => new Date(clock.now()).toISOString();
  let faults = true;
  async function transact<R>(body: (tx: Tx) => Promise<R>): Promise<R> {
    const roll = faults ? chance.number() : 1;
    const result = await database.withTransaction(async (tx) => {
      const inner = await body(tx);
      if (roll < 0.08) throw new AppError('unavailable', 'the connection broke before the commit');
      return inner;
    });
    if (roll < 0.16) throw new AppError('unavailable', 'the connection broke after the commit');
    return result;
  }
  const servers = [1, 2].map(() => createSqlPaging({ database, transact, book, clock, random }));
  const carryOn = async () => {
    for (const outcome of await Promise.allSettled(servers.map(({ worker }) => worker.runDue()))) {
      if (outcome.status === 'rejected' && !(outcome.reason instanceof AppError)) throw outcome.reason;
    }
  };
  const ids: string[] = [];
  const broken: string[] = [];
  const acknowledged = new Map<string, number>();
  for (let n = 0; n < 12; n += 1) {
    const roll = chance.number();
    if (n < 2 || roll < 0.2) {
      const id = random.uuid();
      ids.push(id);
      const incident = anIncident({
        id,
        number: seed * 100 + n,
        startedAt: at(),
        severity: roll < 0.1 ? 'sev1' : 'sev3',
      });
      await database.withTransaction((tx) => incidentsWithPaging.save(tx, at(), [incident]));
    } else if (roll < 0.4) {
      const id = ids[Math.floor(chance.number() * ids.length)]!;
      const handler = withAcknowledgement(
        async (tx, { at: now }) => {
          const [incident] = await incidentsWithPaging.lockByIds(tx, [id]);
          if (incident === undefined || incident.status !== 'triggered') {
            return { outcome: 'noop', by: null, at: null, reason: 'Already.' };
          }
          const next = {
            ...incident,
            version: incident.version + 1,
            status: 'acknowledged' as const,
            acknowledgedAt: now,
          };
          await incidentsWithPaging.save(tx, now, [next]);
          return { outcome: 'applied', version: next.version };
        },
        { ...servers[0]!.counting, acting: { lock: () => Promise.reject(new Error('not asked')) } },
      );
      const person = people[n % 3]!;
      const actor = anActor({ userId: person.id, name: person.name });
      const intent = anIntent<'incident.acknowledge'>(
        { kind: 'incident.acknowledge', incidentId: id },
        { at: at(), random, actor },
      );
      // Beside the workers, as it comes.
      await Promise.all([database.withTransaction((tx) => handler(tx, intent)), carryOn()]);
      const [row] = await database.query<{ status: string; open: number }>(
        `SELECT e.status, (SELECT count(*)::int FROM page p WHERE p.incident_id = e.id AND p.status = 'open') AS open
         FROM escalation e WHERE e.id = $1`,
        [id],
      );
      if (row?.status === 'stopped' && row.open > 0)
        broken.push(`${row.open} pages stayed open after their acknowledgement`);
      if (row?.status === 'stopped') acknowledged.set(id, (await steps(id)).length);
    } else if (roll < 0.5) {
      const draft = structuredClone(book.policy().draft);
      for (const step of draft.steps) step.delayMinutes += 1;
      book.edit(draft);
    } else if (roll < 0.6) clock.suspend(8 * 3_600_000);
    else clock.advance(Math.floor(chance.number() * 6 * 60_000));
    await carryOn();
  }
  faults = false;
  for (let n = 0; n < 60; n += 1) {
    clock.advance(5 * 60_000);
    await carryOn();
  }

  const twice = await database.query(
    'SELECT 1 FROM escalation_step GROUP BY incident_id, run, step_id, loop HAVING count(*) > 1',
  );
  if (twice.length > 0) broken.push('a step fired twice');
  const paged = await database.query(
    `SELECT 1 FROM page GROUP BY incident_id, run, loop, step, user_id, channel_id, at HAVING count(*) > 1`,
  );
  if (paged.length > 0) broken.push('somebody was paged twice by one step');
  const left = await database.query(
    `SELECT 1 FROM escalation WHERE changed OR status = 'waiting' OR (run = 0 AND status <> 'stopped')`,
  );
  if (left.length > 0) broken.push(`${left.length} runs were not carried to their end`);
  const bare = await database.query(
    `SELECT 1 FROM page p WHERE NOT EXISTS (SELECT FROM ledger l WHERE l.page_id = p.id AND l.kind = 'plan')
       OR NOT EXISTS (SELECT FROM notification n WHERE n.page_id = p.id)`,
  );
  if (bare.length > 0) broken.push(`${bare.length} pages have no reason or no intent`);
  for (const [id, count] of acknowledged) {
    if ((await steps(id)).length > count) broken.push('a step fired after the acknowledgement that stopped it');
  }
  const entries = await readEntries(database, { teamIds: [] }, {}, { after: 0, limit: 10_000 });
  const again = await replay(entries, decisions, book);
  if (again.different.length > 0 || again.missing.length > 0) broken.push('replay decided otherwise');
  return broken;
}

const steps = (id: string) => database.query('SELECT 1 FROM escalation_step WHERE incident_id = $1', [id]);

describe('the simulation of paging through the SQL stores on a real PostgreSQL', () => {
  beforeAll(() => addPeople(database));

  it(`keeps every promise over ${seeds} seeds`, { timeout: 600_000 }, async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const promises = await simulate(seed);
      if (promises.length > 0) broken.push(`seed ${seed}: ${promises.join('; ')}`);
    }
    expect(broken).toEqual([]);
  });
});
