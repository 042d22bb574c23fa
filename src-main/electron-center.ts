// A center in a process of Electron's own: RunAsNode is off in the packed app, so nothing else could run the program.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { app, utilityProcess } from 'electron';
import { forkCenter } from './center-process.ts';
import type { ForkCenter, NoLocalCenter } from './host.ts';

export function centerRunner(): ForkCenter | NoLocalCenter {
  if ((utilityProcess as typeof utilityProcess | undefined) === undefined) return 'old-electron';
  const program = join(process.resourcesPath, 'center/server/main.mjs');
  if (!app.isPackaged || !existsSync(program)) return 'not-packed';
  return (wanted) => forkCenter(utilityProcess, program, process.env, wanted);
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
