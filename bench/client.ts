// Every row of UX.md 9 on this machine: the built page in a real Chromium, against a server in a process of its own.
// @ts-expect-error a plain script
import { buildClient } from '../scripts/build.mjs';
import { benchAlerts } from './client/alerts.ts';
import { benchCatchUp } from './client/catch-up.ts';
import { benchChart } from './client/chart.ts';
import { benchFirstJs } from './client/first-js.ts';
import { benchFirstPaint } from './client/start.ts';
import { benchMap } from './client/map.ts';
import { benchTimeline } from './client/timeline.ts';

const rows: Record<string, () => Promise<void>> = {
  'first-js': benchFirstJs,
  start: benchFirstPaint,
  alerts: benchAlerts,
  map: benchMap,
  timeline: benchTimeline,
  chart: benchChart,
  'catch-up': benchCatchUp,
};

/** One row by its name, or all of them one after another. */
export async function benchClient(name: string | undefined): Promise<void> {
  const one = name === undefined ? undefined : rows[name];
  if (name !== undefined && one === undefined) {
    console.error(`No row of the client is called "${name}". There are: ${Object.keys(rows).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  await buildClient({ say: (text: string) => console.error(text) });
  for (const row of one === undefined ? Object.values(rows) : [one]) await row();
}
