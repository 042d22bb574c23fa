import type { SqlReader } from '#server/database/transaction.ts';
import type { PageFact, PersonFact } from '#server/modules/fatigue/report.ts';

/** Pages to people that were or would have been told, as far as the reader may see their incidents. */
export function readPageFacts(
  sql: SqlReader,
  reader: { teamIds: readonly string[] },
  span: { from: string; to: string },
): Promise<PageFact[]> {
  return sql.query<PageFact & Record<string, unknown>>({
    name: 'fatigue-pages',
    text: `SELECT p.user_id AS "userId", p.at, p.status,
             CASE WHEN p.status = 'acknowledged' THEN p.ended_at END AS "acknowledgedAt"
           FROM page p JOIN incident i ON i.id = p.incident_id
           WHERE p.user_id IS NOT NULL AND p.at >= $1 AND p.at < $2
             AND (i.restricted_to IS NULL OR i.restricted_to && $3::uuid[])
           ORDER BY p.at, p.id LIMIT 200000`,
    values: [span.from, span.to, reader.teamIds],
  });
}

/** Everybody who may be paged, and whoever was. Zones come from the profiles. */
export function readPeopleFacts(sql: SqlReader, paged: readonly string[]): Promise<PersonFact[]> {
  return sql.query<PersonFact & Record<string, unknown>>({
    name: 'fatigue-people',
    text: `SELECT u.id, u.name, coalesce(d.body->>'timeZone', 'UTC') AS "timeZone",
             coalesce((SELECT array_agg(m.team_id::text ORDER BY m.team_id) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"
           FROM user_account u LEFT JOIN config_document d ON d.kind = 'responder' AND d.id = u.id
           WHERE u.id = ANY($1::uuid[]) OR (NOT u.disabled AND u.role <> 'viewer')
           ORDER BY u.name, u.id`,
    values: [paged],
  });
}
