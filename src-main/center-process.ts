// A center as a child of the app: started, heard, and asked to stop over the port that Electron gives both ends.
import { dirname } from 'node:path';
import type { CenterProcess } from './host.ts';

const wordsMax = 600;

/** What of Electron's `utilityProcess` is needed. */
export interface UtilityProcesses {
  fork(
    program: string,
    args: string[],
    options: {
      cwd: string;
      env: Record<string, string>;
      stdio: ['ignore', 'ignore', 'pipe'];
      serviceName: string;
    },
  ): {
    readonly stderr: NodeJS.ReadableStream | null;
    on(event: 'message', listener: (message: { kind?: string; url?: string; loginLink?: string }) => void): unknown;
    on(event: 'exit', listener: (code: number) => void): unknown;
    on(event: 'error', listener: (type: string, location: string) => void): unknown;
    postMessage(message: object): void;
    kill(): boolean;
  };
}

export function forkCenter(
  processes: UtilityProcesses,
  program: string,
  env: NodeJS.ProcessEnv,
  { port, dataDir }: { port: number; dataDir: string },
): CenterProcess {
  const child = processes.fork(program, ['--child', '--port', String(port)], {
    cwd: dirname(dataDir),
    env: { ...withoutOurs(env), TOCSIN_HOST: '127.0.0.1', TOCSIN_DATA_DIR: dataDir },
    // Its first words hold the administrator's key, which belongs in no log.
    stdio: ['ignore', 'ignore', 'pipe'],
    serviceName: 'Tocsin center',
  });
  let words = '';
  child.stderr?.on('data', (part: Buffer) => {
    words = (words + part.toString()).slice(-wordsMax);
  });
  // Unheard it would count as a fault of the app itself.
  child.on('error', (type, location) => {
    words = `${type} at ${location}`;
  });
  return {
    onReady(listener) {
      child.on('message', (message) => {
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
