// A silent stall: nothing fails, and nothing moves. The auditor notices by itself and tells through the fallback channel.
import { setPaging } from '../../harness/paging.ts';
import { violationsOf } from './books.ts';
import { type Center, openCenter, pause, webhookChannel } from './center.ts';
import { twoWayPolicy, twoWays } from './kill.ts';
import { patiently, sendAlert } from './stream.ts';
import { judge } from './witness.ts';

const beatSeconds = 10;
/** R16. */
const noticesWithinMs = 90_000;

/** `table`: nobody else can write to it, so that whoever wants to waits without an error. */
export async function stallRound(table: 'escalation_step' | 'notification') {
  const center = await openCenter({ servers: 1, prepare });
  try {
    await sendAlert(center, 1);
    await patiently(20_000, () => judge(center.witness.told, owed(1)).missed.length === 0);
    await patiently(30_000, () => center.witness.beats.length > 1);
    const holder = await center.sql.connect();
    holder.on('error', () => undefined);
    await holder.query(`SET idle_in_transaction_session_timeout = 0; BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const stalledAt = performance.now();
    await sendAlert(center, 2);
    const noticed = await patiently(120_000, () => tellings(center, 'stalled', stalledAt).length > 0);
    const noticedMs = noticed ? Math.round(tellings(center, 'stalled', stalledAt)[0]!.at - stalledAt) : null;
    const lastBeat = center.witness.beats.at(-1) ?? stalledAt;
    await pause(15_000);
    const beatsAfterNotice = center.witness.beats.filter((at) => at > lastBeat).length;
    await holder.query('ROLLBACK');
    holder.release();
    const freedAt = performance.now();
    await patiently(60_000, () => judge(center.witness.told, owed(2)).missed.length === 0);
    const pagedMs = performance.now() - freedAt;
    const allClear = await patiently(60_000, () => tellings(center, 'works again', freedAt).length > 0);
    const beatsAgain = await patiently(60_000, () => (center.witness.beats.at(-1) ?? 0) > freedAt);
    const verdict = judge(center.witness.told, new Map([...owed(1), ...owed(2)]));
    const violations = violationsOf({ verdict, crashes: 0, deaths: center.deaths });
    if (noticedMs === null || noticedMs > noticesWithinMs)
      violations.push(`the stall was noticed after ${noticedMs} ms`);
    if (beatsAfterNotice > 0) violations.push('the dead-man address was called while paging stood still');
    if (!allClear) violations.push('nobody was told that it works again');
    if (!beatsAgain) violations.push('the dead-man address was not called again');
    return {
      scenario: `stall-${table}`,
      violations,
      noticedMs,
      lastBeatMs: Math.round(lastBeat - stalledAt),
      pagedAfterMs: Math.round(pagedMs),
      ...verdict,
    };
  } finally {
    await center.stop();
  }
}

async function prepare(center: Center): Promise<void> {
  await twoWayPolicy(center);
  await setPaging(center.some(), {
    allowedPrivateHosts: ['127.0.0.1'],
    fallbackChannelId: await webhookChannel(center, '/fallback'),
    deadMan: { url: `${center.witness.url}/beat`, intervalSeconds: beatSeconds },
  });
}

const owed = (n: number) => new Map([[n, twoWays]]);

function tellings(center: Center, words: string, since: number) {
  return center.witness.told.filter(
    ({ path, at, summary }) => path === '/fallback' && at > since && summary.includes(words),
  );
}
