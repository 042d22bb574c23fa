// Alerts accepted durably a second, beside raw INSERTs of the very same rows into the same PostgreSQL.
import { load, type LoadResult, median, percentile, post } from '../e2e/harness/load.ts';
import { rawInsertRate } from './raw-insert.ts';
import { report } from './report.ts';
import { type RunningServer, startServer } from '../e2e/harness/server.ts';

const rounds = 3;
const seconds = 5;
const distinct = 20_000;

function alert(n: number) {
  return {
    status: 'firing',
    labels: {
      alertname: `LatencyHigh${n % 40}`,
      service: `service-${n % 40}`,
      severity: n % 3 === 0 ? 'critical' : 'warning',
      instance: `pod-${n % distinct}.example:9100`,
      cluster: 'eu-west-1',
      env: 'prod',
    },
    annotations: {
      summary: 'p99 latency above 2 s for five minutes',
      runbook_url: 'https://runbooks.example/latency',
    },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://prometheus.example/graph?g0.expr=latency',
    fingerprint: (n % distinct).toString(16).padStart(16, '0'),
  };
}

function webhook(alerts: unknown[]) {
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'tocsin',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'https://alertmanager.example',
    alerts,
  };
}

/** Prepared requests of `size` alerts each, used round and round. */
function prepare(key: string, size: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    post('/api/v1/alerts/webhook', key, webhook(Array.from({ length: size }, (__, j) => alert(i * size + j)))),
  );
}

export async function benchIngest(): Promise<void> {
  const server = await startServer({ env: { TOCSIN_INGEST_LIMIT: 'off' } });
  try {
    const key = await server.integration('alertmanager');
    const singles = prepare(key, 1, 5_000);
    const batches = prepare(key, 100, 200);
    await load({ port: server.port, connections: 64, seconds: 2, request: (i) => singles[i % singles.length]! });
    await drained(server);

    const calm = await load({
      port: server.port,
      connections: 16,
      seconds: 10,
      rate: 500,
      request: (i) => singles[i % singles.length]!,
    });
    await drained(server);
    const single: LoadResult[] = [];
    const batch: LoadResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      single.push(
        await load({ port: server.port, connections: 64, seconds, request: (i) => singles[i % singles.length]! }),
      );
      await drained(server);
      batch.push(
        await load({ port: server.port, connections: 8, seconds, request: (i) => batches[i % batches.length]! }),
      );
      await drained(server);
    }
    await server.stop();
    const raw = await rawInsertRate(server.dataDir, { batchSize: 1_000, seconds, rounds });

    const note = 'TOCSIN_INGEST_LIMIT=off: the limit of alerts a minute and key is lifted';
    const singleRate = median(single.map(rateOf));
    const batchRate = median(batch.map((r) => rateOf(r) * 100));
    report({
      name: 'ingest.raw-insert',
      value: median(raw),
      unit: 'rows/s',
      baseline: null,
      ratio: null,
      n: raw.length,
    });
    report({
      name: 'ingest.single',
      value: singleRate,
      unit: 'alerts/s',
      baseline: median(raw),
      ratio: singleRate / median(raw),
      n: rounds,
      note,
    });
    report({
      name: 'ingest.batch-100',
      value: batchRate,
      unit: 'alerts/s',
      baseline: median(raw),
      ratio: batchRate / median(raw),
      n: rounds,
      note,
    });
    report({
      name: 'ingest.refused',
      value: refused([...single, ...batch, calm]),
      unit: 'requests',
      baseline: 0,
      ratio: null,
      n: rounds * 2 + 1,
    });
    const p99 = percentile(calm.latencies, 0.99);
    report({
      name: 'ingest.accept-p99-at-500',
      value: p99,
      unit: 'ms',
      baseline: 50,
      ratio: p99 / 50,
      n: calm.latencies.length,
      note: 'baseline is the goal',
    });
  } finally {
    await server.stop();
    await server.remove();
  }
}

const ok = (r: LoadResult) =>
  Object.entries(r.statuses).reduce((n, [status, count]) => n + (status.startsWith('2') ? count : 0), 0);
const rateOf = (r: LoadResult) => ok(r) / r.seconds;
const refused = (all: LoadResult[]) => all.reduce((n, r) => n + r.latencies.length - ok(r), 0);

/** Waits until what was accepted has been processed, so that one measurement does not run beside another's backlog. */
async function drained(server: RunningServer): Promise<void> {
  const deadline = performance.now() + 180_000;
  while (performance.now() < deadline) {
    const text = await (
      await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.adminToken}` } })
    ).text();
    const lag = Number(/^tocsin_log_lag_records\S* (\S+)$/m.exec(text)?.[1] ?? Number.NaN);
    if (lag === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the backlog was not processed within three minutes');
}
