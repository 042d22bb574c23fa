// The catalog of services, put together: what the pipeline binds alerts with, what people edit, what clients read.
import { stringify } from 'yaml';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { fieldDiffs } from '#server/modules/config/as-code/diff.ts';
import { pathInWords, readDocuments } from '#server/modules/config/as-code/documents.ts';
import { nearestName } from '#server/modules/config/as-code/nearest.ts';
import { createCatalog } from '#server/modules/services/catalog.ts';
import { createServiceIntents } from '#server/modules/services/intents.ts';
import { createServices } from '#server/modules/services/service.ts';
import { readServicesForReplica, serviceStore } from '#server/modules/services/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export type ServiceCatalog = ReturnType<typeof createServiceCatalog>;

export function createServiceCatalog(deps: {
  database: SqlReader & Transactor;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}) {
  const catalog = createCatalog(serviceStore);
  const yaml = {
    readDocuments,
    pathInWords,
    nearestName,
    diff: (before: unknown, after: unknown) => fieldDiffs(before, after),
    stringify: (value: unknown) => stringify(value, { lineWidth: 120, aliasDuplicateObjects: false }),
  };
  return {
    catalog,
    handlers: createServiceIntents({ services: serviceStore }),
    readers: { service: readServicesForReplica },
    service: createServices({ ...deps, services: serviceStore, yaml }),
  };
}
