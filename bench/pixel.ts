// From the moment of the HTTP post to the moment the alert's row is in a real Chromium's DOM.
import { launchBrowser, openSignedIn } from '../e2e/harness/browser.ts';
import { load, percentile, post } from '../e2e/harness/load.ts';
import { startServer } from '../e2e/harness/server.ts';
import { report } from './report.ts';

const rate = 200;
const seconds = 20;

export async function benchPixel(): Promise<void> {
  const server = await startServer();
  const browser = await launchBrowser();
  try {
    const key = await server.integration('alertmanager');
    const { page } = await openSignedIn(browser, server, { path: '/alerts?view=flat&sort=newest', height: 1_080 });
    await page.evaluate(watchRows);

    const postedAt = new Map<number, number>();
    await load({
      port: server.port,
      connections: 16,
      seconds,
      rate,
      request: (n) => {
        postedAt.set(n, Date.now());
        return post('/api/v1/alerts/webhook', key, { version: '4', status: 'firing', alerts: [probe(n)] });
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const seen = (await page.evaluate('[...globalThis.probeSeenAt]')) as [number, number][];
    const delays = seen
      .flatMap(([n, at]) => (postedAt.has(n) ? [at - postedAt.get(n)!] : []))
      .toSorted((a, b) => a - b);
    const goal = (name: string, value: number, limit: number) =>
      report({
        name,
        value,
        unit: 'ms',
        baseline: limit,
        ratio: value / limit,
        n: delays.length,
        note: 'baseline is the goal',
      });
    report({
      name: 'pixel.rows-seen',
      value: delays.length,
      unit: 'rows',
      baseline: postedAt.size,
      ratio: delays.length / postedAt.size,
      n: postedAt.size,
    });
    goal('pixel.p95', percentile(delays, 0.95), 250);
    goal('pixel.p99', percentile(delays, 0.99), 1_000);
  } finally {
    await browser.close();
    await server.stop();
    await server.remove();
  }
}

function probe(n: number) {
  return {
    status: 'firing',
    labels: { alertname: `Probe-${n}-`, service: `service-${n % 40}`, severity: 'warning', instance: `pod-${n}` },
    annotations: { summary: `Probe-${n}-` },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://prometheus.example/graph',
    fingerprint: n.toString(16).padStart(16, '0'),
  };
}

/** Runs in the page: notes when each probe's text first stands in the document. It reads only what was put in. */
const watchRows = `
  globalThis.probeSeenAt = new Map();
  const look = (records) => {
    const now = Date.now();
    for (const { type, target, addedNodes } of records) {
      for (const node of type === 'childList' ? addedNodes : [target]) {
        for (const [, n] of node.textContent.matchAll(/Probe-(\\d+)-/g)) {
          if (!globalThis.probeSeenAt.has(Number(n))) globalThis.probeSeenAt.set(Number(n), now);
        }
      }
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
`;
