// The last look at claims before they are sent: an acknowledgement ends them, and what was claimed long ago may be ended.
import type { Transactor } from '#server/database/transaction.ts';
import { claimStore } from '#server/modules/notify/claim-store.ts';
import type { Claim } from '#server/modules/notify/claiming/claims.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** A moment by the machine's steady clocks. */
export interface Moment {
  monotonic: number;
  elapsed: number;
}

export interface LastLook {
  /** Whether nobody has ended the claim. */
  stands(claim: Claim): Promise<boolean>;
  /**
   * When each claim was last known to stand: as it was made, or asked now. Over a slow database messages take longer to
   * make than a claim is good for.
   */
  since(claims: readonly Claim[], claimedAt: Moment): Promise<(claim: Claim) => Moment>;
}

/** Well within the 700 ms that a claim is good for (attempt.ts). */
const confirmAfterMs = 250;
const longAgo: Moment = { monotonic: -Infinity, elapsed: -Infinity };

export function createLastLook(deps: { database: Transactor; clock: Clock; logger: Logger }): LastLook {
  const { database, clock, logger } = deps;
  return {
    async stands({ tokens }) {
      const sending = await database.withTransaction((tx) => claimStore.stillSending(tx, tokens));
      return tokens.every((token) => sending.has(token.id));
    },

    async since(claims, claimedAt) {
      if (claims.length === 0 || msSince(claimedAt, clock) <= confirmAfterMs) return () => claimedAt;
      let at = longAgo;
      let sending = new Set<string>();
      try {
        sending = await database.withTransaction(async (tx) => {
          at = momentOf(clock);
          const tokens = claims.flatMap((claim) => claim.tokens);
          return claimStore.stillSending(tx, tokens);
        });
      } catch (error) {
        logger.warn('claims could not be confirmed; they are given back', { error: String(error) });
      }
      return (claim) => (claim.tokens.every((token) => sending.has(token.id)) ? at : longAgo);
    },
  };
}

export function momentOf(clock: Clock): Moment {
  return { monotonic: clock.monotonic(), elapsed: clock.elapsed() };
}

/** The longer of both, because one stands still while the machine sleeps and the other is coarse. */
export function msSince(then: Moment, clock: Clock): number {
  return Math.max(clock.monotonic() - then.monotonic, clock.elapsed() - then.elapsed);
}
