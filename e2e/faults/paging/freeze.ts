// One of two servers stops for a while and comes back as a zombie that believes it still holds what it held.
import { readBooks, violationsOf } from './books.ts';
import { openCenter, pause } from './center.ts';
import { twoWayPolicy, twoWays } from './kill.ts';
import { patiently, startStream } from './stream.ts';
import { judge, type Witness } from './witness.ts';

/** R11: another server goes on within this. */
const failoverWithinMs = 10_000;

export async function freezeRound(frozenMs: number, times: number) {
  const center = await openCenter({ servers: 2, prepare: twoWayPolicy });
  try {
    const stream = startStream(center, { perSecond: 5 });
    const spans: { from: number; to: number }[] = [];
    for (let time = 0; time < times; time += 1) {
      await pause(3_000 + Math.random() * 2_000);
      const from = performance.now();
      center.freeze(time % 2);
      await pause(frozenMs);
      center.thaw(time % 2);
      spans.push({ from, to: performance.now() });
    }
    await pause(5_000);
    await stream.end();
    const owed = new Map([...stream.accepted.keys()].map((n) => [n, twoWays]));
    await patiently(60_000, () => judge(center.witness.told, owed).missed.length === 0);
    await pause(8_000);
    const verdict = judge(center.witness.told, owed);
    const books = await readBooks(center, 2);
    const failoverMs = spans.map((span) => longestWait(center.witness, stream.accepted, span));
    const violations = violationsOf({ verdict, crashes: times, deaths: center.deaths, books });
    for (const ms of failoverMs) {
      if (ms > failoverWithinMs) violations.push(`the other server went on only after ${ms} ms`);
    }
    const scenario = `freeze-${Math.round(frozenMs / 1_000)}s`;
    return { scenario, violations, accepted: stream.accepted.size, failoverMs, ...verdict, books };
  } finally {
    await center.stop();
  }
}

/** Of what was accepted during the standstill, or so shortly before it that the frozen server may have had it in hand. */
function longestWait(
  witness: Witness,
  accepted: ReadonlyMap<number, number>,
  span: { from: number; to: number },
): number {
  const waits = [...accepted].flatMap(([n, at]) => {
    if (at < span.from - 2_000 || at > span.to) return [];
    return twoWays.flatMap((way) => {
      const arrival = witness.told.find((told) => told.path === way && told.numbers.includes(n));
      return arrival === undefined ? [] : [arrival.at - Math.max(at, span.from)];
    });
  });
  return Math.round(Math.max(0, ...waits));
}
