import type { SqlReader } from '#server/database/transaction.ts';

/** Beside the settings of the center, under a name that none of them has. */
export const startsName = 'feed-starts';
/** Who was away for more starts than this takes a fresh copy for its age alone. */
const keptStarts = 100;

interface StartPlace {
  at: string;
  /** Every place that was handed out until then is below it. */
  xid: string;
}

/**
 * Asked before anything is written, a new schema included: what a restored backup has lost may lie in the very next
 * places.
 */
export async function startPlace(database: SqlReader, at: string): Promise<StartPlace> {
  const [row] = await database.query<{ xmin: string }>({
    name: 'feed-start-place',
    text: 'SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin',
  });
  return { at, xid: row?.xmin ?? '0' };
}

export async function rememberStart(database: SqlReader, { at, xid }: StartPlace): Promise<void> {
  await database.query({
    name: 'feed-start',
    text: `INSERT INTO setting (name, value, updated_at)
           SELECT $1, jsonb_build_array(jsonb_build_object('at', $2::text,
             'xid', $5::text, 'cluster', $4::text || ' ' || 'feed'::regclass::oid)), $2::timestamptz
           ON CONFLICT (name) DO UPDATE SET updated_at = EXCLUDED.updated_at, value = (
             SELECT jsonb_agg(start ORDER BY place)
             FROM jsonb_array_elements(setting.value || EXCLUDED.value) WITH ORDINALITY AS kept (start, place)
             WHERE place > jsonb_array_length(setting.value) + 1 - $3)`,
    values: [startsName, at, keptStarts, await clusterOf(database), xid],
  });
}

/** Empty where this database tells nobody: no reason for a start to fail. */
async function clusterOf(database: SqlReader): Promise<string> {
  const asked = database.query<{ id: string }>({
    name: 'feed-cluster',
    text: 'SELECT system_identifier::text AS id FROM pg_control_system()',
  });
  return asked.then(
    ([row]) => row?.id ?? '',
    () => '',
  );
}
