import { respondersAudience } from '#server/contract/audience.ts';
import type { ConfigKind } from '#server/contract/config.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { maskedDocument, toPublic } from '#server/modules/config/public.ts';
import { documentColumns, type DocumentRow, type StoredRow, toStoredRow } from '#server/modules/config/store.ts';

/** Snapshot reader of one kind. Of what is over, the last five weeks. */
export function readConfigForReplica(kind: ConfigKind) {
  return async (
    sql: SqlReader,
    actor: { userId: string; teamIds: readonly string[] },
    after: string | null,
    limit: number,
    at: string,
  ): Promise<{ id: string; version: number; body: unknown }[]> => {
    const read = (from: string | null, count: number) =>
      sql.query<DocumentRow>({
        name: 'config-replica',
        text: `SELECT ${documentColumns} FROM config_document d
             WHERE d.kind = $1 AND ($2::uuid IS NULL OR d.id > $2)
               AND coalesce(d.body->>'endsAt', d.body->'give'->>'endsAt', 'z') >
                 to_char($4::timestamptz - interval '35 days', 'YYYY-MM-DD"T"HH24:MI:SS')
             ORDER BY d.id LIMIT $3`,
        values: [kind, from, count, at],
      });
    const rows = await readable(read, after, limit);
    const seesAddresses = actor.teamIds.includes(respondersAudience);
    return rows.map(({ document, rowVersion }) => {
      const body = toPublic(document, rowVersion);
      const masked = !seesAddresses && (kind !== 'responder' || document.id !== actor.userId);
      return {
        id: document.id,
        version: rowVersion,
        body: masked ? maskedDocument(kind, body) : body,
      };
    });
  };
}

/** Goes on past what cannot be read: fewer than `limit` means that there are no more. */
async function readable(
  read: (after: string | null, limit: number) => Promise<DocumentRow[]>,
  after: string | null,
  limit: number,
): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for (let from = after; ;) {
    const wanted = limit - found.length;
    const rows = await read(from, wanted);
    found.push(...rows.map(toStoredRow).filter((row) => row.unreadable === null));
    const last = rows.at(-1);
    if (last === undefined || rows.length < wanted || found.length === limit) return found;
    from = last.id;
  }
}
