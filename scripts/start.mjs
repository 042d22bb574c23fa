// npm start: builds what is newer than its build, runs the server, opens it in a window, and ends everything together.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildClient } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const electronWithinMs = 25_000;
const usage = `npm start -- [--demo] [--speed NUMBER] [--port NUMBER] [--no-open]
  --demo       plays the scripted outage of a small shop
  --speed N    plays it N times as fast
  --port N     listens there instead of at 7300
  --no-open    opens no window, prints a sign-in link`;

let server = null;
let client = null;
let downloading = null;
let stoppingSince = null;
/** When the server ended by itself after it was ready. */
const crashes = [];
const crashesMost = 5;
const crashWindowMs = 10 * 60_000;

const flags = readFlags();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
process.on('disconnect', () => void stop(0));

try {
  const open = flags.open && hasDisplay();
  const electron = open && canRunElectron() ? fetchElectron() : Promise.resolve(null);
  await buildClient();
  const binary = await electron;
  if (stoppingSince === null) {
    const { url, loginLink } = await startServer();
    if (stoppingSince === null) show({ url, link: loginLink ?? url, open, binary });
  }
} catch (error) {
  console.error(error.message);
  await stop(1);
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        demo: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        port: { type: 'string' },
        speed: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const forServer = [
      ...(values.demo ? ['--demo'] : []),
      ...(values.port === undefined ? [] : ['--port', values.port]),
      ...(values.speed === undefined ? [] : ['--speed', values.speed]),
    ];
    return { open: !values['no-open'], forServer };
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    return process.exit(1);
  }
}

function startServer(serverFlags = flags.forServer) {
  return new Promise((resolve, reject) => {
    // A group of its own: Ctrl-C comes here, and from here the server is asked to stop once.
    server = spawn(process.execPath, ['server/main.ts', '--child', ...serverFlags], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    server.on('error', reject);
    let ready = false;
    server.on('message', (message) => {
      if (message.kind !== 'ready') return;
      ready = true;
      resolve(message);
    });
    server.on('exit', (code, signal) => {
      server = null;
      if (stoppingSince !== null) return;
      // It has said why on standard error.
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      crashes.push(performance.now());
      const lately = crashes.filter((at) => performance.now() - at < crashWindowMs).length;
      if (!ready || lately > crashesMost) {
        console.error(`The server ${how}.`);
        void stop(code || 1);
        return;
      }
      // A pager that stays down after one crash pages nobody.
      console.error(`The server ${how}; starting it again (${lately} of ${crashesMost} times in ten minutes).`);
      startServer(flags.forServer.filter((flag) => flag !== '--demo')).catch(() => undefined);
    });
  });
}

function show({ url, link, open, binary }) {
  if (!open) return printLink(link, flags.open ? 'There is no display here. Open in a browser:' : 'Open in a browser:');
  if (binary === null) return openBrowser(link);
  const began = performance.now();
  client = spawn(binary, [root], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'ignore'],
    // Not on the command line, which other accounts can read.
    env: { ...process.env, TOCSIN_CENTER_URL: url, TOCSIN_LOGIN_LINK: link },
  });
  client.on('error', () => openBrowser(link));
  client.on('exit', (code) => {
    client = null;
    if (stoppingSince !== null) return;
    if (code !== 0 && performance.now() - began < 10_000) {
      console.log('The window could not be opened, using the browser instead.');
      openBrowser(link);
    } else void stop(0);
  });
}

function openBrowser(link) {
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
  const browser = spawn(command, [...args, link], { stdio: 'ignore', detached: true });
  browser.on('error', () => printLink(link, 'No browser could be opened. Open this yourself:'));
  browser.on('exit', (code) => {
    if (code === 0) console.log('Opened in the browser. Ctrl-C here stops the center.');
    else printLink(link, 'No browser could be opened. Open this yourself:');
  });
  browser.unref();
}

function printLink(link, words) {
  console.log(`\n  ${words}\n\n    ${link}\n\n  The link signs in once. Ctrl-C stops the center.\n`);
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Chromium's sandbox does not work for root, and a center is not opened without it. */
function canRunElectron() {
  return process.getuid?.() !== 0;
}

/** Electron's own binary comes from outside the package registry; without it the browser does. */
async function fetchElectron() {
  const there = electronBinary();
  if (there !== null) return there;
  console.log('Fetching Electron (once; the browser is used if that fails) …');
  downloading = spawn(process.execPath, ['node_modules/electron/install.js'], { cwd: root, stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    downloading.on('error', () => resolve('failed'));
    downloading.on('exit', (code) => resolve(code === 0 ? 'done' : 'failed'));
  }).finally(() => {
    downloading = null;
  });
  const limit = new Promise((resolve) => setTimeout(resolve, electronWithinMs, 'late').unref());
  const outcome = await Promise.race([ended, limit]);
  if (outcome === 'failed') console.log('Electron could not be fetched here, using the browser.');
  if (outcome === 'late') console.log('Electron is still on its way and is used at the next start; using the browser.');
  return outcome === 'done' ? electronBinary() : null;
}

function electronBinary() {
  const dir = join(root, 'node_modules', 'electron');
  try {
    const path = join(dir, 'dist', readFileSync(join(dir, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

async function stop(code) {
  if (stoppingSince !== null) {
    // One Ctrl-C under npm arrives twice; a second one by hand means now.
    if (performance.now() - stoppingSince > 1_000) server?.kill('SIGKILL');
    return;
  }
  stoppingSince = performance.now();
  if (server !== null && code === 0) console.log('Stopping …');
  const ended = [client, server, downloading].filter(Boolean).map((child) => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 35_000);
    return gone.finally(() => clearTimeout(force));
  });
  await Promise.all(ended);
  process.exit(code);
}
