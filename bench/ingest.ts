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
  const single: LoadResult[] = [];
  const batch: LoadResult[] = [];
  const raw: number[] = [];
  const processed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    single.push(await onFreshServer((server, key) => measure(server.port, 64, prepare(key, 1, 5_000))));
    batch.push(
      await onFreshServer(
        async (server, key) => {
          const result = await measure(server.port, 8, prepare(key, 100, 200));
          processed.push(await processingRate(server));
          return result;
        },
        async (server) =>
          void raw.push(...(await rawInsertRate(server.dataDir, { batchSize: 1_000, seconds, rounds: 1 }))),
      ),
    );
  }
  const calm = await onFreshServer((server, key) => {
    const singles = prepare(key, 1, 5_000);
    return load({
      port: server.port,
      connections: 16,
      seconds: 10,
      rate: 500,
      request: (i) => singles[i % singles.length]!,
    });
  });

  const note = 'TOCSIN_INGEST_LIMIT=off: the limit of alerts a minute and key is lifted';
  const singleRate = median(single.map(rateOf));
  const batchRate = median(batch.map((r) => rateOf(r) * 100));
  report({ name: 'ingest.raw-insert', value: median(raw), unit: 'rows/s', baseline: null, ratio: null, n: rounds });
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
    name: 'ingest.processed',
    value: median(processed),
    unit: 'alerts/s',
    baseline: null,
    ratio: null,
    n: rounds,
    note: 'the pipeline alone, working off the backlog',
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
}

/** A server of its own for each measurement, so that none runs beside another's backlog. */
async function onFreshServer<T>(
  work: (server: RunningServer, key: string) => Promise<T>,
  afterwards?: (server: RunningServer) => Promise<void>,
): Promise<T> {
  const server = await startServer({ env: { TOCSIN_INGEST_LIMIT: 'off' } });
  try {
    const result = await work(server, await server.integration('alertmanager'));
    await server.stop();
    await afterwards?.(server);
    return result;
  } finally {
    await server.stop();
    await server.remove();
  }
}

/** Warm for a second, then measured. */
async function measure(port: number, connections: number, requests: Buffer[]): Promise<LoadResult> {
  const request = (i: number) => requests[i % requests.length]!;
  await load({ port, connections, seconds: 1, request });
  return load({ port, connections, seconds, request });
}

const ok = (r: LoadResult) =>
  Object.entries(r.statuses).reduce((n, [status, count]) => n + (status.startsWith('2') ? count : 0), 0);
const rateOf = (r: LoadResult) => ok(r) / r.seconds;
const refused = (all: LoadResult[]) => all.reduce((n, r) => n + r.latencies.length - ok(r), 0);

/** Alerts a second that the pipeline takes from the log while nothing new comes. */
async function processingRate(server: RunningServer): Promise<number> {
  const before = await processedTotal(server);
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return ((await processedTotal(server)) - before) / ((performance.now() - began) / 1_000);
}

async function processedTotal(server: RunningServer): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.adminToken}` } });
  return Number(/^tocsin_pipeline_processed_total (\S+)$/m.exec(await answer.text())?.[1] ?? Number.NaN);
}
