// npm run electron:pack [-- --dir]: builds the client and the server, packs both for this platform, and reads back that its fuses are set.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { buildClient } from './build.mjs';
import { bundleServer } from './bundle-server.mjs';
import { writeLicences } from './licences.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await buildClient({ force: true });
await bundleServer();
writeLicences(root, join(root, 'out', 'licences.txt'));
const builder = [
  'node_modules/electron-builder/cli.js',
  '--config',
  'electron-builder.config.mjs',
  '--publish',
  'never',
];
const { status } = spawnSync(process.execPath, [...builder, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

// An Electron given by folder may be too old to have any.
if (process.env.TOCSIN_ELECTRON_DIST === undefined) await checkFuses();

async function checkFuses() {
  const places = ['linux-unpacked/tocsin', 'mac/Tocsin.app', 'mac-arm64/Tocsin.app', 'win-unpacked/Tocsin.exe'];
  const wanted = {
    RunAsNode: FuseState.DISABLE,
    EnableNodeOptionsEnvironmentVariable: FuseState.DISABLE,
    EnableNodeCliInspectArguments: FuseState.DISABLE,
    GrantFileProtocolExtraPrivileges: FuseState.DISABLE,
    EnableCookieEncryption: FuseState.ENABLE,
    OnlyLoadAppFromAsar: FuseState.ENABLE,
    EnableEmbeddedAsarIntegrityValidation: FuseState.ENABLE,
  };
  for (const binary of places.map((place) => join(root, 'dist', place)).filter((path) => existsSync(path))) {
    const wire = await getCurrentFuseWire(binary);
    const wrong = Object.entries(wanted).filter(([name, state]) => wire[FuseV1Options[name]] !== state);
    if (wrong.length > 0) {
      console.error(`${binary}: these fuses are not as they should be: ${wrong.map(([name]) => name).join(', ')}`);
      process.exitCode = 1;
    }
  }
}
