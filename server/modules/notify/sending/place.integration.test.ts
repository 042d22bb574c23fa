// A route and an update, on one server or on two, come to the same status page in the same moment.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { createClockStore } from '#server/modules/escalation/clock-guard.ts';
import { channelMessageStore } from '#server/modules/notify/sending/channel-message-store.ts';
import type { SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import { type StatuspageSettings, statuspageChannel } from '#server/modules/notify/channels/statuspage/statuspage.ts';
import { createPlaces } from '#server/modules/notify/sending/place.ts';
import { aDigest, aMessage, aSendContext } from '#server/testkit/fake-provider.ts';
import { fakeStatuspage } from '#server/testkit/fake-statuspage.ts';
import { testId } from '#server/testkit/incidents.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';

const standing = { incidentId: testId(1), channelId: testId(70) };
const [route, update] = [testId(81), testId(82)];

let database: Database;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 4 }));
});
afterEach(() => drop());

const placeOf = (sendId: string) => createPlaces(database)(standing, sendId);
const leaseEnds = () => database.query(`UPDATE channel_message SET due_at = now() - interval '1 s'`);
const due = new Date(0).toISOString();

/** Where so many wait for each other. */
function meeting(of: number): () => Promise<void> {
  let come = 0;
  let begin = () => {};
  const met = new Promise<void>((resolve) => (begin = resolve));
  return () => {
    come += 1;
    if (come === of) begin();
    return met;
  };
}

async function createPage(beforeClaim = () => Promise.resolve()) {
  const page = await fakeStatuspage();
  const settings = statuspageChannel.settings.parse({ pageId: 'p1', apiUrl: page.url });
  const context = (sendId: string): SendContext<StatuspageSettings> => {
    const place = placeOf(sendId);
    const claim = (gone: string | null) => beforeClaim().then(() => place.claim(gone));
    return { ...aSendContext(settings, { apiKey: 'key-1234' }), place: { ...place, claim } };
  };
  return {
    page,
    announce: () => statuspageChannel.send(context(route), aMessage()),
    publish: () =>
      statuspageChannel.publish!(context(update), { id: testId(91), text: 'We know why', incident: aDigest() }),
  };
}

async function noteWhere(result: SendResult): Promise<void> {
  if (result.outcome !== 'accepted' || result.ref === null) return;
  const { ref } = result;
  await database.withTransaction((tx) => channelMessageStore.put(tx, { ...standing, ref, shown: '' }, due));
}

test('one of them opens the incident there; the other follows once it stands', async () => {
  // Both have seen that nothing is there.
  const { page, announce, publish } = await createPage(meeting(2));
  const both = await Promise.all([announce(), publish()]);
  expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'failed']);
  expect(page.incidents).toHaveLength(1);
  for (const result of both) await noteWhere(result);
  expect(await announce()).toMatchObject({ outcome: 'accepted', ref: 'i1' });
  expect(await publish()).toMatchObject({ outcome: 'accepted', ref: 'i1' });
  expect(page.incidents).toHaveLength(1);
  expect(page.incidents[0]?.posts.filter((text) => text === 'We know why')).toHaveLength(1);
}, 30_000);

test('after a crash in between, whoever comes next waits for the end of the lease and finds what was opened', async () => {
  const { page, announce, publish } = await createPage();
  // Opened, and never heard of again.
  await announce();
  const hidden = page.incidents.splice(0);
  expect(await publish()).toMatchObject({ outcome: 'failed', permanent: false });
  page.incidents.push(...hidden);
  await leaseEnds();
  expect(await publish()).toMatchObject({ outcome: 'accepted', ref: 'i1' });
  expect(page.incidents.map(({ posts }) => posts)).toEqual([['We are looking into it.', 'We know why']]);
}, 30_000);

test('the right to open is one at a time, its holder keeps it, and what stands there is not opened again', async () => {
  expect(await placeOf(route).claim(null)).toBe(true);
  expect(await placeOf(update).claim(null)).toBe(false);
  // After a failure of its own it goes on without a wait.
  expect(await placeOf(route).claim(null)).toBe(true);
  // Nothing stands there yet that could be brought up to date.
  await database.withTransaction((tx) => channelMessageStore.markStale(tx, [standing.incidentId]));
  const later = new Date(Date.now() + 3_600_000).toISOString();
  expect(await database.withTransaction((tx) => channelMessageStore.take(tx, later, later, 5))).toEqual([]);
  expect(await placeOf(update).ref()).toBeNull();
  await leaseEnds();
  expect(await placeOf(update).claim(null)).toBe(true);
  expect(await placeOf(route).claim(null)).toBe(false);
  await noteWhere({ outcome: 'accepted', ref: 'i7', arrived: true, response: '' });
  expect(await placeOf(route).ref()).toBe('i7');
  await leaseEnds();
  // Who looked before it stood there has to look again.
  expect(await placeOf(route).claim(null)).toBe(false);
  expect(await placeOf(route).claim('i7')).toBe(true);
});

test('the lease of an opening goes with the clock: set back by an hour, it lasts no hour longer', async () => {
  expect(await placeOf(route).claim(null)).toBe(true);
  const leaseEndsIn = async () => {
    const [row] = await database.query<{ seconds: number }>(
      'SELECT extract(epoch FROM due_at - now())::float8 AS seconds FROM channel_message',
    );
    return row!.seconds;
  };
  expect(await leaseEndsIn()).toBeGreaterThan(0);
  const hour = 3_600_000;
  await database.withTransaction((tx) => createClockStore(database).move(tx, due, -hour, -hour));
  expect(await leaseEndsIn()).toBeLessThan(-3_500);
});
