// npm test: every check there is. Its last line is "N passed, N failed, N skipped" over all of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { buildClient } from './build.mjs';
import { staticChecks } from './checks.mjs';
import { runStep } from './run-step.mjs';
import { installElectronLibraries, missingLibraries, prepareTestTools } from './system-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const minute = 60_000;
const began = performance.now();
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];
/** Passed, but only when tried once more: not a failure, and never to be overlooked. */
const flaky = [];
const reports = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
const abort = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => abort.abort());
process.on('disconnect', () => abort.abort());

try {
  // Beside each other: the build and some checks use one core each.
  const checking = runChecks();
  const env = await prepare().finally(() => checking);
  await runUnits(env);
  await runBrowser(env);
} catch (error) {
  // The script's own failure must not look like a run of fewer tests.
  fail('npm test itself', error.stack);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
if (abort.signal.aborted) fail('npm test', 'it was interrupted');
summary();

/** Sets up what the suites need; what fails here shows as skipped or failed, never as passed. */
async function prepare() {
  heading('set-up');
  const { env, missing } = await prepareTestTools();
  if (env.TOCSIN_TEST_ELECTRON !== undefined) {
    if ((await missingLibraries(env.TOCSIN_TEST_ELECTRON)).length > 0)
      await installElectronLibraries().catch(() => undefined);
    const libraries = await missingLibraries(env.TOCSIN_TEST_ELECTRON);
    if (libraries.length > 0) {
      missing.electron = `it lacks ${libraries.join(', ')}`;
      delete env.TOCSIN_TEST_ELECTRON;
    }
  }
  for (const [name, reason] of Object.entries(missing)) {
    console.log(`\n!!! NOT AVAILABLE: ${name}. ${reason}\n!!! Tests that need it are SKIPPED.\n`);
    env[`TOCSIN_TEST_MISSING_${name.toUpperCase()}`] = reason;
  }
  try {
    await buildClient({ say: (text) => console.log(text) });
    pass('build of the client');
  } catch (error) {
    console.log(error.message);
    fail('build of the client', error.message);
  }
  return env;
}

async function runChecks() {
  for (const check of staticChecks) await runCheck(check);
}

async function runCheck({ name, command }) {
  if (abort.signal.aborted) return;
  heading(name);
  const { code, output } = await runStep(process.execPath, command, {
    cwd: root,
    withinMs: 5 * minute,
    show: false,
    signal: abort.signal,
  });
  if (code === 0) {
    pass(name);
    return;
  }
  console.log(output);
  fail(name, code === null ? 'ran out of time' : `exit code ${code}`);
}

async function runUnits(env) {
  if (abort.signal.aborted) return;
  heading('vitest: server, renderer, main');
  const file = join(reports, 'vitest.json');
  const { code } = await runStep(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--retry=1',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    // Its dots would be coloured one by one wherever CI is set.
    { cwd: root, env: { ...env, NO_COLOR: '1' }, withinMs: 20 * minute, signal: abort.signal },
  );
  const before = total.failed;
  const report = readReport(file);
  for (const suite of report?.testResults ?? []) {
    const where = suite.name.replace(`${root}/`, '');
    for (const test of suite.assertionResults) {
      const name = `${where}: ${test.fullName}`;
      // What failed at first keeps its messages.
      if (test.status === 'passed') pass(name, false, test.failureMessages.join('\n'));
      else if (test.status === 'failed') fail(name, test.failureMessages.join('\n').slice(0, 600));
      else skip(name, reasonIn(test.fullName));
    }
    if (suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed')) {
      fail(where, suite.message || 'the file could not be run');
    }
  }
  noteExit('vitest', code, report !== null, total.failed > before);
}

async function runBrowser(env) {
  if (abort.signal.aborted) return;
  heading('playwright: end to end and the desktop shell');
  const file = join(reports, 'playwright.json');
  const { code } = await runStep(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--retries=1', '--reporter=list,json'],
    {
      cwd: root,
      // Some twenty servers are started, each of the same hundreds of modules: compiled by the first.
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file, NODE_COMPILE_CACHE: join(reports, 'compiled') },
      withinMs: 20 * minute,
      signal: abort.signal,
    },
  );
  const before = total.failed;
  const report = readReport(file);
  for (const suite of report?.suites ?? []) countSpecs(suite, []);
  for (const error of report?.errors ?? []) fail('playwright', error.message ?? 'a file could not be run');
  noteExit('playwright', code, report !== null, total.failed > before);
}

function countSpecs(suite, path) {
  const here = [...path, suite.title];
  for (const inner of suite.suites ?? []) countSpecs(inner, here);
  for (const spec of suite.specs ?? []) {
    const name = [...here, spec.title].join(' › ');
    const [test] = spec.tests;
    if (test.status === 'expected') pass(name, false);
    else if (test.status === 'flaky') pass(name, false, whyFailed(test.results[0]));
    else if (test.status === 'skipped') {
      skip(
        name,
        test.annotations.find((note) => note.type === 'skip')?.description ??
          'it did not run: an earlier test of its series failed',
      );
    } else fail(name, whyFailed(test.results.at(-1)));
  }
}

/** What one run of a test said, without the colours of a terminal: the end of a log is all that some readers get. */
function whyFailed(result) {
  return stripVTControlCharacters(result?.errors?.[0]?.message ?? 'no reason given').slice(0, 1_200);
}

/** A runner that ended badly without a failed test, or left no report, is itself a failure. */
function noteExit(name, code, reported, failed) {
  if (!reported)
    fail(name, code === null ? 'ran out of time, and no report was written' : `exit code ${code}, no report`);
  else if (code === null) fail(name, 'ran out of time');
  else if (code !== 0 && !failed) fail(name, `exit code ${code} with no failed test: an error outside any test`);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Skipped tests carry their reason in brackets. */
function reasonIn(title) {
  return /\[([^\]]+)\]/.exec(title)?.[1] ?? 'no reason given';
}

function heading(text) {
  console.log(`\n── ${text} (${Math.round((performance.now() - began) / 1000)} s)`);
}

/** `atFirst` is why it failed when it was first tried. */
function pass(name, show = true, atFirst = '') {
  total.passed += 1;
  if (atFirst !== '') flaky.push(`${name}: ${atFirst.slice(0, 1_200)}`);
  if (show) console.log(`✓ ${name}`);
}

function fail(name, why) {
  total.failed += 1;
  failures.push(`${name}: ${why}`);
}

function skip(name, why) {
  total.skipped += 1;
  skips.push(`${name}: ${why}`);
}

function summary() {
  for (const text of skips) console.log(`SKIPPED ${text}`);
  for (const text of flaky) console.log(`FLAKY, passed when tried once more: ${text}`);
  for (const text of failures) console.log(`FAILED ${text}`);
  if (flaky.length > 0) console.log(`\n${flaky.length} flaky: each is a fault, of the test or of the product`);
  console.log(`\nin ${Math.round((performance.now() - began) / 1000)} s`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed === 0 ? 0 : 1);
}
