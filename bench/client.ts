// Every row of UX.md 9 on this machine: the built page in a real Chromium, against a server in a process of its own.
import { benchAlerts } from './client/alerts.ts';
import { benchCatchUp } from './client/catch-up.ts';
import { benchChart } from './client/chart.ts';
import { benchFirstJs } from './client/first-js.ts';
import { benchFirstPaint } from './client/start.ts';
import { benchMap } from './client/map.ts';
import { benchTimeline } from './client/timeline.ts';
import { runParts } from './parts.ts';

const rows: Record<string, () => Promise<void>> = {
  'first-js': benchFirstJs,
  start: benchFirstPaint,
  alerts: benchAlerts,
  map: benchMap,
  timeline: benchTimeline,
  chart: benchChart,
  'catch-up': benchCatchUp,
};

export function benchClient(name?: string): Promise<void> {
  return runParts('client', rows, name);
}
