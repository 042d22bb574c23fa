// What answers from outside need to know: which pages they can mean, and which deliveries were taken before.
import type { SqlReader } from '#server/database/transaction.ts';

export interface AnswerablePage {
  pageId: string;
  userId: string;
  incidentId: string;
  code: string | null;
  open: boolean;
}

export interface Deliveries {
  /** True when this delivery had its effect before. */
  seen(channelId: string, delivery: string): Promise<boolean>;
  /** After its effect: a crash between the two repeats an act that has no effect the second time. */
  markSeen(channelId: string, delivery: string, at: string): Promise<void>;
}

export interface AnswerablePages {
  /** Pages of these people that are open or younger than a day, the newest first; those of one incident if it is given. */
  pagesOf(userIds: readonly string[], at: string, incidentId: string | null): Promise<AnswerablePage[]>;
}

export function createReplyStore(sql: SqlReader): Deliveries & AnswerablePages {
  return {
    async pagesOf(userIds, at, incidentId) {
      if (userIds.length === 0) return [];
      return sql.query<AnswerablePage & Record<string, unknown>>({
        name: 'reply-pages',
        text: `SELECT p.id AS "pageId", p.user_id AS "userId", p.incident_id AS "incidentId", p.reply_code AS code,
                 p.status = 'open' AS open
               FROM page p
               WHERE p.user_id = ANY($1::uuid[]) AND (p.status = 'open' OR p.at > $2::timestamptz - interval '1 day')
                 AND ($3::uuid IS NULL OR p.incident_id = $3)
               ORDER BY (p.status = 'open') DESC, p.at DESC, p.id DESC LIMIT 100`,
        values: [userIds, at, incidentId],
      });
    },

    async seen(channelId, delivery) {
      const rows = await sql.query({
        name: 'callback-seen',
        text: 'SELECT 1 FROM callback_seen WHERE channel_id = $1 AND delivery = $2',
        values: [channelId, delivery],
      });
      return rows.length > 0;
    },

    async markSeen(channelId, delivery, at) {
      await sql.query({
        name: 'callback-mark',
        text: `INSERT INTO callback_seen (channel_id, delivery, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        values: [channelId, delivery, at],
      });
    },
  };
}
