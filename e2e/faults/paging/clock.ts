// The clocks of the server and of its PostgreSQL are set while steps wait: libfaketime bends CLOCK_REALTIME of both. The
// steady clocks stay as they are, as on a machine whose clock is set; the witness measures with its own.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestPostgres } from '#server/testkit/postgres-server.ts';
import { savePolicy, saveRoute, step } from '../../harness/paging.ts';
import { violationsOf } from './books.ts';
import { type Center, openCenter, pause, person, webhookChannel } from './center.ts';
import { patiently, sendAlert } from './stream.ts';
import { judge } from './witness.ts';

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const settings = ['+1h', '-1h', '+1d', '-1d', '+0', '-3s', '+0'] as const;
const delayMs = 60_000;
/** Of the second step, and of a person's second way. */
const later = ['/second', '/later'] as const;
const ways = ['/first', '/person', ...later] as const;

export async function clockRound() {
  if (!existsSync(library)) throw new Error(`${library} is missing: apt-get install libfaketime`);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-clock-'));
  const file = join(folder, 'clock');
  const set = (to: string) => writeFileSync(file, `${to}\n`, { mode: 0o644 });
  set('+0');
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DISABLE_SHM: '1',
  };
  // Its own account reads the file too.
  chmodSync(folder, 0o755);
  const postgres = await startTestPostgres({ fsync: true, env });
  const { host, user, database } = postgres.address;
  let center: Center | null = null;
  try {
    center = await openCenter({
      servers: 2,
      env,
      database: `postgres://${user}@${encodeURIComponent(host)}/${database}`,
      prepare,
    });
    const { witness } = center;
    const accepted = new Map<number, number>();
    let n = 0;
    const raise = async () => {
      n += 1;
      if (await sendAlert(center!, n)) accepted.set(n, performance.now());
    };
    // Each setting of the clock finds several steps waiting, some shortly before they are due.
    for (const setting of settings) {
      await raise();
      await pause(4_000);
      await raise();
      await pause(4_000);
      set(setting);
      await pause(1_000 * Math.random());
      await raise();
      await pause(8_000);
    }
    const owed = new Map([...accepted.keys()].map((number) => [number, ways]));
    await patiently(delayMs + 30_000, () => judge(witness.told, owed).missed.length === 0);
    await pause(5_000);
    const at = (number: number, path: string) =>
      witness.told.find((told) => told.path === path && told.numbers.includes(number))?.at ?? Infinity;
    const numbers = [...accepted.keys()];
    // No step can be due earlier than a minute after its alert was sent; lateness counts from the first page.
    const each = numbers.flatMap((number) => later.map((path) => ({ number, path, at: at(number, path) })));
    const early = each.map((one) => accepted.get(one.number)! + delayMs - one.at);
    const late = each.map((one) => one.at - at(one.number, '/first') - delayMs);
    const earlyMs = Math.round(Math.max(...early));
    const lateMs = Math.round(Math.max(...late));
    const verdict = judge(witness.told, owed);
    const violations = violationsOf({ verdict, crashes: 0, deaths: center.deaths });
    const { number, path } = each[early.indexOf(Math.max(...early))]!;
    if (earlyMs > 50) violations.push(`${path} of alert ${number} of ${numbers.length} came ${earlyMs} ms early`);
    if (lateMs > 2_000) violations.push(`a step came ${lateMs} ms late`);
    return { scenario: 'clock', violations, settings, accepted: accepted.size, earlyMs, lateMs, ...verdict };
  } finally {
    await center?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(center: Center): Promise<void> {
  const [first, second] = [await webhookChannel(center, '/first'), await webhookChannel(center, '/second')];
  const channelId = await webhookChannel(center, '/carrier');
  const delayMinutes = delayMs / 60_000;
  const user = await person(center, 'witness', [
    { path: '/person', channelId },
    { path: '/later', channelId, delayMinutes },
  ]);
  const targets = [
    { type: 'channel' as const, id: first },
    { type: 'user' as const, id: user },
  ];
  const policy = await savePolicy(center.some(), 'A minute apart', [
    step(targets, { delayMinutes }),
    step([{ type: 'channel', id: second }], { delayMinutes: 600 }),
  ]);
  await saveRoute(center.some(), policy);
}
