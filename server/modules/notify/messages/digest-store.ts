// What messages tell about incidents, read in one statement.
import type { Tx } from '#server/database/transaction.ts';
import type { IncidentDigest } from '#server/modules/notify/channel-type.ts';

export interface DigestRow extends IncidentDigest {
  restrictedTo: string[] | null;
}

interface PageFacts {
  replyCode: string | null;
  late: boolean;
  told: boolean;
}

export const digestStore = {
  async digests(tx: Tx, incidentIds: readonly string[]): Promise<Map<string, DigestRow>> {
    const { rows } = await tx.query<DigestRow>({
      name: 'notify-digests',
      text: `SELECT i.id, i.number, i.title, i.severity, i.status, i.impact, i.services, i.alert_count AS "alertCount",
               i.started_at AS "startedAt", u.name AS "acknowledgedBy", i.resolved_at AS "resolvedAt",
               CASE WHEN i.last_update IS NULL THEN NULL ELSE
                 jsonb_build_object('at', i.last_update->'at', 'text', i.last_update->'text') END AS "lastUpdate",
               a.runbook_url AS "runbookUrl", a.source_url AS "sourceUrl", coalesce(a.labels, '{}') AS labels,
               i.restricted_to AS "restrictedTo"
             FROM incident i
             LEFT JOIN user_account u ON u.id = i.acknowledged_by
             LEFT JOIN LATERAL (
               SELECT w.runbook_url, w.source_url, w.labels FROM alert w WHERE w.incident_id = i.id
               ORDER BY (w.status = 'firing') DESC, (w.severity = 'info'), w.severity, w.first_seen_at LIMIT 1
             ) AS a ON true
             WHERE i.id = ANY($1::uuid[])`,
      values: [incidentIds],
    });
    return new Map(rows.map((row) => [row.id, row]));
  },

  async people(
    tx: Tx,
    userIds: readonly string[],
  ): Promise<Map<string, { name: string; disabled: boolean; teamIds: string[] }>> {
    const { rows } = await tx.query<{ id: string; name: string; disabled: boolean; teamIds: string[] }>({
      name: 'notify-people',
      text: `SELECT u.id, u.name, u.disabled,
               coalesce((SELECT array_agg(m.team_id::text) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"
             FROM user_account u WHERE u.id = ANY($1::uuid[])`,
      values: [userIds],
    });
    return new Map(rows.map((row) => [row.id, row]));
  },

  /** What a message says of its page: how it is answered, late, and whether somebody has to act or is only told. */
  async pages(tx: Tx, pageIds: readonly string[]): Promise<Map<string, PageFacts>> {
    const { rows } = await tx.query<PageFacts & { id: string }>({
      name: 'notify-page-facts',
      text: `SELECT id, reply_code AS "replyCode", late, channel_id IS NOT NULL AND policy_id IS NULL AS told FROM page WHERE id = ANY($1::uuid[])`,
      values: [pageIds],
    });
    return new Map(rows.map((row) => [row.id, row]));
  },
};
