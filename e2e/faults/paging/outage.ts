// PostgreSQL goes away for a while, with pages pending and a stream of alerts that goes on.
import { readBooks, violationsOf } from './books.ts';
import { openCenter, pause } from './center.ts';
import { ready, twoWayPolicy, twoWays } from './kill.ts';
import { patiently, startStream } from './stream.ts';
import { judge } from './witness.ts';

/** R5, counted from when PostgreSQL answers again. */
const recoversWithinMs = 30_000;

export async function outageRound(downMs: number) {
  const center = await openCenter({ servers: 2, prepare: twoWayPolicy });
  try {
    // What the provider refuses before the outage is pending when it begins.
    center.witness.behave('/', 'error');
    const stream = startStream(center, { perSecond: 5 });
    await pause(5_000);
    center.witness.behave('/', 'ok');
    const pending = new Set(stream.accepted.keys());
    await center.stopPostgres();
    const downAt = performance.now();
    await pause(downMs);
    const acceptedWhileDown = [...stream.accepted.values()].filter((at) => at > downAt).length;
    await center.startPostgres();
    const upAt = performance.now();
    const isReady = await ready(center);
    const readyMs = Math.round(performance.now() - upAt);
    await pause(10_000);
    await stream.end();
    const owed = new Map([...stream.accepted.keys()].map((n) => [n, twoWays]));
    await patiently(60_000, () => judge(sinceThen(), owed).missed.length === 0);
    await pause(5_000);
    const lastPending = Math.max(
      ...[...pending].map((n) => sinceThen().find((told) => told.numbers.includes(n))?.at ?? Infinity),
    );
    const pendingOutMs = Math.round(lastPending - upAt);
    const verdict = judge(sinceThen(), owed);
    const books = await readBooks(center, 2);
    const violations = violationsOf({ verdict, crashes: 1, deaths: center.deaths, books });
    if (acceptedWhileDown > 0) violations.push(`${acceptedWhileDown} alerts were accepted with nowhere to keep them`);
    if (!isReady || readyMs > recoversWithinMs) violations.push(`the servers were ready only after ${readyMs} ms`);
    if (pendingOutMs > recoversWithinMs) violations.push(`pending pages went out only after ${pendingOutMs} ms`);
    return {
      scenario: `postgres-down-${Math.round(downMs / 1_000)}s`,
      violations,
      accepted: stream.accepted.size,
      readyMs,
      pendingBefore: pending.size,
      pendingOutMs,
      ...verdict,
      books,
    };

    /** What the provider refused before does not count as told. */
    function sinceThen() {
      return center.witness.told.filter(({ at }) => at > downAt - 1_000);
    }
  } finally {
    await center.stop();
  }
}
