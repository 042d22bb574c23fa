// node scripts/boot.mjs FILE [args]: makes a bare clone ready, then runs FILE under Node 24. Stock Node 20 can run this.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const suffix = process.platform === 'win32' ? '.exe' : '';
const isNode24 = Number(process.versions.node.split('.')[0]) >= 24;
const [target, ...args] = process.argv.slice(2);

if (target === undefined) {
  console.error('usage: node scripts/boot.mjs FILE [args]');
  process.exit(1);
}
process.chdir(root);
if (!packagesInstalled()) await withInstallLock(install);
await run();

/** npm writes this list as the last thing of a whole install, and its absence or difference means: do it again. */
function packagesInstalled() {
  try {
    const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
    const there = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, entry]) => path === '' || there[path]?.version === entry.version || entry.optional || entry.devOptional,
    );
  } catch {
    return false;
  }
}

async function withInstallLock(work) {
  mkdirSync('.boot', { recursive: true });
  const lock = join('.boot', 'installing');
  for (let said = false; ; said = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(lock, 'utf8'));
    if (!alive(holder)) rmSync(lock, { force: true });
    else {
      if (!said) console.log(`Packages are being installed by process ${holder}, waiting for it …`);
      await new Promise((done) => setTimeout(done, 500));
    }
  }
  try {
    if (!packagesInstalled()) await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function install() {
  const node = isNode24 ? process.execPath : await bootNode();
  await step(
    'Installing packages (about half a minute, once)',
    node,
    [...npmCommand(), 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'Packages could not be installed. Is the package registry reachable? Then run the same command again.',
  );
  if (!packagesInstalled()) fail('npm ci ended well, but packages are missing. Remove node_modules and try again.');
}

/** A Node 24 of our own, so that packages install under the version they ask for. */
async function bootNode() {
  const version = JSON.parse(readFileSync('package.json', 'utf8')).devDependencies.node;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${process.arch}`;
  const binary = resolve('.boot', 'node_modules', name, 'bin', `node${suffix}`);
  if (spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`) return binary;
  await step(
    `Fetching Node ${version} (this is ${process.version})`,
    process.execPath,
    [
      ...npmCommand(),
      'install',
      '--prefix',
      '.boot',
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${name}@${version}`,
    ],
    `Node ${version} could not be fetched. Is the package registry reachable? Or install Node 24 yourself.`,
  );
  return binary;
}

function npmCommand() {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm?.endsWith('.js') || fromNpm?.endsWith('.cjs')) return [fromNpm];
  for (const dir of [
    dirname(process.execPath),
    ...(process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':'),
  ]) {
    for (const place of ['node_modules/npm/bin/npm-cli.js', '../lib/node_modules/npm/bin/npm-cli.js']) {
      if (existsSync(join(dir, place))) return [join(dir, place)];
    }
  }
  return fail('npm was not found. Run this as npm start or npm test.');
}

/** Says what takes long, and that it is still going on. */
async function step(title, command, commandArgs, failure) {
  console.log(`${title} …`);
  const began = Date.now();
  const beat = setInterval(() => console.log(`  … ${Math.round((Date.now() - began) / 1000)} s`), 10_000);
  const child = spawn(command, commandArgs, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      npm_config_update_notifier: 'false',
      PATH: `${dirname(command)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    },
  });
  let interrupted = false;
  const stop = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const code = await new Promise((done) => {
    child.on('error', () => done(1));
    child.on('exit', (exitCode) => done(exitCode ?? 1));
  });
  clearInterval(beat);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (code === 0 && !interrupted) return;
  rmSync(join('.boot', 'installing'), { force: true });
  fail(interrupted ? 'Interrupted. The next start goes on from here.' : failure);
}

async function run() {
  const file = resolve(root, target);
  if (isNode24) {
    endWithNpm(() => process.kill(process.pid, 'SIGTERM'));
    process.argv = [process.argv[0], file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  const installed = resolve('node_modules', 'node', 'bin', `node${suffix}`);
  const node = spawnSync(installed, ['--version']).status === 0 ? installed : await bootNode();
  // The channel carries nothing: its end tells the child that this process is gone, however it went.
  const child = spawn(node, [file, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    },
  });
  // A Ctrl-C in a terminal reaches the child by itself too; it takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(() => child.kill('SIGTERM'));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
}

/** npm killed outright, or a shell between us that died of the signal meant for us: another parent is all we see. */
function endWithNpm(end) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 500);
  watch.unref();
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
