import { median } from '../e2e/harness/load.ts';
import { report } from './report.ts';
import { processTree, pssMb, startServer } from '../e2e/harness/server.ts';

const rounds = 5;

/** Cold: an empty data folder. Warm: the same folder again. Goals: ready in 5 s and 2 s, 500 MB in all. */
export async function benchStart(): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  const memory: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const fresh = await startServer();
    cold.push(fresh.readyMs);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    memory.push(pssMb(processTree(fresh.pid)));
    await fresh.stop();
    const again = await startServer({ dataDir: fresh.dataDir, adminToken: fresh.adminToken });
    warm.push(again.readyMs);
    await again.stop();
    await fresh.remove();
  }
  const line = (name: string, values: number[], unit: string, goal: number) =>
    report({
      name,
      value: median(values),
      unit,
      baseline: goal,
      ratio: median(values) / goal,
      n: values.length,
      note: 'baseline is the goal',
    });
  line('start.cold', cold, 'ms', 5_000);
  line('start.warm', warm, 'ms', 2_000);
  line('start.memory-pss', memory, 'MB', 500);
}
