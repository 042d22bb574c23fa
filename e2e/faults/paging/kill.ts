// SIGKILL of servers and of PostgreSQL at random moments while every alert opens an incident that pages two ways.
import { savePolicy, saveRoute, step } from '../../harness/paging.ts';
import { readBooks, violationsOf } from './books.ts';
import { type Center, openCenter, pause, person, webhookChannel } from './center.ts';
import { patiently, startStream } from './stream.ts';
import { judge } from './witness.ts';

export const twoWays = ['/channel', '/person'] as const;

export async function twoWayPolicy(center: Center): Promise<void> {
  const channel = await webhookChannel(center, twoWays[0]);
  // Carried by a channel of its own, so that neither waits for the pace of the other.
  const carrier = await webhookChannel(center, '/carrier');
  const user = await person(center, 'witness', [{ path: twoWays[1], channelId: carrier }]);
  const targets = [
    { type: 'channel' as const, id: channel },
    { type: 'user' as const, id: user },
  ];
  await saveRoute(center.some(), await savePolicy(center.some(), 'Two ways', [step(targets, { delayMinutes: 600 })]));
}

export async function killRounds(rounds: number, servers: 1 | 2, postgresShare = 0.25) {
  const center = await openCenter({ servers, prepare: twoWayPolicy });
  try {
    const stream = startStream(center, { perSecond: 5 });
    const crashes = { server: 0, postgres: 0 };
    for (let round = 0; round < rounds; round += 1) {
      await pause(Math.random() * 2_000);
      if (Math.random() < postgresShare) {
        crashes.postgres += 1;
        center.killPostgres();
        await ready(center);
      } else {
        crashes.server += 1;
        const victim = Math.floor(Math.random() * servers);
        await center.kill(victim);
        await center.start(victim);
      }
      console.error(`kill ${servers}: round ${round + 1}/${rounds}, ${stream.accepted.size} alerts accepted`);
    }
    // Ten seconds without a crash: these must not be doubled.
    const calmFrom = Math.max(0, ...stream.accepted.keys()) + 1;
    await pause(10_000);
    await stream.end();
    const owed = new Map([...stream.accepted.keys()].map((n) => [n, twoWays]));
    await patiently(60_000, () => judge(center.witness.told, owed).missed.length === 0);
    await pause(8_000);
    const verdict = judge(center.witness.told, owed);
    const calm = (way: string) => Number(way.split(' ')[0]) > calmFrom + 5;
    const books = await readBooks(center, 2);
    const violations = violationsOf({
      verdict,
      crashes: crashes.server + crashes.postgres,
      deaths: center.deaths,
      books,
    });
    const calmRepeats = verdict.repeated.filter(calm);
    if (calmRepeats.length > 0) violations.push(`${calmRepeats.length} messages were repeated without a crash`);
    return { scenario: `kill-${servers}`, violations, crashes, accepted: stream.accepted.size, ...verdict, books };
  } finally {
    await center.stop();
  }
}

/** Every server says that it is ready again. */
export async function ready(center: Center, withinMs = 60_000): Promise<boolean> {
  await pause(500);
  return patiently(withinMs, async () => {
    const answers = await Promise.all(
      [...center.servers.values()].map((server) => fetch(`${server.url}/ready`).catch(() => null)),
    );
    return answers.every((answer) => answer?.ok === true);
  });
}
