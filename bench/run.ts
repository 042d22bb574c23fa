// npm run bench -- NAME: one JSON object a line, each figure beside a baseline taken in the same run.
// @ts-expect-error a plain script
import { buildClient } from '../scripts/build.mjs';
import { benchClient } from './client.ts';
import { benchIngest } from './ingest.ts';
import { benchPaging } from './paging.ts';
import { benchPixel } from './pixel.ts';
import { benchStart } from './start.ts';
import { benchStorm } from './storm.ts';
import { benchWallSoak } from './wall-soak.ts';

const benches: Record<string, (part?: string) => Promise<void>> = {
  client: benchClient,
  ingest: benchIngest,
  paging: benchPaging,
  pixel: benchPixel,
  storm: benchStorm,
  start: benchStart,
  'wall-soak': benchWallSoak,
};

const name = process.argv[2] ?? '';
const bench = benches[name];
if (bench === undefined) {
  console.error(`No benchmark is called "${name}". There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
// Several open the client; a fresh build is left as it is.
await buildClient({ say: (text: string) => console.error(text) });
await bench(process.argv[3]);
