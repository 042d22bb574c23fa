import { beforeAll, describe, expect, test } from 'vitest';
import { Team, User } from '#server/contract/people.ts';
import type { Database } from '#server/database/pool.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { createPeople } from '#server/modules/auth/people.ts';
import { startTestAuth, type TestAuth } from '#server/testkit/auth.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

let database: Database;
let it: TestAuth;

beforeAll(async () => {
  database = await testDatabase();
  it = await startTestAuth(database);
});

interface Row {
  entity: string;
  op: string;
  id: string;
  version: number;
  body: string | null;
  user_id: string | null;
}
const feedSince = (seq: number) =>
  database.query<Row & Record<string, unknown>>('SELECT * FROM feed WHERE seq > $1 ORDER BY seq', [seq]);
async function lastSeq(): Promise<number> {
  const [row] = await database.query<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM feed');
  return row?.seq ?? 0;
}

describe('the last administrator', () => {
  test('cannot be demoted or disabled', async () => {
    await expect(it.auth.people.updateUser(it.adminId, { role: 'manager' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(it.auth.people.setDisabled(it.adminId, true)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('administrators who are all demoted at once leave one', { timeout: 30_000 }, async () => {
    for (let round = 0; round < 5; round += 1) {
      const others = await Promise.all(Array.from({ length: 5 }, () => it.person('admin')));
      const ids = [it.adminId, ...others.map((other) => other.userId)];
      const demoted = await Promise.allSettled(ids.map((id) => it.auth.people.updateUser(id, { role: 'viewer' })));
      expect(demoted.filter((one) => one.status === 'rejected')).toHaveLength(1);
      expect(await database.query(`SELECT id FROM user_account WHERE role = 'admin' AND NOT disabled`)).toHaveLength(1);
      await it.auth.people.updateUser(it.adminId, { role: 'admin' });
      await Promise.all(others.map((other) => it.auth.people.updateUser(other.userId, { role: 'viewer' })));
    }
  });
});

describe('names', () => {
  test('a login name and a team name are given once', async () => {
    const wish = { login: 'grace', name: 'Grace', role: 'viewer', teamIds: [] } as const;
    const both = await Promise.allSettled([it.auth.people.createUser(wish), it.auth.people.createUser(wish)]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await it.auth.people.createTeam('Storage');
    await expect(it.auth.people.createTeam('Storage')).rejects.toMatchObject({ code: 'conflict' });
    const at = await Promise.allSettled(Array.from({ length: 5 }, () => it.auth.people.createTeam('Network')));
    expect(at.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the change feed', () => {
  test('carries a person and a team as the contract has them, with growing versions', async () => {
    const from = await lastSeq();
    const team = await it.auth.people.createTeam('Payments');
    const { userId } = await it.person('responder');
    await it.auth.people.setMembers(team.id, [userId]);
    await it.auth.people.renameTeam(team.id, 'Payments and billing');
    const rows = await feedSince(from);
    const users = rows.filter((row) => row.entity === 'user').map((row) => User.parse(JSON.parse(row.body ?? '')));
    const teams = rows.filter((row) => row.entity === 'team').map((row) => Team.parse(JSON.parse(row.body ?? '')));
    expect(users.at(-1)).toMatchObject({ id: userId, teamIds: [team.id] });
    expect(teams.at(-1)).toMatchObject({ id: team.id, name: 'Payments and billing', memberCount: 1 });
    expect(teams.map((one) => one.version)).toEqual([1, 2, 3]);
    expect(users.map((one) => one.version)).toEqual([1, 2]);
    const snapshot = await peopleStore.readTeams(database, null, null, 100);
    expect(snapshot.find((row) => row.id === team.id)?.body).toEqual(teams.at(-1));
  });

  test('whoever comes into a team or leaves it starts over; nobody else does', async () => {
    const [a, b, c] = await Promise.all([it.person('viewer'), it.person('viewer'), it.person('viewer')]);
    const team = await it.auth.people.createTeam('Search');
    await it.auth.people.setMembers(team.id, [a.userId, b.userId]);
    const from = await lastSeq();
    await it.auth.people.setMembers(team.id, [b.userId, c.userId]);
    const resets = (await feedSince(from)).filter((row) => row.op === 'reset').map((row) => row.user_id);
    expect(new Set(resets)).toEqual(new Set([a.userId, c.userId]));
    expect(resets).toHaveLength(2);
    const before = await lastSeq();
    await it.auth.people.setMembers(team.id, [c.userId, b.userId]);
    expect(await lastSeq()).toBe(before);
  });

  test('a deleted team is gone from its members, who start over', async () => {
    const { userId } = await it.person('viewer');
    const team = await it.auth.people.createTeam('Short-lived');
    await it.auth.people.setMembers(team.id, [userId]);
    const from = await lastSeq();
    await it.auth.people.deleteTeam(team.id);
    const rows = await feedSince(from);
    expect(rows.at(-1)).toMatchObject({ entity: 'team', op: 'delete', id: team.id });
    expect(rows.filter((row) => row.op === 'reset').map((row) => row.user_id)).toEqual([userId]);
    expect((await it.auth.people.user(userId)).teamIds).toEqual([]);
  });

  test('a team that incidents are restricted to is not deleted: nobody could see them any more', async () => {
    const guarded = createPeople({
      database,
      clock: it.clock,
      random: { uuid: () => '', number: () => 0, bytes: () => new Uint8Array() },
      countRestrictedTo: async () => 2,
      changed: () => {},
    });
    const team = await it.auth.people.createTeam('Holds secrets');
    await expect(guarded.deleteTeam(team.id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('2 incidents'),
    });
    expect((await it.auth.people.teams(null, 100)).some((one) => one.id === team.id)).toBe(true);
  });
});

test('lists page on without a gap', async () => {
  const all = await it.auth.people.users(null, 500);
  const first = await it.auth.people.users(null, 2);
  const rest = await it.auth.people.users(first.at(-1)?.id ?? null, 500);
  expect([...first, ...rest].map((user) => user.id)).toEqual(all.map((user) => user.id));
});
