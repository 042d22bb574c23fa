import { join } from 'node:path';
// @ts-expect-error a plain script
import { firstScripts, gzipBytes } from '../../scripts/first-js.mjs';
import { budget } from './stage.ts';

/** The scripts that are fetched before the first screen shows. The build fails beyond the budget. */
export async function benchFirstJs(): Promise<void> {
  const folder = join(import.meta.dirname, '../../out/renderer');
  const names = await firstScripts(folder, 'page');
  budget('first-js', (await gzipBytes(folder, names)) / 1_024, 'KB', 600, names.length, 'gzip');
}
