import type { Logger } from '#server/ports/logger.ts';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: Record<string, unknown>;
}

export interface MemoryLogger extends Logger {
  /** Shared with children. */
  entries: LogEntry[];
}

export function createMemoryLogger(entries: LogEntry[] = [], bound: Record<string, unknown> = {}): MemoryLogger {
  const at =
    (level: LogEntry['level']) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      entries.push({ level, message, fields: { ...bound, ...fields } });
    };
  return {
    entries,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createMemoryLogger(entries, { ...bound, ...fields }),
  };
}
