// npm run sim -- --seeds 20000 [--start N]: many seeds; on failure says which, and what they broke.
import { parseArgs } from 'node:util';
import { simulate } from '#server/testkit/sim/simulate.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, start: { type: 'string', default: '1' } },
});
const count = Number(values.seeds);
const start = Number(values.start);
if (!Number.isInteger(count) || !Number.isInteger(start) || count < 1) {
  process.stderr.write('usage: npm run sim -- [--seeds COUNT] [--start SEED], both whole numbers\n');
  process.exit(2);
}

let failed = 0;
let alerts = 0;
let incidents = 0;
for (let seed = start; seed < start + count; seed += 1) {
  const result = await simulate(seed);
  alerts += result.alerts;
  incidents += result.incidents;
  if (result.broken.length > 0) {
    failed += 1;
    process.stdout.write(`seed ${seed} broke:\n${result.broken.map((promise) => `  ${promise}\n`).join('')}`);
  }
  if ((seed - start + 1) % 1_000 === 0)
    process.stdout.write(`${seed - start + 1} of ${count} seeds, ${failed} failed\n`);
}
process.stdout.write(`${count} seeds from ${start}: ${failed} failed; ${alerts} alerts, ${incidents} incidents\n`);
if (failed > 0) {
  process.stdout.write('Keep a failing seed in server/testkit/sim/regressions.json, so that every run tries it.\n');
  process.exit(1);
}
