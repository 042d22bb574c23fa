import { hash } from 'node:crypto';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

/** A calendar of others as it last answered; `body` stays when a later reading fails. */
export interface CalendarCopy {
  url: string;
  body: string | null;
  etag: string | null;
  fetchedAt: string | null;
  error: string | null;
  errorAt: string | null;
}

export const calendarStore = {
  /** Without the bodies that were fetched when the caller's copy was (`known`). */
  read(sql: SqlReader, known: readonly { url: string; fetchedAt: string | null }[]): Promise<CalendarCopy[]> {
    return sql.query<CalendarCopy>({
      name: 'calendar-read',
      text: `SELECT c.url, CASE WHEN c.fetched_at IS DISTINCT FROM k.fetched_at THEN c.body END AS body, c.etag,
               c.fetched_at AS "fetchedAt", c.error, c.error_at AS "errorAt"
             FROM unnest($1::text[], $2::timestamptz[]) AS k (url_hash, fetched_at)
             JOIN calendar_copy c ON c.url_hash = k.url_hash`,
      values: [known.map(({ url }) => hash('sha256', url)), known.map(({ fetchedAt }) => fetchedAt)],
    });
  },

  async saveRead(tx: Tx, at: string, { url, body, etag }: Pick<CalendarCopy, 'url' | 'body' | 'etag'>): Promise<void> {
    await tx.query({
      name: 'calendar-save',
      text: `INSERT INTO calendar_copy (url_hash, url, body, etag, fetched_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (url_hash) DO UPDATE SET body = coalesce(excluded.body, calendar_copy.body),
               etag = excluded.etag, fetched_at = excluded.fetched_at, error = NULL, error_at = NULL`,
      values: [hash('sha256', url), url, body, etag, at],
    });
  },

  async saveFault(tx: Tx, at: string, url: string, error: string): Promise<void> {
    await tx.query({
      name: 'calendar-fault',
      text: `INSERT INTO calendar_copy (url_hash, url, error, error_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (url_hash) DO UPDATE SET error = excluded.error, error_at = excluded.error_at`,
      values: [hash('sha256', url), url, error.slice(0, 500), at],
    });
  },

  /** Those that no schedule reads any more. */
  async removeOthers(tx: Tx, urls: readonly string[]): Promise<void> {
    await tx.query({
      name: 'calendar-remove-others',
      text: 'DELETE FROM calendar_copy WHERE NOT url_hash = ANY($1::text[])',
      values: [urls.map((url) => hash('sha256', url))],
    });
  },
};
