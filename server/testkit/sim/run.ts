// npm run sim -- [--paging] --seeds 20000 [--start N]: many seeds; on failure says which, and what they broke.
import { parseArgs } from 'node:util';
import { explore } from '#server/testkit/paging-sim/explore.ts';
import { simulatePaging } from '#server/testkit/paging-sim/simulate-paging.ts';
import { simulate } from '#server/testkit/sim/simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    start: { type: 'string', default: '1' },
    paging: { type: 'boolean', default: false },
  },
});
const count = Number(values.seeds);
const start = Number(values.start);
if (!Number.isInteger(count) || !Number.isInteger(start) || count < 1) {
  process.stderr.write('usage: npm run sim -- [--paging] [--seeds COUNT] [--start SEED], both whole numbers\n');
  process.exit(2);
}

const run: (seed: number) => Promise<{ broken: string[] } & Record<string, unknown>> = values.paging
  ? async (seed) => ({ ...(await simulatePaging(seed)) })
  : async (seed) => ({ ...(await simulate(seed)) });
const counted = values.paging ? ['steps', 'pages', 'sent'] : ['alerts', 'incidents'];
const regressions = values.paging ? 'paging-sim/paging-regressions.json' : 'sim/regressions.json';

let failed = 0;
const sums = counted.map(() => 0);
for (let seed = start; seed < start + count; seed += 1) {
  const result = await run(seed);
  counted.forEach((name, index) => (sums[index] = (sums[index] ?? 0) + Number(result[name])));
  if (result.broken.length > 0) {
    failed += 1;
    process.stdout.write(`seed ${seed} broke:\n${result.broken.map((promise) => `  ${promise}\n`).join('')}`);
  }
  if ((seed - start + 1) % 1_000 === 0)
    process.stdout.write(`${seed - start + 1} of ${count} seeds, ${failed} failed\n`);
}
const totals = counted.map((name, index) => `${sums[index]} ${name}`).join(', ');
process.stdout.write(`${count} seeds from ${start}: ${failed} failed; ${totals}\n`);
if (failed > 0) {
  process.stdout.write(`Keep a failing seed in server/testkit/${regressions}, so that every run tries it.\n`);
  process.exit(1);
}
if (values.paging) {
  const { states, transitions, broken } = explore({}, { ticks: 3, flips: 2, crashes: 1 });
  const words = broken === null ? 'every promise held' : `${broken.promise}: ${broken.path.join(', ')}`;
  process.stdout.write(`${states} states and ${transitions} steps in small scope: ${words}\n`);
  if (broken !== null) process.exit(1);
}
