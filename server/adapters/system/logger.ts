import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One JSON object a line. */
export function createStderrLogger(
  level: LogLevel,
  clock: Clock,
  write: (line: string) => void = writeToStderr,
): Logger {
  const least = logLevels.indexOf(level);
  const make = (bound: Record<string, unknown>): Logger => {
    const at =
      (name: LogLevel) =>
      (message: string, fields: Record<string, unknown> = {}): void => {
        if (logLevels.indexOf(name) < least) return;
        write(
          `${JSON.stringify({ at: new Date(clock.now()).toISOString(), level: name, message, ...bound, ...fields }, plain)}\n`,
        );
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...bound, ...fields }),
    };
  };
  return make({});
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  return typeof value === 'bigint' ? value.toString() : value;
}
