// The PostgreSQL that a center brings along, started by a bench on a data folder of its choice.
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createStderrLogger } from '#server/adapters/system/logger.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { startEmbeddedPostgres } from '#server/database/embedded/start.ts';

export function startBenchPostgres(dataDir: string): ReturnType<typeof startEmbeddedPostgres> {
  const clock = createSystemClock();
  return startEmbeddedPostgres({
    dataDir,
    port: 0,
    clock,
    random: createSystemRandom(clock),
    logger: createStderrLogger('error', clock),
  });
}
