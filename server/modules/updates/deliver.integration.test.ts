import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import type { Database } from '#server/database/pool.ts';
import { statusUpdateStore } from '#server/modules/incidents/status-updates/store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import type { SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import { channelMessageStore } from '#server/modules/notify/sending/channel-message-store.ts';
import { createPlaces } from '#server/modules/notify/sending/place.ts';
import { timedSend } from '#server/modules/notify/sending/timed-send.ts';
import type { Carrier } from '#server/modules/notify/messages/compose.ts';
import { createUpdateDeliverer } from '#server/modules/updates/deliver.ts';
import { deliveryStore } from '#server/modules/updates/delivery-store.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { aDigest } from '#server/testkit/fake-provider.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
const [pageId, listId, mailId] = [testId(71), testId(72), testId(73)];
const taken: SendResult = { outcome: 'accepted', ref: null, arrived: false, response: 'ok' };

let database: Database;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 8 }));
});
afterEach(() => drop());

type Send = (context: SendContext<unknown>, what: { to: string; text: string; id: string }) => Promise<SendResult>;

function createScene(send: Send) {
  const clock = createFakeClock(start);
  const random = createSeededRandom(5, clock);
  const at = () => new Date(clock.now()).toISOString();
  const type = {
    send: (context: SendContext<unknown>, message: { contact: { address: string } | null; text: string; id: string }) =>
      send(context, { to: message.contact?.address ?? '', text: message.text.split('\n')[0] ?? '', id: message.id }),
    publish: (context: SendContext<unknown>, { text, id }: { text: string; id: string }) =>
      send(context, { to: 'page', text, id }),
  };
  const server = () =>
    createUpdateDeliverer({
      database,
      store: deliveryStore,
      updates: statusUpdateStore,
      incidents: incidentStore,
      through: () => Promise.resolve({ type, context: {} } as unknown as Carrier),
      digest: () => Promise.resolve(aDigest()),
      listName: () => Promise.resolve('Customers'),
      placeOf: createPlaces(database),
      stands: channelMessageStore.put,
      timedSend,
      held: () => null,
      wake: { on: () => () => {} },
      clock,
      random,
      logger: createMemoryLogger(),
    });
  return {
    clock,
    server,
    async incident() {
      const incident = anIncident({ id: random.uuid(), number: 1 });
      await database.withTransaction((tx) => incidentStore.save(tx, at(), [incident]));
      return incident;
    },
    async restrict(incidentId: string) {
      await database.withTransaction(async (tx) => {
        const [incident] = await incidentStore.lockByIds(tx, [incidentId]);
        const next = { ...incident!, version: incident!.version + 1, restrictedTo: [testId(501)] };
        await incidentStore.save(tx, at(), [next]);
      });
    },
    async post(incidentId: string, number: number, addresses: readonly string[], page = false): Promise<string> {
      const id = random.uuid();
      const common = { state: 'waiting', sent: 0, failed: 0, repeated: 0, at: null, error: null } as const;
      const update: StatusUpdate = {
        id,
        version: 1,
        incidentId,
        number,
        text: `text ${number}`,
        nextInMinutes: null,
        statusPages: page ? [pageId] : [],
        lists: [listId],
        openly: false,
        state: 'sent',
        writtenBy: testId(601),
        writtenAt: at(),
        approverId: null,
        decidedBy: null,
        decidedAt: null,
        decision: null,
        deliveries: [
          ...(page ? [{ kind: 'statuspage' as const, targetId: pageId, name: 'Page', recipients: 1, ...common }] : []),
          { kind: 'list', targetId: listId, name: 'Customers', recipients: addresses.length, ...common },
        ],
      };
      const rows = addresses.map((address) => {
        return { id: random.uuid(), kind: 'list' as const, targetId: listId, channelId: mailId, address };
      });
      const pages = page
        ? [{ id: random.uuid(), kind: 'statuspage' as const, targetId: pageId, channelId: pageId, address: '' }]
        : [];
      await database.withTransaction(async (tx) => {
        await statusUpdateStore.save(tx, at(), update, null);
        await deliveryStore.queue(tx, at(), update, [...pages, ...rows]);
      });
      return id;
    },
    deliveries: async (updateId: string) =>
      (await database.withTransaction((tx) => statusUpdateStore.lock(tx, updateId)))?.deliveries ?? [],
    entries: () =>
      database.query<{ text: string }>(`SELECT text FROM timeline_entry WHERE kind = 'publishing' ORDER BY text`),
    /** Leases end by the database's clock, which nobody sets. */
    leasesEnd: () => database.query(`UPDATE status_delivery SET claimed_until = now() - interval '1 s'`),
  };
}

test('two senders at once send every mail once', async () => {
  const sent: string[] = [];
  const scene = createScene(async (context, { to }) => {
    if (!((await context.beforeWrite?.()) ?? true)) throw new Error('it was not wanted any more');
    sent.push(to);
    return taken;
  });
  const { id } = await scene.incident();
  const addresses = Array.from({ length: 40 }, (_, n) => `r${n}@example.com`);
  const updateId = await scene.post(id, 1, addresses, true);
  await Promise.all([scene.server().runDue(), scene.server().runDue()]);
  expect(sent.toSorted()).toEqual([...addresses, 'page'].toSorted());
  expect(await scene.deliveries(updateId)).toMatchObject([
    { state: 'sent', sent: 1 },
    { state: 'sent', sent: 40, failed: 0, repeated: 0 },
  ]);
}, 30_000);

test('a crash between sending and writing it down sends a mail once more, says so, and stops at that', async () => {
  const sent: { to: string; id: string }[] = [];
  const scene = createScene(async (context, { to, id }) => {
    await context.beforeWrite?.();
    sent.push({ to, id });
    return taken;
  });
  const { id } = await scene.incident();
  const updateId = await scene.post(id, 1, ['a@example.com']);
  // The first server took it, sent it, and was never heard of again.
  const at = new Date(scene.clock.now()).toISOString();
  const [lost] = await database.withTransaction((tx) => deliveryStore.take(tx, at, testId(9), 30_000, 10));
  sent.push({ to: lost!.address, id: lost!.id });
  expect(await scene.server().runDue()).toBe(0);
  await scene.leasesEnd();
  await scene.server().runDue();
  expect(sent.map(({ to }) => to)).toEqual(['a@example.com', 'a@example.com']);
  // By the same name, so that a mail program can tell.
  expect(new Set(sent.map((each) => each.id)).size).toBe(1);
  expect(await scene.deliveries(updateId)).toMatchObject([{ state: 'sent', sent: 1, repeated: 1 }]);
  // Back from the dead, it settles nothing any more.
  const result = { state: 'failed', dueAt: at, unknown: 0, repeated: false, error: 'late' } as const;
  expect(await database.withTransaction((tx) => deliveryStore.settle(tx, lost!, at, result))).toBe(false);
  expect(await scene.server().runDue()).toBe(0);
});

test('each reader gets updates in their order: a later one waits while an earlier is tried again', async () => {
  const sent: string[] = [];
  let down = true;
  const scene = createScene((_context, { to, text }) => {
    if (down && to === 'a@example.com') {
      return Promise.resolve({
        outcome: 'failed',
        permanent: false,
        retryAfterMs: null,
        reason: 'busy',
        response: '421',
      });
    }
    sent.push(`${to} ${text}`);
    return Promise.resolve(taken);
  });
  const { id } = await scene.incident();
  await scene.post(id, 1, ['a@example.com', 'b@example.com']);
  await scene.post(id, 2, ['a@example.com', 'b@example.com']);
  await scene.server().runDue();
  expect(sent).toEqual(['b@example.com text 1', 'b@example.com text 2']);
  down = false;
  scene.clock.advance(5_000);
  await scene.server().runDue();
  expect(sent.slice(2)).toEqual(['a@example.com text 1', 'a@example.com text 2']);
});

test('one that was approved late comes after what was posted meanwhile, as on the timeline', async () => {
  const sent: string[] = [];
  const scene = createScene((_context, { text }) => {
    sent.push(text);
    return Promise.resolve(taken);
  });
  const { id } = await scene.incident();
  await scene.post(id, 2, ['a@example.com']);
  scene.clock.advance(60_000);
  await scene.post(id, 1, ['a@example.com']);
  await scene.server().runDue();
  expect(sent).toEqual(['text 2', 'text 1']);
});

test('what is restricted on its way does not leave: not before it is taken up, and not at the last look', async () => {
  const sent: string[] = [];
  let incidentId = '';
  const scene = createScene(async (context, { to }) => {
    if (to === 'late@example.com') await scene.restrict(incidentId);
    if ((await context.beforeWrite?.()) === false) throw new Error('it was not wanted any more');
    sent.push(to);
    return taken;
  });
  ({ id: incidentId } = await scene.incident());
  const updateId = await scene.post(incidentId, 1, ['late@example.com']);
  await scene.server().runDue();
  scene.clock.advance(5_000);
  await scene.server().runDue();
  expect(sent).toEqual([]);
  expect(await scene.deliveries(updateId)).toMatchObject([
    { state: 'failed', failed: 1, error: expect.stringContaining('The incident was restricted before it left.') },
  ]);
  expect(await scene.entries()).toEqual([{ text: 'Update 1 did not reach 1 of 1 readers of Customers' }]);
});
