// People and teams at once, for what names them by the hundred: schedules, policies, files.
import type { PermissionRole } from '#server/contract/people.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';

export interface DirectoryPerson {
  id: string;
  name: string;
  login: string;
  role: PermissionRole;
  disabled: boolean;
  teamIds: readonly string[];
}
export interface Directory {
  users: ReadonlyMap<string, DirectoryPerson>;
  teams: ReadonlyMap<string, { id: string; name: string }>;
}

export const directoryStore = {
  async read(sql: SqlReader | Tx): Promise<Directory> {
    const users = await rows<DirectoryPerson>(sql, {
      name: 'directory-users',
      text: `SELECT u.id, u.name, u.login, u.role, u.disabled,
               coalesce((SELECT array_agg(m.team_id::text ORDER BY m.team_id) FROM team_member m WHERE m.user_id = u.id), '{}') AS "teamIds"
             FROM user_account u ORDER BY u.id`,
    });
    const teams = await rows<{ id: string; name: string }>(sql, {
      name: 'directory-teams',
      text: 'SELECT id, name FROM team ORDER BY id',
    });
    return {
      users: new Map(users.map((user) => [user.id, user])),
      teams: new Map(teams.map((team) => [team.id, team])),
    };
  },

  /** False when the login name is taken. The person signs in by a link that an administrator makes. */
  async addUser(
    tx: Tx,
    at: string,
    user: { id: string; login: string; name: string; role: PermissionRole },
  ): Promise<boolean> {
    if (!(await peopleStore.insertUser(tx, { ...user, at }))) return false;
    await peopleStore.publishUsers(tx, at, [user.id]);
    return true;
  },

  async addTeam(tx: Tx, at: string, team: { id: string; name: string }): Promise<boolean> {
    if (!(await peopleStore.insertTeam(tx, team))) return false;
    await peopleStore.publishTeam(tx, at, team.id);
    return true;
  },

  async addMembers(tx: Tx, at: string, teamId: string, userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    await peopleStore.changeMembers(tx, teamId, userIds, []);
    await peopleStore.touchUsers(tx, userIds);
    await peopleStore.publishUsers(tx, at, userIds);
    await peopleStore.publishTeam(tx, at, teamId);
    await peopleStore.publishResets(tx, at, userIds);
  },
};

async function rows<R>(sql: SqlReader | Tx, query: { name: string; text: string }): Promise<R[]> {
  const answer: unknown = await (sql as { query(query: unknown): Promise<unknown> }).query(query);
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as R[];
}
