import { AppError } from '#server/api/app-error.ts';
import type { PermissionRole, Team, User } from '#server/contract/people.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { sessionStore } from '#server/modules/auth/session-store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface People {
  users(after: string | null, limit: number): Promise<User[]>;
  teams(after: string | null, limit: number): Promise<Team[]>;
  createUser(wish: { login: string; name: string; role: PermissionRole; teamIds: readonly string[] }): Promise<User>;
  updateUser(id: string, change: { name?: string; role?: PermissionRole }): Promise<User>;
  setDisabled(id: string, disabled: boolean): Promise<User>;
  createTeam(name: string): Promise<Team>;
  renameTeam(id: string, name: string): Promise<Team>;
  deleteTeam(id: string): Promise<void>;
  setMembers(id: string, userIds: readonly string[]): Promise<Team>;
  user(id: string): Promise<User>;
}

export function createPeople(deps: {
  database: SqlReader & Transactor;
  clock: Clock;
  random: Random;
  /** Things only this team may see: without it nobody could. A count that is asked inside the deleting transaction. */
  countRestrictedTo: (tx: Tx, teamId: string) => Promise<number>;
  /** Called after somebody's rights changed. */
  changed: () => void;
}): People {
  const { database } = deps;
  const nowText = () => new Date(deps.clock.now()).toISOString();

  async function change<T>(work: (tx: Tx, at: string) => Promise<T>): Promise<T> {
    const result = await database.withTransaction((tx) => work(tx, nowText()));
    deps.changed();
    return result;
  }

  async function existing(tx: Tx, id: string): Promise<User> {
    return known(await peopleStore.user(tx, id));
  }

  async function existingTeam(tx: Tx, id: string): Promise<Team> {
    const team = await peopleStore.lockTeam(tx, id);
    if (team === null) throw new AppError('not-found', 'There is no such team. Somebody may have deleted it.');
    return team;
  }

  async function keepOneAdmin(tx: Tx, user: User): Promise<void> {
    if (user.role !== 'admin' || user.disabled) return;
    if ((await peopleStore.otherAdmins(tx, user.id)) === 0) {
      throw new AppError('conflict', `${user.name} is the last administrator. Make somebody else one first.`, {
        current: user,
      });
    }
  }

  async function join(
    tx: Tx,
    at: string,
    teamId: string,
    added: readonly string[],
    removed: readonly string[],
  ): Promise<void> {
    const moved = [...added, ...removed];
    if (moved.length === 0) return;
    await peopleStore.changeMembers(tx, teamId, added, removed);
    await peopleStore.touchUsers(tx, moved);
    await peopleStore.publishUsers(tx, at, moved);
    await peopleStore.publishTeam(tx, at, teamId);
    await peopleStore.publishResets(tx, at, moved);
  }

  async function teamNameTaken(tx: Tx, name: string, by: string | null): Promise<void> {
    const holder = await peopleStore.teamNamed(tx, name);
    if (holder !== null && holder !== by)
      throw new AppError('conflict', `There is a team named ${name} already. Choose another name.`);
  }

  return {
    async users(after, limit) {
      return (await peopleStore.readUsers(database, null, after, limit)).map((row) => row.body as User);
    },
    async teams(after, limit) {
      return (await peopleStore.readTeams(database, null, after, limit)).map((row) => row.body as Team);
    },
    user: async (id) => known(await peopleStore.user(database, id)),

    createUser: (wish) =>
      change(async (tx, at) => {
        const id = deps.random.uuid();
        if (!(await peopleStore.insertUser(tx, { id, login: wish.login, name: wish.name, role: wish.role, at }))) {
          throw new AppError('conflict', `The login name ${wish.login} is taken. Choose another.`);
        }
        await peopleStore.publishUsers(tx, at, [id]);
        for (const teamId of wish.teamIds) {
          await existingTeam(tx, teamId);
          await join(tx, at, teamId, [id], []);
        }
        return existing(tx, id);
      }),

    updateUser: (id, wish) =>
      change(async (tx, at) => {
        await peopleStore.lockPeople(tx);
        const user = await existing(tx, id);
        if (wish.role !== undefined && wish.role !== 'admin') await keepOneAdmin(tx, user);
        await peopleStore.updateUser(tx, id, wish);
        await peopleStore.publishUsers(tx, at, [id]);
        return existing(tx, id);
      }),

    setDisabled: (id, disabled) =>
      change(async (tx, at) => {
        await peopleStore.lockPeople(tx);
        const user = await existing(tx, id);
        if (user.disabled === disabled) return user;
        if (disabled) {
          await keepOneAdmin(tx, user);
          await sessionStore.revokeAll(tx, id, at, 'the account was disabled', null);
          await sessionStore.dropLinks(tx, id, at);
        }
        await peopleStore.updateUser(tx, id, { disabled });
        await peopleStore.publishUsers(tx, at, [id]);
        return existing(tx, id);
      }),

    createTeam: (name) =>
      change(async (tx, at) => {
        await teamNameTaken(tx, name, null);
        const id = deps.random.uuid();
        await peopleStore.insertTeam(tx, { id, name });
        await peopleStore.publishTeam(tx, at, id);
        return existingTeam(tx, id);
      }),

    renameTeam: (id, name) =>
      change(async (tx, at) => {
        await existingTeam(tx, id);
        await teamNameTaken(tx, name, id);
        await peopleStore.renameTeam(tx, id, name);
        await peopleStore.publishTeam(tx, at, id);
        return existingTeam(tx, id);
      }),

    deleteTeam: (id) =>
      change(async (tx, at) => {
        const team = await existingTeam(tx, id);
        const count = await deps.countRestrictedTo(tx, id);
        if (count > 0) {
          const what = count === 1 ? 'One incident is' : `${count} incidents are`;
          throw new AppError(
            'conflict',
            `${what} restricted to ${team.name}; without the team nobody could see them. Lift the restriction first.`,
            {
              current: team,
            },
          );
        }
        const members = await peopleStore.members(tx, id);
        await join(tx, at, id, [], members);
        const last = await existingTeam(tx, id);
        await peopleStore.deleteTeam(tx, id);
        await peopleStore.publishTeamGone(tx, at, last);
      }),

    setMembers: (id, userIds) =>
      change(async (tx, at) => {
        await existingTeam(tx, id);
        const wanted = new Set(userIds);
        if ((await peopleStore.existingUsers(tx, [...wanted])).length !== wanted.size) {
          throw new AppError('invalid', 'One of these people does not exist. Open the list again and choose anew.');
        }
        const members = await peopleStore.members(tx, id);
        const added = [...wanted].filter((userId) => !members.includes(userId));
        const removed = members.filter((userId) => !wanted.has(userId));
        await join(tx, at, id, added, removed);
        return existingTeam(tx, id);
      }),
  };
}

function known(user: User | null): User {
  if (user === null)
    throw new AppError('not-found', 'There is no such person. The list may be out of date; open it again.');
  return user;
}
