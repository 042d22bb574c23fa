// Two servers on one PostgreSQL while pages go out: one is killed, one stands still and comes back, people acknowledge.
// The witness is the provider. The long campaign is `npm run faults -- paging`.
import { expect, test } from '@playwright/test';
import { busyness } from '#server/testkit/busy.ts';
import { readBooks } from './faults/paging/books.ts';
import { type Center, openCenter, pause } from './faults/paging/center.ts';
import { twoWayPolicy, twoWays } from './faults/paging/kill.ts';
import { patiently, startStream } from './faults/paging/stream.ts';
import { isPage, judge } from './faults/paging/witness.ts';

let center: Center;
test.beforeAll(async () => {
  center = await openCenter({ servers: 2, prepare: twoWayPolicy });
});
test.afterAll(() => center?.stop());

test('every accepted alert pages every way once, whichever server dies or stands still (R3, R4, R11)', async () => {
  const { witness } = center;
  const stream = startStream(center, { perSecond: 5 });
  const acknowledging = acknowledgeSome();
  await pause(1_500);
  await center.kill(0);
  await pause(2_000);
  await center.start(0);
  center.freeze(1);
  await pause(6_000);
  center.thaw(1);
  await pause(1_000);
  await stream.end();
  const { answered, asked } = await acknowledging.end();

  const owed = new Map([...stream.accepted.keys()].filter((n) => !asked.has(n)).map((n) => [n, twoWays]));
  await patiently(20_000, () => judge(witness.told, owed).missed.length === 0);
  // Time for a page that should not come.
  await pause(1_500);
  const { missed, mostRepeats, doubled } = judge(witness.told, owed);
  expect({ missed, doubled, deaths: center.deaths }).toEqual({ missed: [], doubled: [], deaths: [] });
  // A crash and a standstill: what was just leaving may come once more for each, under its own id.
  expect(mostRepeats).toBeLessThanOrEqual(2);
  expect(owed.size).toBeGreaterThan(10);

  expect(answered.size).toBeGreaterThan(3);
  const afterTheAnswer = witness.told
    .filter(isPage)
    .flatMap(({ at, numbers }) => numbers.map((n) => at - (answered.get(n) ?? Infinity)));
  expect(Math.max(...afterTheAnswer)).toBeLessThan(1_000 * busyness());

  expect(await readBooks(center, twoWays.length)).toMatchObject({
    stepsTwice: 0,
    pagesTwice: 0,
    pagesWithoutLedger: 0,
    unfinished: 0,
  });
});

/** Every third incident is acknowledged as soon as a page tells of it. */
function acknowledgeSome() {
  const answered = new Map<number, number>();
  const asked = new Set<number>();
  let running = true;
  const ended = (async () => {
    while (running) {
      for (const { numbers, incidentIds } of center.witness.told.filter(isPage)) {
        const [n, id] = [numbers[0], incidentIds[0]];
        if (n === undefined || n % 3 !== 0 || asked.has(n)) continue;
        asked.add(n);
        await center
          .some()
          .api(`/api/v1/incidents/${id}/acknowledge`, { method: 'POST', body: {} })
          .then(() => answered.set(n, performance.now()))
          // Its server was killed meanwhile. What was not answered was not promised, and may have happened.
          .catch(() => undefined);
      }
      await pause(50);
    }
  })();
  return {
    async end() {
      running = false;
      await ended;
      return { answered, asked };
    },
  };
}
