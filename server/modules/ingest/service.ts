// The accept path: authenticate → limits → parse and validate → append. What a sender is told was taken is on disk.
import { AppError } from '#server/api/app-error.ts';
import type { IntegrationKind } from '#server/contract/integration.ts';
import type { CompiledMapping } from '#server/expressions/mapping.ts';
import { deliveryIdOf, recordIdOf } from '#server/modules/ingest/identity.ts';
import type { IngestLimits } from '#server/modules/ingest/limits.ts';
import { readPost, type Rejected } from '#server/modules/ingest/post.ts';
import { createRate } from '#server/modules/ingest/rate.ts';
import type { Format } from '#server/modules/ingest/sources/source.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog, NewRecord } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export const ingestTopic = 'ingest';
const pipelineGroup = 'pipeline';

export interface IngestIntegration {
  id: string;
  kind: IntegrationKind;
  enabled: boolean;
  mapping: CompiledMapping | null;
}

export interface IngestDeps {
  log: Pick<EventLog, 'append' | 'lag'>;
  integrations: {
    /** At once when it is known already; a promise when the store has to be asked. */
    byKey(key: string): IngestIntegration | null | Promise<IngestIntegration | null>;
    seen(id: string, counts: { accepted: number; refused: number; error: string | null }): void;
  };
  clock: Clock;
  random: Random;
  limits: IngestLimits;
  logger: Logger;
}

export interface Taken {
  accepted: number;
  rejected: Rejected[];
  duplicate: boolean;
  /** Keys of the accepted alerts, in order. */
  dedupKeys: string[];
}

/** Nothing of a post could be taken: each item and why. */
export class AllRejected extends AppError {
  readonly rejected: Rejected[];
  constructor(rejected: Rejected[]) {
    super('invalid', `Nothing of it was taken. ${rejected[0]?.reason ?? ''}`.trim());
    this.rejected = rejected;
  }
}

export type Ingest = ReturnType<typeof createIngest>;

const backlogLookMs = 1_000;

export function createIngest(deps: IngestDeps) {
  const { log, integrations, clock, random, limits, logger } = deps;
  const rate = createRate({ clock, perMinute: limits.perMinute, burst: limits.burst });
  const totals = { accepted: 0, rejected: 0, refused: 0 };
  let backlog = 0;
  let cancelLook: (() => void) | null = null;

  function lookAgain(): void {
    cancelLook = clock.setTimer(backlogLookMs, () => {
      log
        .lag(ingestTopic, pipelineGroup)
        .then(({ records }) => (backlog = records))
        .catch((error: unknown) => logger.debug('the backlog could not be asked for', { error }))
        .finally(() => cancelLook !== null && lookAgain());
    });
  }

  /** Refuses before any work is done on the body: too many waiting, or this key has used up its share. */
  function admit(integration: IngestIntegration, items: number): void {
    if (backlog >= limits.backlog) {
      throw new AppError(
        'overloaded',
        `${backlog} alerts wait to be processed, and no more are taken until there are fewer. Send it again later.`,
        {
          retryAfterSeconds: 5,
        },
      );
    }
    const seconds = rate.take(integration.id, items);
    if (seconds > 0) {
      throw new AppError(
        'rate-limited',
        `This key has sent more than ${limits.perMinute} alerts a minute. Send it again in ${seconds} s.`,
        { retryAfterSeconds: seconds },
      );
    }
  }

  async function append(records: NewRecord[], deliveryId: string | undefined): Promise<boolean> {
    try {
      return (await log.append(ingestTopic, records, deliveryId)).duplicate;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError(
        'unavailable',
        'The alerts could not be stored, so none was taken. Send them again in a few seconds.',
        {
          retryAfterSeconds: 5,
          cause: error,
        },
      );
    }
  }

  return {
    limits,
    /** For the metrics page. */
    totals: () => ({ ...totals, backlog }),
    authenticate: (key: string) => integrations.byKey(key),

    /** Takes what a body holds, or throws an AppError that says why nothing was taken. */
    async accept(
      integration: IngestIntegration,
      format: Format,
      body: unknown,
      idempotencyKey: string | null,
    ): Promise<Taken> {
      const deliveryId = idempotencyKey === null ? undefined : deliveryIdOf(integration.id, idempotencyKey);
      // The same delivery gives the same keys and ids again.
      const newId = (place: number) => (deliveryId === undefined ? random.uuid() : recordIdOf(deliveryId, place));
      const receivedAt = clock.now();
      const post = readPost(integration, format, body, { receivedAt, newKey: () => newId(0), limits });
      if (post.items.length === 0 && post.rejected.length > 0) throw new AllRejected(post.rejected);

      const records = post.items.map((item, place): NewRecord => {
        const id = newId(place);
        return { id, key: `${integration.id} ${item.dedupKey ?? id}`, type: format, payload: item.payload, receivedAt };
      });
      if (records.length > 0) admit(integration, records.length);
      const duplicate = records.length > 0 && (await append(records, deliveryId));
      const { rejected } = post;
      totals.accepted += duplicate ? 0 : records.length;
      totals.rejected += rejected.length;
      const error = rejected[0]?.reason ?? null;
      integrations.seen(integration.id, { accepted: duplicate ? 0 : records.length, refused: rejected.length, error });
      return {
        accepted: records.length,
        rejected,
        duplicate,
        dedupKeys: post.items.map((item) => item.dedupKey ?? ''),
      };
    },

    /** Counts a post of which nothing was taken, so that its integration shows it. */
    refused(integration: IngestIntegration, error: unknown): void {
      totals.refused += 1;
      const refused = error instanceof AllRejected ? error.rejected.length : 1;
      integrations.seen(integration.id, {
        accepted: 0,
        refused,
        error: error instanceof AppError ? error.message : 'It failed.',
      });
    },

    start: lookAgain,
    stop(): void {
      cancelLook?.();
      cancelLook = null;
    },
  };
}
