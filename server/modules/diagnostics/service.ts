import type { Actor } from '#server/api/context.ts';
import type { DeadLetter, DiagnosticsReport, DiskReport } from '#server/contract/diagnostics.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { readDatabaseFacts, readTables } from '#server/modules/diagnostics/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface Diagnostics {
  report(actor: Pick<Actor, 'role'>): Promise<DiagnosticsReport>;
  deadLetters(options: { limit: number; includeResolved: boolean }): Promise<DeadLetter[]>;
  replay(actor: Pick<Actor, 'userId'>, id: string): Promise<void>;
  discard(actor: Pick<Actor, 'userId'>, id: string): Promise<void>;
}

export function createDiagnostics(deps: {
  database: SqlReader;
  log: Pick<EventLog, 'lag' | 'deadLetters'> & { waiting(): number };
  topic: string;
  group: string;
  clock: Clock;
  logger: Logger;
  version: string;
  embedded: boolean;
  connectedClients(): number;
  disk(): DiskReport | null;
}): Diagnostics {
  const { clock, log } = deps;
  const startedAt = new Date(clock.now()).toISOString();

  return {
    async report(actor) {
      const asked = clock.monotonic();
      await deps.database.query('SELECT 1');
      const latencyMs = clock.monotonic() - asked;
      const [facts, lag, deadLetters, tables] = await Promise.all([
        readDatabaseFacts(deps.database),
        log.lag(deps.topic, deps.group),
        log.deadLetters.count(),
        roleAtLeast(actor.role, 'manager') ? readTables(deps.database) : null,
      ]);
      const now = clock.now();
      return {
        server: {
          version: deps.version,
          startedAt,
          runtime: `Node ${process.versions.node}`,
          memoryBytes: process.memoryUsage.rss(),
          connectedClients: deps.connectedClients(),
        },
        database: {
          version: facts.version,
          schemaVersion: facts.schemaVersion,
          sizeBytes: facts.sizeBytes,
          latencyMs: Math.round(latencyMs * 10) / 10,
          embedded: deps.embedded,
        },
        processing: {
          waitingRecords: lag.records,
          oldestWaitingMs: lag.oldestAgeMs,
          queuedRecords: log.waiting(),
          deadLetters,
        },
        clock: { now: new Date(now).toISOString(), databaseOffsetMs: Date.parse(facts.now) - now },
        disk: deps.disk(),
        tables,
      };
    },

    async deadLetters(options) {
      const letters = await log.deadLetters.list(options);
      return letters.map(({ topic: _topic, group: _group, ...letter }) => ({
        ...letter,
        parkedAt: new Date(letter.parkedAt).toISOString(),
        resolvedAt: letter.resolvedAt === null ? null : new Date(letter.resolvedAt).toISOString(),
      }));
    },

    async replay(actor, id) {
      await log.deadLetters.replay(id);
      deps.logger.info('a dead letter was replayed', { id, userId: actor.userId });
    },

    async discard(actor, id) {
      await log.deadLetters.discard(id);
      deps.logger.info('a dead letter was discarded', { id, userId: actor.userId });
    },
  };
}
