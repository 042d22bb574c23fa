import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { GenericMapping, Integration, IntegrationKind, MappingTrial } from '#server/contract/integration.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import { type CompiledMapping, compileMapping, type FieldError } from '#server/expressions/mapping.ts';
import { createCounters } from '#server/modules/integrations/counters.ts';
import { keyHash, keyHint, newKey } from '#server/modules/integrations/key.ts';
import { createKnownKeys } from '#server/modules/integrations/known-keys.ts';
import {
  addCounts,
  insertIntegration,
  integrationByKeyHash,
  type IntegrationChange,
  listIntegrations,
  lockKinds,
  removeIntegration,
  replaceKey,
  updateIntegration,
} from '#server/modules/integrations/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface IntegrationsDeps {
  database: SqlReader & Transactor;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Where senders reach this server, without a slash at the end. */
  baseUrl(): string;
  /** What the generic source would make of a body. */
  preview(mapping: CompiledMapping | null, body: unknown): Pick<MappingTrial, 'alerts' | 'rejected' | 'reason'>;
}

/** The key is told here and never again. */
export interface IntegrationKey {
  id: string;
  key: string;
  url: string;
  integration: Integration;
}

export interface StarterIntegration {
  id: string;
  name: string;
  kind: IntegrationKind;
  url: string;
  /** Null when there was one of this kind already: its key was shown when it was made. */
  key: string | null;
}

export type Integrations = ReturnType<typeof createIntegrations>;

const paths: Record<IntegrationKind, string> = {
  alertmanager: '/api/v1/alerts/webhook',
  'events-v2': '/v2/enqueue',
  grafana: '/webhooks/grafana',
  generic: '/webhooks/generic',
};
const starters: readonly { kind: IntegrationKind; name: string }[] = [
  { kind: 'generic', name: 'first-alert' },
  { kind: 'alertmanager', name: 'alertmanager' },
  { kind: 'events-v2', name: 'events-v2' },
];

export function createIntegrations(deps: IntegrationsDeps) {
  const { database, clock, random, logger } = deps;
  const now = () => new Date(clock.now()).toISOString();
  const keys = createKnownKeys({ clock, logger, find: (hash) => integrationByKeyHash(database, hash) });
  const counters = createCounters({
    clock,
    logger,
    write: (counts) => database.withTransaction((tx) => addCounts(tx, now(), counts)),
  });

  function urlOf(kind: IntegrationKind): string {
    return `${deps.baseUrl()}${paths[kind]}`;
  }

  function drawKey() {
    const key = newKey(random);
    return { key, stored: { keyHash: keyHash(key), keyHint: keyHint(key) } };
  }

  return {
    byKey: keys.byKey,
    seen: counters.seen,
    flush: counters.flush,
    start: counters.start,
    stop: counters.stop,
    list: () => listIntegrations(database),

    async create(
      actor: Actor,
      draft: { name: string; kind: IntegrationKind; mapping: GenericMapping | null },
    ): Promise<IntegrationKey> {
      checkMapping(draft.kind, draft.mapping);
      const { key, stored } = drawKey();
      const integration = await database.withTransaction((tx) =>
        insertIntegration(tx, now(), { id: random.uuid(), ...draft, ...stored }),
      );
      // A key that was tried before it existed.
      keys.forget();
      logger.info('integration created', { integrationId: integration.id, kind: draft.kind, by: actor.userId });
      return { id: integration.id, key, url: urlOf(draft.kind), integration };
    },

    async update(actor: Actor, id: string, change: IntegrationChange): Promise<Integration> {
      if (change.mapping !== undefined && change.mapping !== null) {
        const current = (await listIntegrations(database)).find((integration) => integration.id === id);
        checkMapping(current?.kind ?? 'generic', change.mapping);
      }
      const integration = await database.withTransaction((tx) => updateIntegration(tx, now(), id, change));
      keys.forget();
      if (integration === null) throw notFound();
      logger.info('integration changed', { integrationId: id, fields: Object.keys(change), by: actor.userId });
      return integration;
    },

    /** The old key stops working: here at once, on other servers within 5 s. */
    async rotate(actor: Actor, id: string): Promise<IntegrationKey> {
      const { key, stored } = drawKey();
      const integration = await database.withTransaction((tx) => replaceKey(tx, now(), id, stored));
      keys.forget();
      if (integration === null) throw notFound();
      logger.info('integration key replaced', { integrationId: id, by: actor.userId });
      return { id, key, url: urlOf(integration.kind), integration };
    },

    async remove(actor: Actor, id: string): Promise<void> {
      const removed = await database.withTransaction((tx) => removeIntegration(tx, now(), id));
      keys.forget();
      if (!removed) throw notFound();
      logger.info('integration deleted', { integrationId: id, by: actor.userId });
    },

    /** Makes one of each kind that the first-run screen shows a command for, where there is none yet. */
    async ensureStarters(actor: Actor): Promise<StarterIntegration[]> {
      const made = await database.withTransaction(async (tx) => {
        const kinds = await lockKinds(tx);
        const added = new Map<IntegrationKind, string>();
        for (const starter of starters.filter(({ kind }) => !kinds.has(kind))) {
          const { key, stored } = drawKey();
          await insertIntegration(tx, now(), { id: random.uuid(), ...starter, mapping: null, ...stored });
          added.set(starter.kind, key);
        }
        return added;
      });
      if (made.size > 0) logger.info('starter integrations created', { kinds: [...made.keys()], by: actor.userId });
      keys.forget();
      const all = await listIntegrations(database);
      return starters.flatMap(({ kind }) => {
        const found = all
          .filter((integration) => integration.kind === kind)
          .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))[0];
        if (found === undefined) return [];
        return [{ id: found.id, name: found.name, kind, url: urlOf(kind), key: made.get(kind) ?? null }];
      });
    },

    /** What a mapping would make of a pasted sample; nothing is stored. */
    tryMapping(source: GenericMapping | null, sample: string): MappingTrial {
      const nothing = { alerts: [], rejected: [], errors: [] };
      const compiled = source === null ? null : compileMapping(source);
      if (compiled !== null && !compiled.ok) return { ...nothing, reason: null, errors: compiled.errors };
      let body: unknown;
      try {
        body = JSON.parse(sample);
      } catch (error) {
        const why = error instanceof Error ? error.message : 'it cannot be read';
        return { ...nothing, reason: `The sample is not JSON: ${why}` };
      }
      return { errors: [], ...deps.preview(compiled?.mapping ?? null, body) };
    },
  };
}

function checkMapping(kind: IntegrationKind, mapping: GenericMapping | null): void {
  if (mapping === null) return;
  if (kind !== 'generic')
    throw new AppError('invalid', 'Only a generic integration has a mapping; the others know their format.');
  const compiled = compileMapping(mapping);
  if (!compiled.ok)
    throw new AppError('invalid', `The mapping was not saved. ${inWords(compiled.errors)}`, {
      detail: compiled.errors,
    });
}

function inWords(errors: readonly FieldError[]): string {
  return errors.map(({ field, reason }) => `${field}: ${reason}`).join(' ');
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no such integration; it may have been deleted.');
}
