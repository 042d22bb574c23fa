// Builds the client (main process, preload, page) when its sources are newer than what was built. npm run build.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstScripts, gzipBytes } from './first-js.mjs';
import { writeLicences } from './licences.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'out', 'built-from');
const sources = ['src-main', 'src-renderer', 'server/contract', 'electron.vite.config.ts', 'package-lock.json'];

/** Answers whether anything had to be built. Rejects with the builder's words when it fails. */
export async function buildClient({ force = false, say = console.log } = {}) {
  const stamp = await contentHash();
  const built = await readFile(stampFile, 'utf8').catch(() => '');
  if (!force && built === stamp) return false;
  const began = performance.now();
  say('Building the client …');
  // Without its stamp an interrupted build is made again.
  await rm(stampFile, { force: true });
  await run(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn']);
  await within(join(root, 'out', 'renderer'));
  // A browser is given the client as well: what it is made of goes with it.
  writeLicences(root, join(root, 'out', 'renderer', 'licences.txt'));
  await writeFile(stampFile, stamp);
  say(`Built the client in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return true;
}

/** What a browser has to fetch before it shows the first screen (UX.md 9). */
const firstScriptsMax = 600 * 1024;

async function within(folder) {
  const names = await firstScripts(folder, 'page');
  const bytes = await gzipBytes(folder, names);
  if (bytes <= firstScriptsMax) return;
  throw new Error(
    `The first screen loads ${Math.round(bytes / 1024)} KB of scripts (gzip) in ${names.length} files; ${firstScriptsMax / 1024} KB is the most. ` +
      'Something heavy is imported where it should be loaded when it is opened.',
  );
}

async function contentHash() {
  const hash = createHash('sha256');
  for (const source of sources) await addTo(hash, source);
  return hash.digest('hex');
}

async function addTo(hash, path) {
  let text;
  try {
    text = await readFile(join(root, path));
  } catch (error) {
    if (error.code !== 'EISDIR') throw error;
    const names = (await readdir(join(root, path))).toSorted();
    for (const name of names) if (!/\.test\.tsx?$/.test(name)) await addTo(hash, `${path}/${name}`);
    return;
  }
  hash.update(`${path}\0${text.length}\0`).update(text);
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The client could not be built:\n${output}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildClient({ force: true }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
