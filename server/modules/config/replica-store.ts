import { respondersAudience } from '#server/contract/audience.ts';
import type { ConfigKind, ConfigOf } from '#server/contract/config.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { toPublic, withoutAddresses } from '#server/modules/config/public.ts';
import { documentColumns, type DocumentRow, toStoredRow } from '#server/modules/config/store.ts';

/** Snapshot reader of one kind. Of what is over, the last five weeks. */
export function readConfigForReplica(kind: ConfigKind) {
  return async (
    sql: SqlReader,
    actor: { userId: string; teamIds: readonly string[] },
    after: string | null,
    limit: number,
    at: string,
  ): Promise<{ id: string; version: number; body: unknown }[]> => {
    const rows = await sql.query<DocumentRow>({
      name: 'config-replica',
      text: `SELECT ${documentColumns} FROM config_document d
             WHERE d.kind = $1 AND ($2::uuid IS NULL OR d.id > $2)
               AND coalesce(d.body->>'endsAt', d.body->'give'->>'endsAt', 'z') >
                 to_char($4::timestamptz - interval '35 days', 'YYYY-MM-DD"T"HH24:MI:SS')
             ORDER BY d.id LIMIT $3`,
      values: [kind, after, limit, at],
    });
    const seesAddresses = actor.teamIds.includes(respondersAudience);
    return rows.map(toStoredRow).map(({ document, rowVersion }) => {
      const body = toPublic(document, rowVersion);
      const masked = kind === 'responder' && !seesAddresses && document.id !== actor.userId;
      return {
        id: document.id,
        version: rowVersion,
        body: masked ? withoutAddresses(body as ConfigOf<'responder'>) : body,
      };
    });
  };
}
