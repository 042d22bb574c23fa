// Finding and ending processes that a test started, by their ids.
import { readdirSync, readFileSync } from 'node:fs';
import { processTree } from './server.ts';

/** The one process whose command line holds this argument and whose parent does not. */
export function pidOf(argument: string): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(argument));
  // The browser's own children carry the same argument; the eldest is the browser.
  const eldest = found.find((pid) => found.every((other) => other === pid || processTree(pid).includes(other)));
  if (eldest === undefined) throw new Error(`no process runs with ${argument}`);
  return eldest;
}

export async function killTree(pid: number): Promise<void> {
  const tree = processTree(pid);
  for (const each of tree) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
  await untilGone(tree);
}

export async function untilGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (!pids.some(isAlive)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`still running after 15 s: ${pids.filter(isAlive).join(', ')}`);
}

/** A zombie is not: it waits only for its parent to read its exit code. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
