// npm run bench -- NAME: one JSON object a line, each figure beside a baseline taken in the same run.
import { benchIngest } from './ingest.ts';
import { benchPaging } from './paging.ts';
import { benchPixel } from './pixel.ts';
import { benchStart } from './start.ts';
import { benchStorm } from './storm.ts';

const benches: Record<string, () => Promise<void>> = {
  ingest: benchIngest,
  paging: benchPaging,
  pixel: benchPixel,
  storm: benchStorm,
  start: benchStart,
};

const name = process.argv[2] ?? '';
const bench = benches[name];
if (bench === undefined) {
  console.error(`No benchmark is called "${name}". There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
await bench();
