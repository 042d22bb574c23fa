// The ledger's table. Reading leaves out entries of incidents that the reader may not see.
import type { LedgerEntry } from '#server/contract/page.ts';
import { betweenTexts } from '#server/database/columns.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';

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

export const ledgerStore: LedgerStore = {
  async append(tx: Tx, entries) {
    if (entries.length === 0) return;
    await tx.query({
      name: 'ledger-append',
      // Texts that are JSON themselves, by the thousand: escaping them once more took longer than writing the rows.
      text: `INSERT INTO ledger_entry (id, at, incident_id, page_id, user_id, kind, title, detail, input, output)
             SELECT r.id, r.at, r.incident_id, r.page_id, r.user_id, r.kind, r.title,
               -- An empty text, alone, splits into nothing.
               coalesce(r.detail, ''), r.input, r.output
             FROM ROWS FROM (unnest($1::uuid[]), unnest($2::timestamptz[]), unnest($3::uuid[]), unnest($4::uuid[]),
               unnest($5::uuid[]), unnest($6::text[]), string_to_table($7, E'\\x1e'), string_to_table($8, E'\\x1e'),
               string_to_table($9, E'\\x1e'), string_to_table($10, E'\\x1e')) WITH ORDINALITY
               AS r (id, at, incident_id, page_id, user_id, kind, title, detail, input, output, place)
             ORDER BY r.place`,
      values: [
        entries.map((entry) => entry.id),
        entries.map((entry) => entry.at),
        entries.map((entry) => entry.incidentId),
        entries.map((entry) => entry.pageId),
        entries.map((entry) => entry.userId),
        entries.map((entry) => entry.kind),
        entries.map((entry) => storable(entry.title)).join(betweenTexts),
        entries.map((entry) => storable(entry.detail)).join(betweenTexts),
        entries.map((entry) => entry.input).join(betweenTexts),
        entries.map((entry) => entry.output).join(betweenTexts),
      ],
    });
  },
};

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
    if (value !== undefined) parts.push(`l.${condition} $${values.push(value)}`);
  };
  narrow('incident_id =', filter.incidentId);
  if (filter.pageId !== undefined) {
    const page = `$${values.push(filter.pageId)}`;
    // By its incident, which has an index; a page's entries are few among those.
    parts.push(`l.page_id = ${page} AND l.incident_id = (SELECT p.incident_id FROM page p WHERE p.id = ${page})`);
  }
  narrow('user_id =', filter.userId);
  narrow('at >=', filter.from);
  narrow('at <', filter.to);
  const newest = 'newest' in page;
  if (!newest) narrow('sequence >', page.after);
  const where = parts.join(' AND ');
  const limit = `$${values.push(newest ? page.newest : page.limit)}`;
  const rows = await sql.query<StoredEntry & Record<string, unknown>>({
    name: `ledger-read-${newest ? 'newest' : 'after'}-${Object.keys(filter).toSorted().join('-')}`,
    text: `SELECT l.id, l.sequence, l.at, l.incident_id AS "incidentId", l.page_id AS "pageId", l.user_id AS "userId",
             l.kind, l.title, l.detail, l.input, l.output
           FROM ledger_entry l JOIN incident i ON i.id = l.incident_id
           WHERE ${where} ORDER BY l.sequence ${newest ? 'DESC' : ''} LIMIT ${limit}`,
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

/** Halves of surrogate pairs and NUL cannot be stored; a provider's answer may hold them. */
function storable(text: string): string {
  return text.replaceAll(betweenTexts, '\uFFFD').replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}
