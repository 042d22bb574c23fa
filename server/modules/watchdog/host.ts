// What kind of machine this is, as far as it can be told.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const askWithinMs = 5_000;

/** Whether it runs on a battery of its own, as laptops do, and so sleeps with its lid. False where it cannot be told. */
export async function hasBattery(
  platform: NodeJS.Platform = process.platform,
  sources: { powerSupplies?: string; run?: (file: string, args: string[]) => Promise<string> } = {},
): Promise<boolean> {
  const run = sources.run ?? output;
  try {
    if (platform === 'linux') return await linuxBattery(sources.powerSupplies ?? '/sys/class/power_supply');
    if (platform === 'darwin') return /InternalBattery/.test(await run('pmset', ['-g', 'batt']));
    if (platform === 'win32') {
      const query = '(Get-CimInstance Win32_Battery | Measure-Object).Count';
      return Number((await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query])).trim()) > 0;
    }
  } catch {
    // No such folder or program: a container, or a machine without power management.
  }
  return false;
}

/** A battery that powers the machine; those of mice and headphones have the scope Device. */
async function linuxBattery(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    const field = async (file: string) => (await readFile(join(folder, name, file), 'utf8').catch(() => '')).trim();
    if ((await field('type')) === 'Battery' && (await field('scope')) !== 'Device') return true;
  }
  return false;
}

function output(file: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: askWithinMs, windowsHide: true }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
}
