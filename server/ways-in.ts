// How alerts come in: sources with their keys, what is taken of them, and the demo that sends some.
import { AppError } from '#server/api/app-error.ts';
import type { Config } from '#server/config.ts';
import type { IntegrationKind } from '#server/contract/integration.ts';
import type { Database } from '#server/database/pool.ts';
import { createDemo } from '#server/modules/demo/service.ts';
import { ingestLimits } from '#server/modules/ingest/limits.ts';
import { previewGeneric } from '#server/modules/ingest/preview.ts';
import { createIngest } from '#server/modules/ingest/service.ts';
import { createIntegrations } from '#server/modules/integrations/service.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import type { ServiceCatalog } from '#server/services.ts';

export type WaysIn = ReturnType<typeof createWaysIn>;

export function createWaysIn(deps: {
  database: Database;
  log: EventLog;
  diskFull(): boolean;
  /** Where others reach this center, and where it reaches itself; without a trailing slash. */
  publicUrl(): string;
  ownUrl(): string;
  limitPerMinute: Config['ingestLimitPerMinute'];
  fillCatalog: ServiceCatalog['service']['fill'];
  clock: Clock;
  random: Random;
  logger: Logger;
}) {
  const { database, log, diskFull, publicUrl, ownUrl, limitPerMinute, fillCatalog, clock, random, logger } = deps;
  const integrations = createIntegrations({
    database,
    clock,
    random,
    logger,
    baseUrl: publicUrl,
    preview: (mapping, body) => previewGeneric(mapping, body, clock.now()),
  });
  const ingest = createIngest({
    log: {
      lag: log.lag,
      append(topic, records, deliveryId) {
        if (diskFull()) {
          throw new AppError(
            'disk-full',
            'The disk of this server is full, so nothing was taken. Free some space, then send it again.',
            {
              retryAfterSeconds: 30,
            },
          );
        }
        return log.append(topic, records, deliveryId);
      },
    },
    integrations,
    clock,
    random,
    limits: ingestLimits(limitPerMinute),
    logger,
  });
  const demo = createDemo({
    createIntegration: (actor, name, kind: IntegrationKind) =>
      integrations.create(actor, { name, kind, mapping: null }),
    fillCatalog,
    async post(path, key, body, signal) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const answer = await fetch(`${ownUrl()}${path}`, { method: 'POST', headers, body: JSON.stringify(body), signal });
      await answer.arrayBuffer();
      return answer.status;
    },
    clock,
    logger,
  });

  return { integrations, ingest, demo };
}
