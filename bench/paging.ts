// How soon a page goes out: from the alert's 202 to the first request at a provider, and from a step's due time to its
// committed intent, on the shipped server beside a PostgreSQL of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { load, percentile, post } from '../e2e/harness/load.ts';
import { saveConfig, savePolicy, saveRoute, setPaging, step } from '../e2e/harness/paging.ts';
import { type Receiver, startReceiver } from '../e2e/harness/receiver.ts';
import { type RunningServer, startServer } from '../e2e/harness/server.ts';
import { benchOncall } from './oncall.ts';
import { runParts } from './parts.ts';
import { report } from './report.ts';
import { benchTimeMachine } from './time-machine.ts';
import { startBenchPostgres } from './postgres.ts';

const quietPages = 200;
const busyRate = 100;
const busySeconds = 20;
const dueAtOnce = 10_000;

const parts: Record<string, () => Promise<void>> = {
  'first-request': () => onServer(firstRequest),
  due: () => onServer(stepsDueAtOnce),
  oncall: benchOncall,
  'time-machine': benchTimeMachine,
};

export function benchPaging(name?: string): Promise<void> {
  return runParts('paging', parts, name);
}

/** Alert accepted → first request at the provider, one at a time and at a hundred incidents a second. */
async function firstRequest({ server, receiver }: Bench): Promise<void> {
  const channel = await webhookChannel(server, receiver);
  await saveRoute(server, await savePolicy(server, 'Bench', [step([{ type: 'channel', id: channel }])]));
  const key = await server.integration('generic');

  const warm = 20;
  const quiet: number[] = [];
  for (let n = 0; n < quietPages + warm; n += 1) {
    const answer = await fetch(`${server.url}/webhooks/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(alert(`quiet-${n}`)),
    });
    const accepted = performance.now();
    await answer.arrayBuffer();
    const arrival = await receiver.next(({ body }) => body.includes(`quiet-${n}.`));
    if (n >= warm) quiet.push(Math.max(0, arrival.at - accepted));
  }
  quiet.sort((a, b) => a - b);
  goal('paging.first-request-p50', percentile(quiet, 0.5), 25, quiet.length);
  goal('paging.first-request-p99', percentile(quiet, 0.99), 100, quiet.length);

  const acceptedAt = new Map<number, number>();
  await load({
    port: server.port,
    connections: 32,
    seconds: busySeconds,
    rate: busyRate,
    request: (n) => post('/webhooks/generic', key, alert(`busy-${n}`)),
    accepted: (n) => acceptedAt.set(n, performance.now()),
  });
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const arrivedAt = new Map<number, number>();
  for (const { at, body } of receiver.arrivals) {
    for (const [, n] of body.matchAll(/busy-(\d+)\./g)) if (!arrivedAt.has(Number(n))) arrivedAt.set(Number(n), at);
  }
  const busy = [...acceptedAt]
    .flatMap(([n, at]) => (arrivedAt.has(n) ? [Math.max(0, arrivedAt.get(n)! - at)] : []))
    .toSorted((a, b) => a - b);
  goal('paging.first-request-p99-at-100', percentile(busy, 0.99), 1_000, busy.length);
  report({
    name: 'paging.paged-at-100',
    value: busy.length,
    unit: 'incidents',
    baseline: acceptedAt.size,
    ratio: busy.length / acceptedAt.size,
    n: acceptedAt.size,
  });
}

/** Ten thousand steps that come due within one second; seen from outside, by another connection. */
async function stepsDueAtOnce({ server, receiver, sql }: Bench): Promise<void> {
  // Takes a message a second, as Slack does: what is measured is the deciding.
  const channel = await saveConfig(server, {
    kind: 'channel',
    draft: {
      name: 'Bench',
      kind: 'slack-webhook',
      enabled: true,
      settings: {},
      secrets: { url: `${receiver.url}/services/T0/B0/bench` },
    },
  });
  const policy = await savePolicy(server, 'Bench', [step([{ type: 'channel', id: channel }])]);
  // Held back at first, so that nothing was sent before and nothing else is under way when they come due.
  await saveRoute(server, policy, { holdSeconds: 600 });
  const key = await server.integration('generic');
  for (let n = 0; n < dueAtOnce; n += 500) {
    const items = Array.from({ length: 500 }, (_, i) => alert(`due-${n + i}`));
    await fetch(`${server.url}/webhooks/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(items),
    });
  }
  const count = async (query: string) => Number((await sql.query<{ n: string }>(query)).rows[0]?.n);
  const waiting = () =>
    count(`SELECT count(*) AS n FROM escalation WHERE status = 'waiting' AND NOT changed AND run = 1`);
  for (let tries = 0; (await waiting()) < dueAtOnce; tries += 1) {
    if (tries > 600) throw new Error(`only ${await waiting()} escalations wait`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const { rows } = await sql.query<{ ms: number }>(
    `UPDATE escalation e SET next_at = o.begin + make_interval(secs => o.place / $1::float8)
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, clock_timestamp() + interval '5 s' AS begin FROM escalation) o
     WHERE o.id = e.id RETURNING extract(epoch FROM e.next_at)::float8 * 1000 AS ms`,
    [dueAtOnce],
  );
  const due = rows.map((row) => row.ms).toSorted((a, b) => a - b);
  // They fire in the order in which they are due, so the count says which have: much cheaper than reading them.
  const lateness: number[] = [];
  const until = performance.now() + 60_000;
  while (lateness.length < dueAtOnce && performance.now() < until) {
    const { rows: looked } = await sql.query<{ n: string; ms: number }>(
      'SELECT count(*) AS n, extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms FROM escalation_step',
    );
    const [{ n, ms } = { n: '0', ms: 0 }] = looked;
    while (lateness.length < Number(n)) lateness.push(Math.max(0, ms - due[lateness.length]!));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  lateness.sort((a, b) => a - b);
  goal('paging.due-to-intent-p50', percentile(lateness, 0.5), 2_000, lateness.length);
  goal('paging.due-to-intent-p99', percentile(lateness, 0.99), 2_000, lateness.length);
  report({
    name: 'paging.due-fired',
    value: lateness.length,
    unit: 'steps',
    baseline: dueAtOnce,
    ratio: lateness.length / dueAtOnce,
    n: dueAtOnce,
    note: 'counted fifty times a second by another connection; sending goes on beside it, paced by its channel',
  });
}

interface Bench {
  server: RunningServer;
  receiver: Receiver;
  sql: pg.Client;
}

async function onServer(work: (bench: Bench) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
  const postgres = await startBenchPostgres(dataDir);
  const { host, user, password, database } = postgres.connection;
  const sql = new pg.Client(postgres.connection);
  const receiver = await startReceiver();
  let server: RunningServer | null = null;
  try {
    await sql.connect();
    server = await startServer({
      env: {
        TOCSIN_INGEST_LIMIT: 'off',
        TOCSIN_DATABASE_URL: `postgres://${user}:${password}@${encodeURIComponent(host)}/${database}`,
      },
    });
    await setPaging(server, { allowedPrivateHosts: [receiver.host] });
    await work({ server, receiver, sql });
  } finally {
    await server?.stop();
    await server?.remove();
    await receiver.stop();
    await sql.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function webhookChannel(server: RunningServer, receiver: Receiver): Promise<string> {
  return saveConfig(server, {
    kind: 'channel',
    draft: {
      name: 'Bench',
      kind: 'webhook',
      enabled: true,
      settings: { url: `${receiver.url}/page` },
      secrets: { signingSecret: `whsec_${Buffer.from('a secret of the bench, 24+').toString('base64')}` },
    },
  });
}

function alert(name: string) {
  return { title: `Down: ${name}.`, service: name, severity: 'sev1', dedupKey: name };
}

function goal(name: string, value: number, limit: number, n: number): void {
  report({ name, value, unit: 'ms', baseline: limit, ratio: value / limit, n, note: 'baseline is the goal' });
}
