import { expect, it } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import { type PreferenceSetting, valuesOf } from '#server/contract/preference.ts';
import { createPreferenceIntents } from '#server/modules/preferences/intents.ts';
import { preferenceStore, readPreferencesForReplica } from '#server/modules/preferences/store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
const clock = createFakeClock(Date.UTC(2026, 0, 1));
const random = createSeededRandom(6, clock);
const at = (minute: number) => new Date(clock.now() + minute * 60_000).toISOString();
const intents = createPreferenceIntents({ preferences: preferenceStore });
const someone = () => anActor({ userId: random.uuid(), role: 'viewer' });

const set = (actor: Actor, setting: PreferenceSetting, minute: number, userId = actor.userId) =>
  database.withTransaction((tx) =>
    intents['preference.set'](tx, {
      ...anIntent({ kind: 'preference.set', userId, setting }, { at: at(60), random, actor }),
      actedAt: at(minute),
    }),
  );
const heldBy = async (actor: Actor) => (await readPreferencesForReplica(database, actor, null)).map(({ body }) => body);
const keysFor = (command: string, keys: string | null): PreferenceSetting => ({
  name: 'keys',
  command,
  choice: { keys },
});

it('two devices set different things and both stand; of two choices about one thing the later made stands', async () => {
  const ada = someone();
  await set(ada, keysFor('acknowledge', 'q'), 10);
  // Made earlier on a device without a network, sent later.
  expect(await set(ada, keysFor('acknowledge', 'w'), 5)).toMatchObject({ outcome: 'noop' });
  expect(await set(ada, keysFor('escalate', null), 5)).toEqual({ outcome: 'applied', version: 2 });
  await set(ada, { name: 'single-keys', on: false }, 5);
  const [held] = await heldBy(ada);
  expect(valuesOf(held)).toMatchObject({ keymap: { acknowledge: 'q', escalate: null }, singleKeys: false, pins: [] });
  await set(ada, { name: 'keys', command: 'acknowledge', choice: null }, 20);
  expect(valuesOf((await heldBy(ada))[0]).keymap).toEqual({ escalate: null });
});

it('a preference is seen by nobody else, and set by nobody else', async () => {
  const [ada, ben] = [someone(), someone()];
  await set(ada, { name: 'pins', incidentIds: [random.uuid()] }, 1);
  expect(await heldBy(ben)).toEqual([]);
  expect(await set(ben, { name: 'single-keys', on: false }, 2, ada.userId)).toMatchObject({
    outcome: 'rejected',
    code: 'forbidden',
  });
  expect(await database.query('SELECT op, user_id, audience FROM feed WHERE id = $1', [ada.userId])).toEqual([
    { op: 'put', user_id: ada.userId, audience: null },
  ]);
});

it('two devices at once lose nothing', async () => {
  const ada = someone();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(names.map((name) => set(ada, keysFor(name, 'q'), 1)));
  const [held] = await heldBy(ada);
  expect(held?.version).toBe(names.length);
  expect(Object.keys(valuesOf(held).keymap).sort()).toEqual(names);
});
