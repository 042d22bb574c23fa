// S11: after a new master key was put first, one call seals every secret with it, and the old key can go.
import { expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createCallerFactory } from '#server/api/trpc.ts';
import { createConfigRouter } from '#server/modules/config/router.ts';
import { masterKey } from '#server/secrets/envelope.ts';
import { secretStore } from '#server/secrets/secret-store.ts';
import { createSecrets } from '#server/secrets/secrets.ts';
import { createConfigWorld } from '#server/testkit/config.ts';
import { anActor } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const database = await testDatabase();
const clock = createSystemClock();
const random = createSystemRandom(clock);

test('a rotation of the master key ends with one call of an admin', async () => {
  const [old, fresh] = [masterKey(Buffer.from(random.bytes(32))), masterKey(Buffer.from(random.bytes(32)))];
  const channel = random.uuid();
  const before = createSecrets({ keys: [old], random });
  await database.withTransaction((tx) => before.sealAll(tx, 'channel', channel, { token: 'xoxb-1', signing: 's' }));

  const both = createSecrets({ keys: [fresh, old], random });
  const { service } = await createConfigWorld({
    database,
    clock,
    random,
    resealSecrets: () => both.reencryptAll(database),
  });
  const callAs = (role: 'manager' | 'admin') =>
    createCallerFactory(createConfigRouter(service))({
      actor: anActor({ role }),
      ip: '127.0.0.1',
      traceId: 't',
      idempotencyKey: null,
    });
  await expect(callAs('manager').rekey()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await callAs('admin').rekey()).toEqual({ resealed: 2 });
  expect(await callAs('admin').rekey()).toEqual({ resealed: 0 });

  expect(await secretStore.keysInUse(database)).toEqual([{ keyId: fresh.id, count: 2 }]);
  const after = createSecrets({ keys: [fresh], random });
  expect(await after.open(database, 'channel', channel)).toEqual({ token: 'xoxb-1', signing: 's' });
  await expect(before.open(database, 'channel', channel)).rejects.toThrow('does not have');
});
