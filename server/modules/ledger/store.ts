// The ledger's tables. Reading leaves out entries of incidents that the reader may not see.
import type { LedgerEntry } from '#server/contract/page.ts';
import { plainArray } from '#server/database/columns.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { EntryDraft } from '#server/modules/ledger/trace.ts';

export interface Reader {
  teamIds: readonly string[];
}

/** An entry as it is kept: input and output are canonical JSON texts. */
export interface StoredEntry extends Omit<LedgerEntry, 'input' | 'output'> {
  input: string;
  output: string;
}

export interface EntryFilter {
  incidentId?: string;
  pageId?: string;
  userId?: string;
  /** [from, to) */
  from?: string;
  to?: string;
}

/** So many numbers lie between two rows (migration 0008): a longer turn goes on in another row. */
const entriesARow = 64;
// What stands between entries of a row, and between fields of an entry; no text of theirs holds them.
const betweenRows = '\u001d';
const betweenEntries = '\u001e';
const betweenFields = '\u001f';
const unstorable = new RegExp(`[\\0${betweenRows}${betweenEntries}${betweenFields}]|\\p{Surrogate}`, 'u');

export const ledgerStore: LedgerStore = {
  async append(tx: Tx, entries) {
    if (entries.length === 0) return;
    const rows = rowsOf(entries);
    await tx.query({
      name: 'ledger-append',
      // Texts that are JSON themselves, by the thousand: escaping them once more took longer than writing the rows.
      text: `INSERT INTO ledger_turn (at, incident_id, entries)
             SELECT r.at, r.incident_id, r.entries
             FROM ROWS FROM (unnest($1::timestamptz[]), unnest($2::uuid[]), string_to_table($3, E'\\x1d'))
               WITH ORDINALITY AS r (at, incident_id, entries, place)
             ORDER BY r.place`,
      values: [
        plainArray(rows.map((row) => row.at)),
        plainArray(rows.map((row) => row.incidentId)),
        rows.map((row) => row.entries.map(asText).join(betweenEntries)).join(betweenRows),
      ],
    });
  },
};

/** Entries of one incident that were written one after the other at the same time are one row. */
function rowsOf(entries: readonly EntryDraft[]): { at: string; incidentId: string; entries: EntryDraft[] }[] {
  const rows: { at: string; incidentId: string; entries: EntryDraft[] }[] = [];
  for (const entry of entries) {
    const { at, incidentId } = entry;
    const last = rows.at(-1);
    const goesOn = last?.incidentId === incidentId && last.at === at && last.entries.length < entriesARow;
    if (goesOn) last.entries.push(entry);
    else rows.push({ at, incidentId, entries: [entry] });
  }
  return rows;
}

function asText({ id, pageId, userId, kind, title, detail, input, output }: EntryDraft): string {
  return [id, pageId ?? '', userId ?? '', kind, storable(title), storable(detail), input, output].join(betweenFields);
}

/** In the order they were written: those after the sequence given, or the newest of all. */
export async function readEntries(
  sql: SqlReader,
  reader: Reader,
  filter: EntryFilter,
  page: { after: number; limit: number } | { newest: number },
): Promise<StoredEntry[]> {
  const values: unknown[] = [reader.teamIds];
  const parts = ['(i.restricted_to IS NULL OR i.restricted_to && $1::uuid[])'];
  // Only what is asked for stands in the statement, so that each combination can use its index.
  const narrow = (condition: string, value: unknown) => {
    if (value !== undefined) parts.push(`${condition} $${values.push(value)}`);
  };
  narrow('t.incident_id =', filter.incidentId);
  if (filter.pageId !== undefined) {
    const page = `$${values.push(filter.pageId)}`;
    // By its incident, which has an index; a page's entries are few among those.
    parts.push(`l.page_id = ${page} AND t.incident_id = (SELECT p.incident_id FROM page p WHERE p.id = ${page})`);
  }
  if (filter.userId !== undefined) {
    const user = `$${values.push(filter.userId)}::uuid`;
    // Of most turns it is enough that the id stands nowhere in them: they are not taken apart.
    parts.push(`l.user_id = ${user} AND strpos(t.entries, ${user}::text) > 0`);
  }
  narrow('t.at >=', filter.from);
  narrow('t.at <', filter.to);
  const newest = 'newest' in page;
  if (!newest) {
    narrow('l.sequence >', page.after);
    narrow('t.turn >', page.after - entriesARow);
  }
  const where = parts.join(' AND ');
  const limit = `$${values.push(newest ? page.newest : page.limit)}`;
  const rows = await sql.query<StoredEntry & Record<string, unknown>>({
    name: `ledger-read-${newest ? 'newest' : 'after'}-${Object.keys(filter).toSorted().join('-')}`,
    text: `SELECT l.id, l.sequence, l.at, l.incident_id AS "incidentId", l.page_id AS "pageId", l.user_id AS "userId",
             l.kind, l.title, l.detail, l.input, l.output
           FROM (SELECT sequence AS turn, at, incident_id, user_id::text AS entries FROM ledger_entry
                 UNION ALL SELECT sequence, at, incident_id, entries FROM ledger_turn) AS t
             JOIN incident i ON i.id = t.incident_id
             -- OFFSET 0: turn by turn until the page is full. As a join, each page would take apart and sort all that is left.
             CROSS JOIN LATERAL (SELECT * FROM ledger WHERE turn = t.turn OFFSET 0) AS l
           WHERE ${where} ORDER BY ${newest ? 't.turn DESC, l.sequence DESC' : 't.turn, l.sequence'} LIMIT ${limit}`,
    values,
  });
  return newest ? rows.toReversed() : rows;
}

/** The id of an incident that the reader may see, by its id or its number. */
export async function findIncident(
  sql: SqlReader,
  reader: Reader,
  by: { id: string } | { number: number },
): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>({
    name: 'ledger-incident',
    text: `SELECT id FROM incident WHERE ($1::uuid IS NULL OR id = $1) AND ($2::bigint IS NULL OR number = $2)
             AND ($1::uuid IS NOT NULL OR $2::bigint IS NOT NULL)
             AND (restricted_to IS NULL OR restricted_to && $3::uuid[])`,
    values: ['id' in by ? by.id : null, 'number' in by ? by.number : null, reader.teamIds],
  });
  return row?.id ?? null;
}

/** Those of these incidents that the reader may see. */
export async function visibleAmong(sql: SqlReader, reader: Reader, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await sql.query<{ id: string }>({
    name: 'ledger-visible',
    text: `SELECT id FROM incident WHERE id = ANY($1::uuid[]) AND (restricted_to IS NULL OR restricted_to && $2::uuid[])`,
    values: [ids, reader.teamIds],
  });
  return new Set(rows.map((row) => row.id));
}

/** Halves of surrogate pairs and NUL cannot be stored, separators would separate; a provider's answer may hold them. */
function storable(text: string): string {
  return unstorable.test(text) ? text.replace(new RegExp(unstorable, 'gu'), '\uFFFD') : text;
}
