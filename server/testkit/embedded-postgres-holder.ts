// A process of its own that holds an embedded PostgreSQL until it is killed; tests fork it.
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { startEmbeddedPostgres } from '#server/database/embedded/start.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const clock = createSystemClock();
await startEmbeddedPostgres({
  dataDir: process.argv[2] ?? '',
  port: 7398,
  clock,
  random: createSystemRandom(clock),
  logger: createMemoryLogger(),
});
process.send?.('ready');
