// Looks at and ends processes by id. A zombie still answers signal 0, so liveness is read from its state.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface ProcessEntry {
  pid: number;
  command: string;
}

export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  const state = stateOf(pid);
  return state !== null && state !== 'Z' && state !== 'X';
}

/** When the process started, in the kernel's own count; tells a process from a later one with the same id. */
export function startMark(pid: number): string | null {
  if (process.platform === 'linux') return statFields(pid)?.[19] ?? null;
  return fromPs(pid, 'lstart=');
}

/** Which machine, boot and set of process ids this is: only within one place can a pid be looked up. */
export function processPlace(hostname: string): string {
  if (process.platform !== 'linux') return hostname;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname;
  }
}

export function listProcesses(): ProcessEntry[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
          return command === '' ? [] : [{ pid: Number(name), command }];
        } catch {
          return [];
        }
      });
  }
  if (process.platform === 'win32') return [];
  return execFileSync('ps', ['-A', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(.*)$/.exec(line);
      return match?.[1] && match[2] ? [{ pid: Number(match[1]), command: match[2] }] : [];
    });
}

/** True when the signal was delivered or the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function stateOf(pid: number): string | null {
  if (process.platform === 'linux') return statFields(pid)?.[0] ?? null;
  if (process.platform !== 'win32') return fromPs(pid, 'stat=')?.charAt(0) ?? null;
  try {
    process.kill(pid, 0);
    return 'R';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'R' : null;
  }
}

/** The fields of /proc/PID/stat after the name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function fromPs(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
