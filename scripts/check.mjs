// npm run check: types, lint and boundaries, format, dead code, and the unit tests; no set-up beyond npm's packages.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { staticChecks } from './checks.mjs';
import { runStep } from './run-step.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checks = [
  ...staticChecks,
  { name: 'unit tests', command: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot'] },
];
let bad = 0;
for (const { name, command } of checks) {
  const { code, output } = await runStep(process.execPath, command, { cwd: root, withinMs: 10 * 60_000, show: false });
  if (code !== 0) {
    bad += 1;
    console.log(output);
  }
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
}
process.exit(bad === 0 ? 0 : 1);
