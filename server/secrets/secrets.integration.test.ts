import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import type { Database } from '#server/database/pool.ts';
import { masterKey, SecretError } from '#server/secrets/envelope.ts';
import { secretStore } from '#server/secrets/secret-store.ts';
import { createSecrets } from '#server/secrets/secrets.ts';
import { testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const random = createSystemRandom(createSystemClock());
const newKey = () => masterKey(Buffer.from(random.bytes(32)));
const [slack, twilio] = [testId(1), testId(2)];

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  await database.query('TRUNCATE secret');
});

describe('secrets in the database', () => {
  it('are kept, changed and taken away by name', async () => {
    const secrets = createSecrets({ keys: [newKey()], random });
    const put = (fields: Record<string, string | null>) =>
      database.withTransaction((tx) => secrets.sealAll(tx, 'channel', slack, fields));
    expect(await put({ botToken: 'xoxb-1', signingSecret: 's' })).toEqual(['botToken', 'signingSecret']);
    expect(await put({ botToken: 'xoxb-2', signingSecret: null })).toEqual(['botToken']);
    expect(await secrets.open(database, 'channel', slack)).toEqual({ botToken: 'xoxb-2' });
    expect(await secrets.open(database, 'channel', twilio)).toEqual({});
    expect(await database.withTransaction((tx) => secrets.open(tx, 'channel', slack))).toEqual({ botToken: 'xoxb-2' });
    await database.withTransaction((tx) => secrets.removeAll(tx, 'channel', slack));
    expect(await secrets.open(database, 'channel', slack)).toEqual({});
  });

  it.each([
    ['another row', 'owner_id = $2', testId(2)],
    ['another field', 'name = $2', 'signingSecret'],
    ['another kind', 'owner_kind = $2', 'monitor'],
  ])('do not open after they were moved to %s', async (_what, change, value) => {
    const secrets = createSecrets({ keys: [newKey()], random });
    await database.withTransaction((tx) => secrets.seal(tx, 'channel', slack, 'botToken', 'xoxb-1'));
    await database.query(`UPDATE secret SET ${change} WHERE owner_id = $1`, [slack, value]);
    const [moved] = await database.query<{ kind: string; id: string }>(
      'SELECT owner_kind AS kind, owner_id AS id FROM secret',
    );
    await expect(secrets.open(database, moved?.kind ?? '', moved?.id ?? '')).rejects.toThrow(SecretError);
  });

  it('move from an old key to a new one while both are there, and then need the new one only', async () => {
    const [old, next] = [newKey(), newKey()];
    const before = createSecrets({ keys: [old], random });
    const count = 450;
    await database.withTransaction(async (tx) => {
      for (let i = 0; i < count; i += 1) await before.seal(tx, 'channel', testId(1_000 + i), 'token', `secret ${i}`);
    });
    const only = createSecrets({ keys: [next], random });
    await expect(only.open(database, 'channel', testId(1_000))).rejects.toThrow(
      new RegExp(`key ${old.id}.*TOCSIN_SECRET_KEY`),
    );

    const both = createSecrets({ keys: [next, old], random });
    expect(await both.open(database, 'channel', testId(1_007))).toEqual({ token: 'secret 7' });
    await database.withTransaction((tx) => both.seal(tx, 'channel', testId(1_001), 'token', 'changed meanwhile'));
    expect(await both.reencryptAll(database)).toBe(count - 1);
    expect(await both.reencryptAll(database)).toBe(0);

    expect(await secretStore.keysInUse(database)).toEqual([{ keyId: next.id, count }]);
    for (const i of [0, 199, 200, 449])
      expect(await only.open(database, 'channel', testId(1_000 + i))).toEqual({ token: `secret ${i}` });
    expect(await only.open(database, 'channel', testId(1_001))).toEqual({ token: 'changed meanwhile' });
    await expect(before.open(database, 'channel', testId(1_000))).rejects.toThrow(SecretError);
  });

  it('cannot be found in a dump of any table, in any spelling', async () => {
    const secrets = createSecrets({ keys: [newKey()], random });
    const canaries = Array.from(
      { length: 20 },
      (_, i) => `canary-${i}-${Buffer.from(random.bytes(12)).toString('hex')}`,
    );
    await database.withTransaction(async (tx) => {
      for (const [i, canary] of canaries.entries()) await secrets.seal(tx, 'channel', testId(i), 'token', canary);
    });
    const tables = await database.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(30);
    let dump = '';
    for (const { name } of tables)
      dump += (await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`))
        .map(({ row }) => row)
        .join('\n');
    expect(dump.length).toBeGreaterThan(2_000);
    for (const canary of canaries)
      for (const encoding of ['utf8', 'hex', 'base64', 'base64url', 'utf16le'] as const)
        expect(dump.toLowerCase()).not.toContain(
          Buffer.from(canary).toString(encoding).replace(/=+$/, '').slice(0, -1).toLowerCase(),
        );
  });

  it('are not told by the errors about them', async () => {
    const secrets = createSecrets({ keys: [newKey()], random });
    await database.withTransaction((tx) => secrets.seal(tx, 'channel', slack, 'token', 'canary-in-error'));
    await database.query('UPDATE secret SET sealed = set_byte(sealed, 80, 1 - get_byte(sealed, 80) % 2)');
    const error: unknown = await secrets.open(database, 'channel', slack).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/“token” of this channel cannot be opened/);
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('canary-in-error');
  });
});
