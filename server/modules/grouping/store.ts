import { createHash } from 'node:crypto';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { appendToFeed, firstVersion } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { RuleStore } from '#server/modules/grouping/state.ts';

export interface EditableRuleStore extends RuleStore {
  lockAll(tx: Tx): Promise<GroupingRule[]>;
  firstVersion(tx: Tx, id: string): Promise<number>;
  /** Inserts new ones, updates the others, and writes their feed rows. */
  save(tx: Tx, at: string, rules: GroupingRule[]): Promise<void>;
  remove(tx: Tx, at: string, rule: GroupingRule): Promise<void>;
}

// Groups share this many advisory locks, so that a batch with many groups cannot fill the database's lock table.
const lockBuckets = 256;
const lockSpace = 0x67_72_70;

const columns = `r.id, r.version, r.position, r.built_in AS "builtIn", r.name, r.enabled, r.condition, r.keys,
  r.window_seconds AS "windowSeconds", r.minimum_count AS "minimumCount", r.title_template AS "titleTemplate",
  r.severity_map AS "severityMap", r.resolve_policy AS "resolvePolicy", r.reopen_seconds AS "reopenSeconds",
  r.topology, r.updated_by AS "updatedBy", r.updated_at AS "updatedAt"`;

export const ruleStore: EditableRuleStore = {
  async list(tx) {
    const { rows } = await tx.query<GroupingRule>({
      name: 'rule-list',
      text: `SELECT ${columns} FROM grouping_rule r ORDER BY r.built_in, r.position, r.id`,
    });
    return rows;
  },

  async lockGroups(tx, groupKeys) {
    if (groupKeys.length === 0) return;
    const buckets = [...new Set(groupKeys.map(bucketOf))].sort((a, b) => a - b);
    await tx.query({
      name: 'group-locks',
      text: 'SELECT pg_advisory_xact_lock($1, bucket) FROM unnest($2::int[]) AS bucket',
      values: [lockSpace, buckets],
    });
  },

  async lockAll(tx) {
    // A new rule takes no row that another writer holds, so the table itself is what two editors meet at.
    await tx.query('LOCK TABLE grouping_rule IN SHARE ROW EXCLUSIVE MODE');
    return ruleStore.list(tx);
  },

  firstVersion: (tx, id) => firstVersion(tx, 'rule', id),

  async save(tx, at, rules) {
    if (rules.length === 0) return;
    await tx.query({
      name: 'rule-save',
      text: `INSERT INTO grouping_rule AS t (id, version, position, built_in, name, enabled, condition, keys, window_seconds,
               minimum_count, title_template, severity_map, resolve_policy, reopen_seconds, topology, updated_by, updated_at)
             SELECT r.id, r.version, r.position, r."builtIn", r.name, r.enabled, r.condition, r.keys, r."windowSeconds",
               r."minimumCount", r."titleTemplate", r."severityMap", r."resolvePolicy", r."reopenSeconds",
               nullif(r.topology, 'null'::jsonb), r."updatedBy", r."updatedAt"
             FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, version bigint, position int, "builtIn" boolean, name text,
               enabled boolean, condition text, keys text[], "windowSeconds" int, "minimumCount" int, "titleTemplate" text,
               "severityMap" jsonb, "resolvePolicy" text, "reopenSeconds" int, topology jsonb, "updatedBy" uuid, "updatedAt" timestamptz)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, position = excluded.position, name = excluded.name,
               enabled = excluded.enabled, condition = excluded.condition, keys = excluded.keys,
               window_seconds = excluded.window_seconds, minimum_count = excluded.minimum_count,
               title_template = excluded.title_template, severity_map = excluded.severity_map,
               resolve_policy = excluded.resolve_policy, reopen_seconds = excluded.reopen_seconds, topology = excluded.topology,
               updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
      values: [JSON.stringify(rules)],
    });
    await appendToFeed(
      tx,
      at,
      rules.map((rule) => ({
        entity: 'rule',
        op: 'put',
        id: rule.id,
        version: rule.version,
        body: rule,
        audience: null,
      })),
    );
  },

  async remove(tx, at, rule) {
    await tx.query('DELETE FROM grouping_rule WHERE id = $1', [rule.id]);
    await appendToFeed(tx, at, [
      { entity: 'rule', op: 'delete', id: rule.id, version: rule.version + 1, body: null, audience: null },
    ]);
  },
};

export async function readRulesForReplica(
  sql: SqlReader,
  _actor: unknown,
  after: string | null,
  limit: number,
): Promise<{ id: string; version: number; body: GroupingRule }[]> {
  const rows = await sql.query<GroupingRule>({
    name: 'rule-replica',
    text: `SELECT ${columns} FROM grouping_rule r WHERE $1::uuid IS NULL OR r.id > $1 ORDER BY r.id LIMIT $2`,
    values: [after, limit],
  });
  return rows.map((rule) => ({ id: rule.id, version: rule.version, body: rule }));
}

function bucketOf(groupKey: string): number {
  return createHash('sha256').update(groupKey).digest().readUInt32LE(0) % lockBuckets;
}
