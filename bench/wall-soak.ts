// The wall for ten real minutes over a center where something happens every second: what its renderer holds, and whether
// that grows. `npm run bench -- wall-soak 60` runs an hour. The eight hours of UX.md 9 run under a fake clock in
// e2e/wall-soak.spec.ts.
import type { Browser } from 'playwright-core';
import { launchBrowser, openSignedIn } from '../e2e/harness/browser.ts';
import { load, post } from '../e2e/harness/load.ts';
import { pssMb, startServer } from '../e2e/harness/server.ts';
import { report } from './report.ts';

const causes = 24;
/** Before that it is still filling its pictures. */
const warmUpMinutes = 3;

export async function benchWallSoak(wanted = '10'): Promise<void> {
  const minutes = Math.max(warmUpMinutes + 2, Number(wanted));
  const server = await startServer();
  const browser = await launchBrowser();
  try {
    const key = await server.integration('alertmanager');
    const { page } = await openSignedIn(browser, server, { path: '/wall', width: 1_920, height: 1_080 });
    const client = await page.context().newCDPSession(page);
    const storm = load({
      port: server.port,
      connections: 1,
      seconds: minutes * 60,
      rate: 1,
      request: (n) => post('/api/v1/alerts/webhook', key, { version: '4', status: 'firing', alerts: [alert(n)] }),
    });
    const samples: { memory: number; heap: number; nodes: number }[] = [];
    for (let minute = 1; minute <= minutes; minute += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      await client.send('HeapProfiler.collectGarbage');
      const { usedSize } = await client.send('Runtime.getHeapUsage');
      const { nodes } = await client.send('Memory.getDOMCounters');
      samples.push({ memory: await rendererMb(browser), heap: usedSize / 1e6, nodes });
    }
    await storm;
    const live = await page.locator('.wall-fresh').innerText();
    const note = `${minutes} minutes, baseline is the budget; the wall says ${live}`;
    // The budget counts from the second hour on: in the first the copy and what it passes on still fill.
    const growthLimit = minutes > 120 ? 5 : null;
    const figure = (name: string, value: number, unit: string, limit: number | null): void =>
      report({
        name: `wall-soak.${name}`,
        value,
        unit,
        baseline: limit,
        ratio: limit === null ? null : value / limit,
        n: samples.length,
        note,
      });
    figure('renderer-memory-most', Math.max(...samples.map(({ memory }) => memory)), 'MB', 400);
    figure('heap-at-the-end', samples.at(-1)?.heap ?? Number.NaN, 'MB', null);
    figure('heap-growth', growthAnHour(samples.map(({ heap }) => heap)), '%/h', growthLimit);
    figure('nodes-growth', growthAnHour(samples.map(({ nodes }) => nodes)), '%/h', growthLimit);
  } finally {
    await browser.close();
    await server.stop();
    await server.remove();
  }
}

/** By a straight line through one sample a minute, in per cent of its beginning. */
function growthAnHour(samples: readonly number[]): number {
  const values = samples.slice(warmUpMinutes);
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  const below = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const slope = above / below;
  return (100 * 60 * slope) / (mean - slope * middle);
}

async function rendererMb(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...renderers.map(({ id }) => pssMb([id])));
}

/** Each cause fires, is heard of again, and is over after a while. */
function alert(n: number) {
  const cause = n % causes;
  const round = Math.floor(n / causes);
  const over = (round + cause) % 4 === 3;
  return {
    status: over ? 'resolved' : 'firing',
    labels: {
      alertname: `Cause${cause}`,
      service: `service-${cause % 8}`,
      severity: cause % 6 === 0 ? 'critical' : 'warning',
    },
    annotations: { summary: `Cause ${cause} of service ${cause % 8}, round ${round}` },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: over ? '2026-01-01T00:10:00Z' : '0001-01-01T00:00:00Z',
    generatorURL: 'https://prometheus.example/graph',
    fingerprint: cause.toString(16).padStart(16, '0'),
  };
}
