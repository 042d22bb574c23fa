import { expect, it } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import { AlertFilter } from '#server/contract/view.ts';
import { createViewIntents } from '#server/modules/views/intents.ts';
import { readViewsForReplica, viewStore } from '#server/modules/views/store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
const clock = createFakeClock(Date.UTC(2026, 0, 1));
const random = createSeededRandom(5, clock);
const at = new Date(clock.now()).toISOString();
const intents = createViewIntents({ views: viewStore });
const filter = AlertFilter.parse({ severities: ['sev1'] });
const viewer = () => anActor({ userId: random.uuid(), role: 'viewer' });

const save = (actor: Actor, viewId: string, shared: boolean, name = 'Mine', baseVersion: number | null = null) =>
  database.withTransaction((tx) =>
    intents['view.save'](
      tx,
      anIntent({ kind: 'view.save', viewId, name, filter, shared }, { at, random, actor, baseVersion }),
    ),
  );
const remove = (actor: Actor, viewId: string) =>
  database.withTransaction((tx) =>
    intents['view.delete'](tx, anIntent({ kind: 'view.delete', viewId }, { at, random, actor })),
  );
const seenBy = async (actor: Actor) => (await readViewsForReplica(database, actor, null, 50)).map((row) => row.id);
const feedOf = (id: string) =>
  database.query('SELECT op, version, user_id FROM feed WHERE id = $1 ORDER BY xid, seq', [id]);

it('a view is its owner\u2019s until it is shared, and gone for others when it is not any more', async () => {
  const [ada, ben] = [viewer(), viewer()];
  const id = random.uuid();
  expect(await save(ada, id, false)).toEqual({ outcome: 'applied', version: 1 });
  expect([await seenBy(ada), await seenBy(ben)]).toEqual([[id], []]);
  await save(ada, id, true);
  expect(await seenBy(ben)).toEqual([id]);
  await save(ada, id, false);
  expect(await seenBy(ben)).toEqual([]);
  expect(await feedOf(id)).toEqual([
    { op: 'put', version: 1, user_id: ada.userId },
    { op: 'put', version: 2, user_id: null },
    { op: 'delete', version: 2, user_id: null },
    { op: 'put', version: 3, user_id: ada.userId },
  ]);
});

it('nobody else changes a view, but a manager a shared one', async () => {
  const [ada, ben] = [viewer(), viewer()];
  const id = random.uuid();
  await save(ada, id, false);
  expect(await save(ben, id, true)).toMatchObject({ outcome: 'rejected', code: 'not-found' });
  await save(ada, id, true);
  expect(await remove(ben, id)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
  expect(await save(anActor({ role: 'manager' }), id, true, 'Ours')).toMatchObject({ outcome: 'applied', version: 3 });
  expect(await save(ada, id, true, 'Mine again', 2)).toMatchObject({ outcome: 'conflict', current: { name: 'Ours' } });
  expect(await remove(ada, id)).toMatchObject({ outcome: 'applied' });
  expect(await remove(ada, id)).toMatchObject({ outcome: 'noop' });
  // Above the deletion: readers who were away get what has the newest version.
  expect(await save(ada, id, false)).toEqual({ outcome: 'applied', version: 5 });
});
