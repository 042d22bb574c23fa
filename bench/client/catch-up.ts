// A client that was away: everything it missed, once, with the database as the witness.
import { load, post } from '../../e2e/harness/load.ts';
import { storedPlace, storedVersions } from './stored.ts';
import { seedAlerts } from './seed.ts';
import { budget, onStage, type Stage, waitFor } from './stage.ts';
import { report } from '../report.ts';

const held = 10_000;
const missed = 5_000;

export async function benchCatchUp(): Promise<void> {
  await onStage(async (stage) => {
    const { server } = stage;
    await seedAlerts(stage, held);
    const page = await stage.open('/alerts?view=flat');
    await waitFor('the copy was whole', async () => (await storedVersions(page, 'alert')).size === held);
    const key = await server.integration('generic');

    await page.context().setOffline(true);
    const before = await feedRows(stage);
    let sent = 0;
    while ((await feedRows(stage)) - before < missed) {
      await load({
        port: server.port,
        connections: 8,
        seconds: 1,
        rate: 400,
        request: () => post('/webhooks/generic', key, event(sent++)),
      });
      await settled(stage);
    }
    const count = (await feedRows(stage)) - before;

    const wanted = await versions(stage);
    const end = await feedEnd(stage);
    const began = performance.now();
    await page.context().setOffline(false);
    // The place is written with the rows up to it. Reading eleven thousand rows again and again would be most of the
    // work that is measured, so that they are compared once, at the end.
    await waitFor('everything missed was stored', async () => isBeyond(await storedPlace(page), end));
    const took = performance.now() - began;
    const copy = new Map([...(await storedVersions(page, 'alert')), ...(await storedVersions(page, 'incident'))]);
    budget(
      'catch-up',
      took * (missed / count),
      'ms',
      3_000,
      count,
      `${count} rows of the feed, through the server and onto the disk, as 5,000`,
    );
    const wrong =
      [...wanted].filter(([id, version]) => copy.get(id) !== version).length + Math.abs(copy.size - wanted.size);
    report({
      name: 'client.catch-up-wrong',
      value: wrong,
      unit: 'rows',
      baseline: 0,
      ratio: null,
      n: wanted.size,
      note: 'lost, doubled or of another version than in the database',
    });
  });
}

/** Alerts that come again: each a new version of one of a thousand. */
function event(n: number) {
  const name = n % 1_000;
  return {
    title: `Disk full on pod ${name}`,
    service: `missed-${name % 50}`,
    severity: 'sev3',
    dedupKey: `missed ${name}`,
  };
}

async function feedRows({ sql }: Stage): Promise<number> {
  const { rows } = await sql.query<{ count: string }>('SELECT count(*) FROM feed');
  return Number(rows[0]?.count ?? 0);
}

/** The place of the last row. */
async function feedEnd({ sql }: Stage): Promise<string> {
  const { rows } = await sql.query<{ place: string }>(
    `SELECT xid || '.' || seq AS place FROM feed ORDER BY xid DESC, seq DESC LIMIT 1`,
  );
  return rows[0]?.place ?? '0.0';
}

function isBeyond(place: string | null, end: string): boolean {
  if (place === null) return false;
  const [xid = 0n, seq = 0n] = place.split('.').map(BigInt);
  const [endXid = 0n, endSeq = 0n] = end.split('.').map(BigInt);
  return xid > endXid || (xid === endXid && seq >= endSeq);
}

/** Until the pipeline has nothing left to do with what was sent. */
async function settled(stage: Stage): Promise<void> {
  let last = -1;
  await waitFor('the pipeline was done', async () => {
    const now = await feedRows(stage);
    const same = now === last;
    last = now;
    if (!same) await new Promise((resolve) => setTimeout(resolve, 700));
    return same;
  });
}

async function versions({ sql }: Stage): Promise<Map<string, number>> {
  const { rows } = await sql.query<{ id: string; version: string }>(
    'SELECT id, version FROM alert UNION ALL SELECT id, version FROM incident',
  );
  return new Map(rows.map(({ id, version }) => [id, Number(version)]));
}
