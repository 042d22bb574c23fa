// What is written to the ledger, read back to the character; and what a long ledger costs who reads a little of it.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from '#server/database/transaction.ts';
import { replay } from '#server/modules/ledger/replay.ts';
import { type EntryFilter, ledgerStore, readEntries } from '#server/modules/ledger/store.ts';
import { createTrace, type DecisionTable, type EntryDraft } from '#server/modules/ledger/trace.ts';
import { inhibitedStore } from '#server/modules/notify/holding/inhibited-store.ts';
import { testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const database = await testDatabase({ max: 8 });
const incidents = [1, 2, 3].map(testId);
const team = testId(9);
const start = Date.UTC(2026, 10, 21, 12);
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
let ids = 1_000;
const newId = () => testId((ids += 1));
/** Answers what it was asked: the output is the input, bit for bit. */
const decisions = { step: (input: unknown) => input } as unknown as DecisionTable;

interface Noted {
  incident: number;
  second: number;
  title: string;
  detail: string;
  value: unknown;
  pageId: boolean;
}
function drafts(noted: readonly Noted[]): EntryDraft[] {
  return noted.flatMap(({ incident, second, title, detail, value, pageId }) => {
    const trace = createTrace({ decisions, incidentId: incidents[incident]!, at: at(second), newId });
    trace.decide('step', value as never, () => ({ title, detail }), pageId ? { pageId: newId(), userId: newId() } : {});
    return trace.entries;
  });
}
const append = (entries: readonly EntryDraft[]) => database.withTransaction((tx) => ledgerStore.append(tx, entries));
const reader = { teamIds: [] as string[] };

async function readAll(filter: EntryFilter, limit: number, who = reader) {
  const all = [];
  for (let after = 0; ;) {
    const rows = await readEntries(database, who, filter, { after, limit });
    all.push(...rows);
    if (rows.length < limit) return all;
    after = rows.at(-1)!.sequence;
  }
}
const storable = (text: string) =>
  ['\0', '\u001d', '\u001e', '\u001f'].reduce((rest, mark) => rest.replaceAll(mark, '\uFFFD'), text).toWellFormed();

beforeEach(async () => {
  await database.query('TRUNCATE ledger_entry, ledger_turn, page, notification, incident CASCADE');
  await database.query(
    `INSERT INTO incident (id, number, title, severity, status, started_at, restricted_to)
     SELECT id, n, 'x', 'sev1', 'triggered', $2, CASE WHEN n = 3 THEN ARRAY[$3::uuid] END
     FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)`,
    [incidents, at(0), team],
  );
});

it('every text and value comes back as it was, in its order, however it is cut into pages', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      '\u001d',
      '\u001e\u001e',
      '\u001f',
      '\0',
      '\ud800',
      '{}',
      'NULL',
      '\\x1e',
      '"',
      'x'.repeat(20_000),
    ),
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.dictionary(text, text),
    fc.constantFrom([], {}, null, [[], [null]], -0, 1e308, 2 ** 64, Number.NaN, '\u001f\ud800\0', [undefined]),
  );
  const noted = fc.record({
    incident: fc.integer({ min: 0, max: 1 }),
    second: fc.integer({ min: 0, max: 2 }),
    title: text,
    detail: text,
    value,
    pageId: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(noted, { maxLength: 10 }), { maxLength: 3 }),
      fc.integer({ min: 2, max: 9 }),
      async (looks, limit) => {
        await database.query('TRUNCATE ledger_turn');
        const written = looks.map(drafts);
        for (const look of written) await append(look);
        const read = await readAll({}, limit);
        const expected = written
          .flat()
          .map((entry) => ({ ...entry, title: storable(entry.title), detail: storable(entry.detail) }));
        expect(read.map(({ sequence: _sequence, ...entry }) => entry)).toEqual(expected);
        expect(read.every((entry, n) => n === 0 || entry.sequence > read[n - 1]!.sequence)).toBe(true);
        const userId = read.find((entry) => entry.userId !== null)?.userId ?? testId(8);
        expect(await readAll({ userId }, limit)).toEqual(read.filter((entry) => entry.userId === userId));
        const newest = await readEntries(database, reader, {}, { newest: limit });
        expect(newest).toEqual(read.slice(-limit));
        const none = () => Promise.resolve(new Map());
        const again = await replay(read, decisions, { documents: none, lists: none });
        expect(again).toMatchObject({ same: read.length, different: [], missing: [] });
      },
    ),
    { numRuns: 12 },
  );
});

it('looks of two servers at once do not mix, and what a server of before wrote stands before them', async () => {
  const look = (incident: number, length: number) =>
    drafts(
      Array.from({ length }, (_, n) => ({
        incident,
        second: 1,
        title: String(n),
        detail: '',
        value: n,
        pageId: false,
      })),
    );
  // Numbers one by one, as before migration 0008.
  await database.query('ALTER SEQUENCE ledger_entry_sequence_seq INCREMENT BY 1');
  await database.query(
    `INSERT INTO ledger_entry (id, at, incident_id, kind, title, detail, input, output)
     SELECT gen_random_uuid(), $2, $1, 'trigger', n::text, '', '{}', 'null' FROM generate_series(1, 150) AS n`,
    [incidents[0], at(0)],
  );
  await database.query('ALTER SEQUENCE ledger_entry_sequence_seq INCREMENT BY 64');
  await Promise.all(Array.from({ length: 6 }, (_, n) => append(look(n % 2, n === 3 ? 64 : 130))));
  const all = await readAll({}, 40);
  expect(all).toHaveLength(150 + 5 * 130 + 64);
  expect(new Set(all.map((entry) => entry.sequence)).size).toBe(all.length);
  expect(all.slice(0, 150).map((entry) => entry.title)).toEqual(Array.from({ length: 150 }, (_, n) => String(n + 1)));
  // Each look is whole: its entries stand in the order in which they were decided.
  for (const incidentId of incidents.slice(0, 2)) {
    const own = (await readAll({ incidentId }, 33)).filter((entry) => entry.at === at(1));
    expect(own).toEqual(all.filter((entry) => entry.incidentId === incidentId && entry.at === at(1)));
    const counted = own.reduce((sum, entry) => sum + Number(entry.title), 0);
    expect(counted).toBe(incidentId === incidents[0] ? 3 * 8_385 : 2 * 8_385 + 2_016);
  }
});

it('a page is full also where most of what lies between may not be seen', async () => {
  const one = (incident: number, n: number): Noted => ({
    incident,
    second: n,
    title: String(n),
    detail: '',
    value: n,
    pageId: false,
  });
  await append(drafts(Array.from({ length: 300 }, (_, n) => one(n % 50 === 0 ? 0 : 2, n))));
  const titles = async (who: typeof reader) =>
    (await readAll({ from: at(0), to: at(1_000) }, 4, who)).map((entry) => entry.title);
  expect(await titles(reader)).toEqual(['0', '50', '100', '150', '200', '250']);
  expect(await titles({ teamIds: [team] })).toHaveLength(300);
});

describe('of a long ledger', () => {
  /** How often the statement came by a row of ledger_turn. */
  const rowsSeen = async (work: (sql: never) => Promise<unknown>): Promise<number> => {
    let seen = 0;
    const walk = (plan: Record<string, unknown>) => {
      if (plan['Relation Name'] === 'ledger_turn')
        seen +=
          ((plan['Actual Rows'] as number) + ((plan['Rows Removed by Filter'] as number) ?? 0)) *
          (plan['Actual Loops'] as number);
      for (const inner of (plan['Plans'] as Record<string, unknown>[] | undefined) ?? []) walk(inner);
    };
    const explain = async ({ text, values }: { text: string; values: unknown[] }) => {
      const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: Record<string, unknown> }] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
        values,
      );
      walk(row!['QUERY PLAN'][0].Plan);
    };
    const empty = Object.assign([], { rows: [] });
    await work({ query: async (query: never) => (await explain(query), empty) } as never);
    return seen;
  };

  it('a page of it, and whether pages were asked for by hand, read a few rows', async () => {
    const long = 4_000;
    await database.query(
      `INSERT INTO incident (id, number, title, severity, status, started_at)
       SELECT gen_random_uuid(), 100 + n, 'x', 'sev1', 'resolved', $1 FROM generate_series(1, $2::int) AS n`,
      [at(0), long],
    );
    await database.query(
      `INSERT INTO ledger_turn (at, incident_id, entries)
       SELECT $1::timestamptz + number * interval '1 minute', id, (
         SELECT string_agg(concat_ws(E'\\x1f', gen_random_uuid(), '', '', 'plan', 'title', repeat('x', 100), '{}', 'null'), E'\\x1e')
         FROM generate_series(1, 6))
       FROM incident WHERE number > 100 ORDER BY number`,
      [at(0)],
    );
    await database.query(
      `INSERT INTO page (id, version, number, incident_id, run, step, loop, priority, reason, at, late, status)
       SELECT id, 1, number, id, 1, 0, 0, 'default', '', started_at, false, 'open' FROM incident WHERE number > 100`,
    );
    await database.query('ANALYZE');
    const pages = await database.query<{ id: string }>('SELECT id FROM page WHERE number < 110');
    const holdable = (tx: Tx) =>
      inhibitedStore.holdable(
        tx,
        pages.map((page) => page.id),
        at(10_000),
      );
    expect(await database.withTransaction(holdable)).toEqual(new Set(pages.map((page) => page.id)));
    expect(await rowsSeen(holdable)).toBeLessThan(50);
    const days = (after: number) => rowsSeen((sql) => readEntries(sql, reader, { from: at(0) }, { after, limit: 100 }));
    expect(await days(0)).toBeLessThan(200);
    // One person's of all: every turn is looked at, and none is taken apart.
    const nobody = { from: at(0), to: at(1_000_000), userId: testId(8) };
    expect(await rowsSeen((sql) => readEntries(sql, reader, nobody, { after: 0, limit: 100 }))).toBe(long);
    const [middle] = await database.query<{ sequence: number }>(
      'SELECT sequence FROM ledger_turn ORDER BY 1 OFFSET 2000 LIMIT 1',
    );
    expect(await days(middle!.sequence)).toBeLessThan(200);
  });
});
