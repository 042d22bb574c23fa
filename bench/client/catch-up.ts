// A client that was away: everything it missed, once, with the database as the witness.
import { load, post } from '../../e2e/harness/load.ts';
import { storedVersions } from './stored.ts';
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
    const began = performance.now();
    await page.context().setOffline(false);
    let copy = await storedVersions(page, 'alert');
    await waitFor('everything missed was stored', async () => {
      copy = await storedVersions(page, 'alert');
      return [...wanted].every(([id, version]) => (copy.get(id) ?? 0) >= version);
    });
    const took = performance.now() - began;
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
  const { rows } = await sql.query<{ id: string; version: string }>('SELECT id, version FROM alert');
  return new Map(rows.map(({ id, version }) => [id, Number(version)]));
}
