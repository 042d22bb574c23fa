// The server's process: settings in, signals and the end of its starter heard, exit code out.
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createStderrLogger } from '#server/adapters/system/logger.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createApp } from '#server/app.ts';
import { type Config, loadConfig } from '#server/config.ts';
import { explainStartFailure } from '#server/start-error.ts';
import { createStarter } from '#server/starter.ts';

const stopWithinMs = 30_000;
const clock = createSystemClock();
const config = readConfig();
const logger = createStderrLogger(config.isChild ? 'warn' : 'info', clock);
const app = createApp({
  config,
  clock,
  random: createSystemRandom(clock),
  logger,
  progress: (text) => console.log(`${text} …`),
  adminKeyMade: (key) => console.log(`The administrator's API key, shown this once:\n  ${key}`),
});
let stoppingSince: number | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopOrLeave());
// When its starter is gone, however it went, nobody is left to stop the server.
const starter = createStarter(process);
starter.onEnd(() => void stop(0));
process.on('uncaughtException', (error) => {
  logger.error('server: unexpected failure, stopping', { error: error.stack ?? String(error) });
  void stop(1);
});
// A closed terminal must not keep the server from stopping in order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  const { url, loginLink } = await app.start();
  console.log(`Tocsin runs at ${url}`);
  if (config.isChild) starter.tell({ kind: 'ready', url, loginLink });
  else if (loginLink !== undefined) console.log(`Sign in once at ${loginLink}`);
} catch (error) {
  console.error(explainStartFailure(error));
  await stop(1);
}

function readConfig(): Config {
  try {
    return loadConfig();
  } catch (error) {
    console.error(explainStartFailure(error));
    return process.exit(1);
  }
}

/** Asked again after a second: leave now. (One Ctrl-C under npm arrives twice.) The database ends with us. */
function stopOrLeave(): void {
  if (stoppingSince !== null && clock.monotonic() - stoppingSince > 1_000) process.exit(130);
  void stop(0);
}

async function stop(exitCode: number): Promise<void> {
  if (stoppingSince !== null) return;
  stoppingSince = clock.monotonic();
  clock.setTimer(stopWithinMs, () => {
    logger.error('server: did not stop in time, leaving');
    process.exit(1);
  });
  try {
    await app.stop();
  } catch (error) {
    logger.error('server: stopping failed', { error: error instanceof Error ? (error.stack ?? '') : String(error) });
    process.exit(1);
  }
  process.exit(exitCode);
}
