// Providers that break in every way at once: each page goes on to the next way within a minute, and others are not delayed.
import { savePolicy, saveRoute, step } from '../../harness/paging.ts';
import { percentile } from '../../harness/load.ts';
import { type Center, openCenter, pause, person, webhookChannel } from './center.ts';
import { startStream } from './stream.ts';
import { type Behaviour, isPage, retryAfterSeconds } from './witness.ts';

const faults = ['hang', 'reset', 'cut', 'error', 'busy'] as const satisfies readonly Behaviour[];

/** R4, from when the step's pages began to leave, which the good provider tells. */
const nextWayWithinMs = 61_000;

export async function providersRound() {
  const center = await openCenter({ servers: 2, prepare });
  const { witness } = center;
  try {
    for (const fault of faults) witness.behave(`/${fault}/`, fault);
    const stream = startStream(center, { perSecond: 2 });
    await pause(90_000);
    await stream.end();
    await pause(70_000);
    const pages = witness.told.filter(isPage);
    const first = (n: number, path: string) => pages.find((told) => told.path === path && told.numbers.includes(n));
    const byFault = faults.map((fault) => {
      const waits = [...stream.accepted.keys()].map(
        (n) => (first(n, `/backup/${fault}`)?.at ?? Infinity) - (first(n, '/good')?.at ?? 0),
      );
      const tries = new Map<string, number[]>();
      for (const { path, messageId, at } of pages) {
        if (path === `/${fault}/way`) tries.set(messageId, [...(tries.get(messageId) ?? []), at]);
      }
      const gaps = [...tries.values()].flatMap((ats) => ats.slice(1).map((at, index) => at - ats[index]!));
      return {
        fault,
        messages: tries.size,
        mostTries: Math.max(0, ...[...tries.values()].map((ats) => ats.length)),
        shortestGapMs: Math.round(Math.min(...gaps)),
        slowestNextWayMs: Math.round(Math.max(...waits)),
        neverTold: waits.filter((ms) => !Number.isFinite(ms)).length,
      };
    });
    const good = [...stream.accepted]
      .map(([n, at]) => Math.max(0, (first(n, '/good')?.at ?? Infinity) - at))
      .toSorted((a, b) => a - b);
    const goodMaxMs = Math.round(good.at(-1) ?? Number.NaN);
    const violations = [...center.deaths];
    for (const { fault, neverTold, slowestNextWayMs, shortestGapMs } of byFault) {
      if (neverTold > 0) violations.push(`${fault}: ${neverTold} people were never told the next way`);
      else if (slowestNextWayMs > nextWayWithinMs)
        violations.push(`${fault}: the next way took ${slowestNextWayMs} ms`);
      if (fault === 'busy' && shortestGapMs < retryAfterSeconds * 1_000 - 50)
        violations.push(`Retry-After of ${retryAfterSeconds} s was not kept: tried again after ${shortestGapMs} ms`);
    }
    if (!(goodMaxMs < 5_000)) violations.push(`a good provider was held up for ${goodMaxMs} ms`);
    return {
      scenario: 'providers',
      violations,
      accepted: stream.accepted.size,
      byFault,
      goodP50Ms: Math.round(percentile(good, 0.5)),
      goodP99Ms: Math.round(percentile(good, 0.99)),
      goodMaxMs,
    };
  } finally {
    await center.stop();
  }
}

/** Each fault has a channel of its own and a person with a second way through a good one. */
async function prepare(center: Center): Promise<void> {
  const good = await webhookChannel(center, '/good');
  const backup = await webhookChannel(center, '/backup');
  const users: string[] = [];
  for (const fault of faults) {
    const channelId = await webhookChannel(center, `/${fault}/channel`);
    users.push(
      await person(center, fault, [
        { path: `/${fault}/way`, channelId },
        { path: `/backup/${fault}`, channelId: backup, delayMinutes: 30 },
      ]),
    );
  }
  const targets = [{ type: 'channel' as const, id: good }, ...users.map((id) => ({ type: 'user' as const, id }))];
  await saveRoute(center.some(), await savePolicy(center.some(), 'Faults', [step(targets, { delayMinutes: 600 })]));
}
