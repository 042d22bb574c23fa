// Charts: 100,000 points drawn once by the program that is shipped, and how often a stream makes one draw again.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { load, post } from '../../e2e/harness/load.ts';
import { lookOf } from '../../src-renderer/ui/chart/look.ts';
import { plainInsets, wholeOption } from '../../src-renderer/ui/chart/option.ts';
import { watchCanvas } from './probes.ts';
import { seedAlerts } from './seed.ts';
import { budget, onStage, percentileOf, type Stage } from './stage.ts';
import { traced } from './trace.ts';

const points = 100_000;
const rounds = 5;
const seconds = 10;
const assets = join(import.meta.dirname, '../../out/renderer/assets');

export async function benchChart(): Promise<void> {
  await onStage(async (stage) => {
    await drawn(stage);
    await streamed(stage);
  });
}

/** No screen has as many points, so its own engine is given them, with the options that every chart has. */
async function drawn(stage: Stage): Promise<void> {
  const engine = (await readdir(assets)).find((name) => /^engine-.*\.js$/.test(name));
  if (engine === undefined) throw new Error('The built page has no chart engine. Build it: npm run build.');
  const page = await stage.open('/');
  const option = wholeOption(
    {
      xAxis: { type: 'value' },
      yAxis: { type: 'value' },
      series: [{ type: 'line', data: Array.from({ length: points }, () => 0) }],
    },
    lookOf('dark', () => '#888888'),
    plainInsets,
    'A hundred thousand points',
  );
  await page.evaluate(`(async () => {
    globalThis.openDrawing = (await import('/assets/${engine}')).openDrawing;
    globalThis.host = document.createElement('div');
    host.style.cssText = 'position:fixed;inset:0;width:1200px;height:400px;z-index:9';
    document.body.append(host);
    globalThis.option = ${JSON.stringify(option, (key, value: unknown) => (key === 'data' ? [] : value))};
    globalThis.prepare = (round) => {
      globalThis.drawing?.close();
      globalThis.drawing = openDrawing(host);
      const data = Array.from({ length: ${points} }, (_, i) => [i, Math.sin(i / 900) * 50 + ((i * 7919 + round) % 97)]);
      globalThis.series = option.series.map((each) => ({ ...each, data }));
    };
    // The library draws in the frame that follows.
    globalThis.draw = () => new Promise((resolve) => {
      drawing.draw({ ...option, series });
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    });
  })()`);
  const work: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.evaluate(`prepare(${round})`);
    const { tasks } = await traced(stage.browser, page, () => page.evaluate('draw()'));
    work.push(tasks.reduce((sum, { workMs }) => sum + workMs, 0));
  }
  budget(
    'chart-100000',
    percentileOf(work, 0.95),
    'ms',
    200,
    work.length,
    'main-thread work from its data to the end of its frame, the first one too; thinned by LTTB',
  );
  await page.context().close();
}

async function streamed(stage: Stage): Promise<void> {
  const key = await stage.server.integration('generic');
  await seedAlerts(stage, 200);
  const page = await stage.open('/alerts?view=heat', { probe: watchCanvas });
  await page.waitForSelector('.chart-canvas canvas', { timeout: 30_000 });
  await load({
    port: stage.server.port,
    connections: 4,
    seconds,
    rate: 50,
    request: (n) =>
      post('/webhooks/generic', key, {
        title: `Full ${n}`,
        service: `s-${n % 30}`,
        severity: 'sev3',
        dedupKey: `${n}`,
      }),
  });
  const times = (await page.evaluate('globalThis.drawnAt')) as number[];
  const most = Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
  budget(
    'chart-redraws',
    most,
    'a second',
    4,
    times.length,
    `the most in any second of ${seconds}, at 50 alerts a second`,
  );
}
