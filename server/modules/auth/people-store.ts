import type { PermissionRole, Team, User } from '#server/contract/people.ts';
import { appendToFeed } from '#server/database/feed.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

/** A reader of a snapshot, as modules/replica wires it. People and teams are visible to everyone who is signed in. */
type ReadPage = (
  sql: SqlReader,
  actor: unknown,
  after: string | null,
  limit: number,
) => Promise<{ id: string; version: number; body: unknown }[]>;

const userColumns = `u.id, u.version, u.login, u.name, u.role, u.disabled,
  coalesce((SELECT array_agg(m.team_id::text ORDER BY m.team_id) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"`;
const teamColumns = `t.id, t.version, t.name,
  (SELECT count(*)::int FROM team_member m WHERE m.team_id = t.id) AS "memberCount"`;
/** A pool or a transaction: the one answers rows, the other a result that holds them. */
type Asked = { query(text: string, values: unknown[]): Promise<unknown> };

export const peopleStore = {
  async insertUser(
    tx: Tx,
    user: { id: string; login: string; name: string; role: PermissionRole; at: string },
  ): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO user_account (id, login, name, role, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (login) DO NOTHING`,
      [user.id, user.login, user.name, user.role, user.at],
    );
    return rowCount === 1;
  },

  async hasUsers(tx: Tx): Promise<boolean> {
    return (await tx.query('SELECT 1 FROM user_account LIMIT 1')).rows.length > 0;
  },

  /** Serialises what must not happen twice at once: the first start, and taking away the last administrator. */
  async lockPeople(tx: Tx): Promise<void> {
    await tx.query('LOCK TABLE user_account IN SHARE ROW EXCLUSIVE MODE');
  },

  async user(sql: SqlReader | Tx, id: string): Promise<User | null> {
    return (await peopleStore.read(sql, [id]))[0] ?? null;
  },

  async userByLogin(
    sql: SqlReader,
    login: string,
  ): Promise<{ id: string; passwordHash: string | null; disabled: boolean } | null> {
    return first(
      await sql.query(`SELECT id, password_hash AS "passwordHash", disabled FROM user_account WHERE login = $1`, [
        login,
      ]),
    );
  },

  async oldestAdmin(sql: SqlReader): Promise<string | null> {
    const found = first<{ id: string }>(
      await sql.query(
        `SELECT id FROM user_account WHERE role = 'admin' AND NOT disabled ORDER BY created_at, id LIMIT 1`,
      ),
    );
    return found?.id ?? null;
  },

  async otherAdmins(tx: Tx, id: string): Promise<number> {
    const { rows } = await tx.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM user_account WHERE role = 'admin' AND NOT disabled AND id <> $1`,
      [id],
    );
    return rows[0]?.n ?? 0;
  },

  async updateUser(
    tx: Tx,
    id: string,
    change: { name?: string; role?: PermissionRole; disabled?: boolean },
  ): Promise<void> {
    await tx.query(
      `UPDATE user_account SET version = version + 1, name = coalesce($2, name), role = coalesce($3, role),
         disabled = coalesce($4, disabled) WHERE id = $1`,
      [id, change.name ?? null, change.role ?? null, change.disabled ?? null],
    );
  },

  async passwordHash(sql: SqlReader, id: string): Promise<string | null> {
    const found = first<{ hash: string | null }>(
      await sql.query('SELECT password_hash AS hash FROM user_account WHERE id = $1', [id]),
    );
    return found?.hash ?? null;
  },

  async setPassword(tx: Tx, id: string, hash: string): Promise<void> {
    await tx.query('UPDATE user_account SET password_hash = $2 WHERE id = $1', [id, hash]);
  },

  async insertTeam(tx: Tx, team: { id: string; name: string }): Promise<boolean> {
    const { rowCount } = await tx.query('INSERT INTO team (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
      team.id,
      team.name,
    ]);
    return rowCount === 1;
  },

  async lockTeam(tx: Tx, id: string): Promise<Team | null> {
    await tx.query('SELECT 1 FROM team WHERE id = $1 FOR UPDATE', [id]);
    return first(await tx.query(`SELECT ${teamColumns} FROM team t WHERE t.id = $1`, [id]));
  },

  async teamNamed(tx: Tx, name: string): Promise<string | null> {
    return first<{ id: string }>(await tx.query('SELECT id FROM team WHERE name = $1', [name]))?.id ?? null;
  },

  async renameTeam(tx: Tx, id: string, name: string): Promise<void> {
    await tx.query('UPDATE team SET name = $2, version = version + 1 WHERE id = $1', [id, name]);
  },

  async deleteTeam(tx: Tx, id: string): Promise<void> {
    await tx.query('DELETE FROM team WHERE id = $1', [id]);
  },

  async members(tx: Tx, teamId: string): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(
      'SELECT user_id AS id FROM team_member WHERE team_id = $1 ORDER BY user_id',
      [teamId],
    );
    return rows.map((row) => row.id);
  },

  async existingUsers(tx: Tx, ids: readonly string[]): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>('SELECT id FROM user_account WHERE id = ANY($1::uuid[])', [ids]);
    return rows.map((row) => row.id);
  },

  /** Names, rights and teams of people, for modules that act on their behalf. */
  async read(sql: SqlReader | Tx, ids: readonly string[]): Promise<User[]> {
    return rowsOf<User>(
      await (sql as Asked).query(`SELECT ${userColumns} FROM user_account u WHERE u.id = ANY($1::uuid[])`, [ids]),
    );
  },

  async changeMembers(tx: Tx, teamId: string, added: readonly string[], removed: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM team_member WHERE team_id = $1 AND user_id = ANY($2::uuid[])', [teamId, removed]);
    await tx.query('INSERT INTO team_member (team_id, user_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING', [
      teamId,
      added,
    ]);
    await tx.query('UPDATE team SET version = version + 1 WHERE id = $1', [teamId]);
  },

  async touchUsers(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query('UPDATE user_account SET version = version + 1 WHERE id = ANY($1::uuid[])', [ids]);
  },

  async publishUsers(tx: Tx, at: string, ids: readonly string[]): Promise<void> {
    const { rows } = await tx.query<User>(
      `SELECT ${userColumns} FROM user_account u WHERE u.id = ANY($1::uuid[]) ORDER BY u.id`,
      [ids],
    );
    await appendToFeed(
      tx,
      at,
      rows.map((user) => ({
        entity: 'user',
        op: 'put',
        id: user.id,
        version: user.version,
        body: user,
        audience: null,
      })),
    );
  },

  async publishTeam(tx: Tx, at: string, id: string): Promise<void> {
    const team = first<Team>(await tx.query(`SELECT ${teamColumns} FROM team t WHERE t.id = $1`, [id]));
    if (team === null) return;
    await appendToFeed(tx, at, [{ entity: 'team', op: 'put', id, version: team.version, body: team, audience: null }]);
  },

  async publishTeamGone(tx: Tx, at: string, team: Team): Promise<void> {
    await appendToFeed(tx, at, [
      { entity: 'team', op: 'delete', id: team.id, version: team.version + 1, body: null, audience: null },
    ]);
  },

  /** What a user may see has changed at once: their replicas start over. */
  async publishResets(tx: Tx, at: string, userIds: readonly string[]): Promise<void> {
    await appendToFeed(
      tx,
      at,
      userIds.map((id) => ({ entity: 'session', op: 'reset', id, version: 0, body: null, audience: null, userId: id })),
    );
  },

  readUsers: (async (sql, _actor, after, limit) => {
    const users = await sql.query<User>(
      `SELECT ${userColumns} FROM user_account u WHERE ($1::uuid IS NULL OR u.id > $1) ORDER BY u.id LIMIT $2`,
      [after, limit],
    );
    return users.map((user) => ({ id: user.id, version: user.version, body: user }));
  }) satisfies ReadPage,

  readTeams: (async (sql, _actor, after, limit) => {
    const teams = await sql.query<Team>(
      `SELECT ${teamColumns} FROM team t WHERE ($1::uuid IS NULL OR t.id > $1) ORDER BY t.id LIMIT $2`,
      [after, limit],
    );
    return teams.map((team) => ({ id: team.id, version: team.version, body: team }));
  }) satisfies ReadPage,
};

function first<T>(answer: unknown): T | null {
  return rowsOf<T>(answer)[0] ?? null;
}

function rowsOf<T>(answer: unknown): T[] {
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as T[];
}
