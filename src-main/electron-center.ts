// A center in a process of Electron's own: RunAsNode is off in the packed app, so nothing else could run the program.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { app, utilityProcess } from 'electron';
import type { CenterProcess, ForkCenter, NoLocalCenter } from './host.ts';

const wordsMax = 600;

export function centerRunner(): ForkCenter | NoLocalCenter {
  if ((utilityProcess as typeof utilityProcess | undefined) === undefined) return 'old-electron';
  const program = join(process.resourcesPath, 'center/server/main.mjs');
  if (!app.isPackaged || !existsSync(program)) return 'not-packed';
  return ({ port, dataDir }) => fork(program, port, dataDir);
}

function fork(program: string, port: number, dataDir: string): CenterProcess {
  const child = utilityProcess.fork(program, ['--child', '--port', String(port)], {
    cwd: dirname(dataDir),
    env: { ...withoutOurs(process.env), TOCSIN_HOST: '127.0.0.1', TOCSIN_DATA_DIR: dataDir },
    // Its first words hold the administrator's key, which belongs in no log.
    stdio: ['ignore', 'ignore', 'pipe'],
    serviceName: 'Tocsin center',
  });
  let words = '';
  child.stderr?.on('data', (part: Buffer) => {
    words = (words + part.toString()).slice(-wordsMax);
  });
  return {
    onReady(listener) {
      child.on('message', (message: { kind?: string; url?: string; loginLink?: string }) => {
        if (message.kind !== 'ready' || message.url === undefined) return;
        const { loginLink } = message;
        listener(message.url, loginLink === undefined ? null : new URL(loginLink).searchParams.get('token'));
      });
    },
    onExit(listener) {
      child.on('exit', (code) => listener(words.trim() === '' ? `exit code ${code}` : words.trim()));
    },
    stop: () => child.postMessage({ kind: 'stop' }),
    kill: () => void child.kill(),
  };
}

/** What configures another center must not configure this one. */
function withoutOurs(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !name.startsWith('TOCSIN_')) kept[name] = value;
  return kept;
}

/** The first one that is free from there on, or any. */
export async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + 20; port += 1) if (await isFree(port)) return port;
  return (await listening(0)) ?? from;
}

async function isFree(port: number): Promise<boolean> {
  return (await listening(port)) !== null;
}

function listening(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
