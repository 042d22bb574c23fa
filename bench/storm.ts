// 10,000 alerts in a minute of 40 distinct causes, with one screen open on the alert list.
import type { Alert } from '#server/contract/alert.ts';
import { launchBrowser, openSignedIn } from '../e2e/harness/browser.ts';
import { load, percentile, post } from '../e2e/harness/load.ts';
import { rssMb, startServer } from '../e2e/harness/server.ts';
import { watchFeed } from '../e2e/harness/stream.ts';
import { report } from './report.ts';

const total = 10_000;
const seconds = 60;
const causes = 40;

export async function benchStorm(): Promise<void> {
  const server = await startServer();
  const browser = await launchBrowser();
  try {
    const key = await server.integration('alertmanager');
    const { page } = await openSignedIn(browser, server, { path: '/alerts' });
    await page.evaluate(watchInput);

    const acceptedAt = new Map<number, number>();
    const groupedAt = new Map<number, number>();
    const incidents = new Set<string>();
    const unwatch = await watchFeed(server, ({ changes }) => {
      for (const change of changes) {
        if (change.op !== 'put' || change.entity !== 'alert') continue;
        const body = change.body as Alert;
        const n = Number(body.labels['n']);
        if (body.incidentId === null || groupedAt.has(n)) continue;
        groupedAt.set(n, performance.now());
        incidents.add(body.incidentId);
      }
    });

    let rssMax = 0;
    const sampling = setInterval(() => (rssMax = Math.max(rssMax, rssMb(server.pid))), 250);
    const typing = setInterval(() => void page.keyboard.press('j').catch(() => {}), 200);
    const result = await load({
      port: server.port,
      connections: 16,
      seconds: seconds + 1,
      rate: total / seconds,
      request: (n) => post('/api/v1/alerts/webhook', key, { version: '4', status: 'firing', alerts: [stormAlert(n)] }),
      accepted: (n) => acceptedAt.set(n, performance.now()),
    });
    const deadline = performance.now() + 30_000;
    while (groupedAt.size < acceptedAt.size && performance.now() < deadline)
      await new Promise((r) => setTimeout(r, 100));
    clearInterval(sampling);
    clearInterval(typing);
    unwatch();
    const input = (await page.evaluate('globalThis.inputToPaint')) as number[];

    const delays = [...acceptedAt].map(([n, at]) => (groupedAt.get(n) ?? Infinity) - at).toSorted((a, b) => a - b);
    const goal = (name: string, value: number, unit: string, limit: number, n: number) =>
      report({ name, value, unit, baseline: limit, ratio: value / limit, n, note: 'baseline is the goal' });
    report({
      name: 'storm.accepted',
      value: acceptedAt.size,
      unit: 'alerts',
      baseline: result.sent,
      ratio: acceptedAt.size / result.sent,
      n: result.sent,
    });
    report({
      name: 'storm.lost',
      value: acceptedAt.size - groupedAt.size,
      unit: 'alerts',
      baseline: 0,
      ratio: null,
      n: acceptedAt.size,
    });
    report({
      name: 'storm.incidents',
      value: incidents.size,
      unit: 'incidents',
      baseline: causes,
      ratio: incidents.size / causes,
      n: acceptedAt.size,
    });
    goal('storm.accepted-to-grouped-p99', percentile(delays, 0.99), 'ms', 2_000, delays.length);
    goal('storm.server-rss-max', rssMax, 'MB', 400, 1);
    goal(
      'storm.input-to-paint-p95',
      percentile(
        input.toSorted((a, b) => a - b),
        0.95,
      ),
      'ms',
      100,
      input.length,
    );
  } finally {
    await browser.close();
    await server.stop();
    await server.remove();
  }
}

function stormAlert(n: number) {
  const cause = n % causes;
  return {
    status: 'firing',
    labels: {
      alertname: `Cause${cause}`,
      service: `service-${cause}`,
      severity: cause % 4 === 0 ? 'critical' : 'warning',
      instance: `pod-${n}.example:9100`,
      n: String(n),
    },
    annotations: { summary: `Something is wrong with pod ${n} of service ${cause}` },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://prometheus.example/graph',
    fingerprint: n.toString(16).padStart(16, '0'),
  };
}

/** Runs in the page: time from each key press to the end of the next frame. */
const watchInput = `
  globalThis.inputToPaint = [];
  addEventListener('keydown', (event) => {
    const pressed = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.inputToPaint.push(performance.now() - pressed);
      channel.port2.postMessage(0);
    });
  }, true);
`;
