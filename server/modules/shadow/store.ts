import type { SqlReader, Tx } from '#server/database/transaction.ts';

export interface ShadowPage {
  id: string;
  source: string;
  externalId: string;
  at: string;
  endedAt: string | null;
  person: string;
  userId: string | null;
  about: string;
}
export interface OwnPage {
  id: string;
  number: number;
  incidentId: string;
  userId: string;
  at: string;
  endedAt: string | null;
}

export const shadowStore = {
  /** The same page again changes its end and nothing else. `openPrefix`: somebody who is paged already is not again. */
  async add(tx: Tx, pages: readonly ShadowPage[], openPrefix: string | null): Promise<number> {
    if (pages.length === 0) return 0;
    const { rowCount } = await tx.query({
      name: 'shadow-add',
      text: `INSERT INTO shadow_page AS s (id, source, external_id, at, ended_at, person, user_id, about)
             SELECT r.id, r.source, r."externalId", r.at, r."endedAt", r.person, r."userId", r.about
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, source text, "externalId" text, at timestamptz,
               "endedAt" timestamptz, person text, "userId" uuid, about text)
             WHERE $2::text IS NULL OR NOT EXISTS (
               SELECT FROM shadow_page o WHERE o.source = r.source AND o.person = r.person AND o.ended_at IS NULL
                 AND starts_with(o.external_id, $2))
             ON CONFLICT (source, external_id, person) DO UPDATE SET ended_at = coalesce(excluded.ended_at, s.ended_at)`,
      values: [JSON.stringify(pages), openPrefix],
    });
    return rowCount ?? 0;
  },

  async end(
    tx: Tx,
    source: string,
    { prefix, at, except }: { prefix: string; at: string; except: readonly string[] },
  ): Promise<void> {
    await tx.query({
      name: 'shadow-end',
      text: `UPDATE shadow_page SET ended_at = greatest(at, $3::timestamptz)
             WHERE source = $1 AND starts_with(external_id, $2) AND ended_at IS NULL AND at <= $3 AND person <> ALL($4::text[])`,
      values: [source, prefix, at, except],
    });
  },

  theirs(sql: SqlReader, from: string, to: string, limit: number): Promise<ShadowPage[]> {
    return sql.query<ShadowPage>({
      name: 'shadow-between',
      text: `SELECT id, source, external_id AS "externalId", at, ended_at AS "endedAt", person, user_id AS "userId", about
             FROM shadow_page WHERE at < $2 AND (ended_at IS NULL OR ended_at >= $1) ORDER BY at, id LIMIT $3`,
      values: [from, to, limit],
    });
  },

  /** Ours, without those of incidents that the reader may not see. */
  ours(sql: SqlReader, teamIds: readonly string[], from: string, to: string, limit: number): Promise<OwnPage[]> {
    return sql.query<OwnPage>({
      name: 'shadow-own-pages',
      text: `SELECT p.id, p.number, p.incident_id AS "incidentId", p.user_id AS "userId", p.at, p.ended_at AS "endedAt"
             FROM page p WHERE p.user_id IS NOT NULL AND p.at < $2 AND (p.ended_at IS NULL OR p.ended_at >= $1)
               AND (p.audience IS NULL OR p.audience && $3::uuid[]) ORDER BY p.at, p.id LIMIT $4`,
      values: [from, to, teamIds, limit],
    });
  },
};
