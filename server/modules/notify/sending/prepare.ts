// Makes messages of claims, and tells apart what must not go.
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import type { Claim } from '#server/modules/notify/claiming/claims.ts';
import type { Compose, Fault, Prepared } from '#server/modules/notify/messages/compose.ts';
import { type Split, split, unreachable } from '#server/modules/notify/sending/reachable.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface Made extends Split {
  /** By the id of the leading notification. */
  messages: Map<string, Prepared | Fault>;
}

const nothingMade: Made = { whole: [], faulty: [], back: [], messages: new Map() };

export function createPrepare(deps: {
  database: Transactor;
  config: ConfigReader<Tx>;
  compose: Compose;
  logger: Pick<Logger, 'error'>;
}): (claims: readonly Claim[]) => Promise<Made> {
  const { database, config, compose, logger } = deps;

  return async (claims) => {
    const made = (some: readonly Claim[]): Promise<Made> =>
      database.withTransaction(async (tx) => {
        const parts = split(some, await unreachable(tx, config, some));
        return { ...parts, messages: await compose.pages(tx, parts.whole) };
      });
    if (claims.length === 0) return nothingMade;
    try {
      return await made(claims);
    } catch (error) {
      logger.error('messages could not be made; each is tried alone', { error: String(error) });
    }
    // What still cannot be made is a failed try: without knowing whom it would reach, nothing goes.
    const each = await Promise.all(
      claims.map((claim) => made([claim]).catch((): Made => ({ ...nothingMade, whole: [claim] }))),
    );
    return {
      whole: each.flatMap((one) => one.whole),
      faulty: each.flatMap((one) => one.faulty),
      back: each.flatMap((one) => one.back),
      messages: new Map(each.flatMap((one) => [...one.messages])),
    };
  };
}
