// Writes down how sending went: many results in one transaction, and none is given up while the database is away.
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { SendResult } from '#server/modules/notify/channel-type.ts';
import type { Claim } from '#server/modules/notify/claiming/claims.ts';
import type { Prepared } from '#server/modules/notify/messages/compose.ts';
import type { Ended, Settle } from '#server/modules/notify/settling/settle.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface Sent {
  claim: Claim;
  /** Null when it never came to sending. */
  prepared: Prepared | null;
  result: SendResult;
  elapsedMs: number;
}

export interface Results {
  add(sent: Sent): Promise<void>;
  waiting(): number;
  /** Claims whose results are not yet written: their leases must last. */
  claims(): Claim[];
  flushed(): Promise<void>;
}

const pauseMs = 250;
const triesBeforeLoss = 40;
const noteEveryMs = 60_000;

export function createResults(deps: {
  database: Transactor;
  settle: Settle;
  /** First in a transaction: whether due times there and `clock` are of one mind, and stay so until it ends. */
  agrees(tx: Tx): Promise<boolean>;
  /** A message stands in a channel now. */
  sent(sent: Sent, tx: Tx, at: string): Promise<void>;
  kick(): void;
  wake: { signal(channel: string): void };
  noteChannel(channelId: string, note: { at: string; error: string | null }): Promise<void>;
  clock: Clock;
  logger: Logger;
}): Results {
  const { database, settle, agrees, clock, logger } = deps;
  const queue: { sent: Sent; tries: number; written(): void }[] = [];
  const noted = new Map<string, { error: string | null; at: number }>();
  let writing: typeof queue = [];
  let running: Promise<void> | null = null;

  async function write(batch: readonly Sent[]): Promise<void> {
    const { settled, at } = await database.withTransaction(async (tx) => {
      // A next try by a clock that was set would come an hour late.
      if (!(await agrees(tx))) throw new Error('the clock was set, and this server has yet to see it');
      const now = new Date(clock.now()).toISOString();
      const outcome = await settle(tx, now, batch.flatMap(endedOf));
      for (const sent of batch) {
        if (sent.result.outcome === 'accepted' && sent.claim.lead.userId === null) await deps.sent(sent, tx, now);
      }
      return { settled: outcome, at: now };
    });
    if (settled.exhausted.length > 0) deps.wake.signal('paging');
    if (settled.again) deps.kick();
    for (const sent of batch) noteChannel(sent, at);
  }

  function noteChannel({ claim, result }: Sent, at: string): void {
    const { channelId } = claim.lead;
    if (channelId === null) return;
    const error = result.outcome === 'accepted' ? null : result.reason;
    const last = noted.get(channelId);
    if (last !== undefined && last.error === error && clock.monotonic() - last.at < noteEveryMs) return;
    noted.set(channelId, { error, at: clock.monotonic() });
    deps
      .noteChannel(channelId, { at, error })
      .catch((failure: unknown) =>
        logger.warn('the state of a channel was not kept', { channelId, error: String(failure) }),
      );
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      writing = queue.splice(0, 100);
      try {
        await write(writing.map((item) => item.sent));
        for (const item of writing) item.written();
      } catch (error) {
        await oneByOne(writing, error);
      }
      writing = [];
    }
  }

  /** One result that cannot be written must not hold up the others; it is tried for 10 s, then its lease runs out. */
  async function oneByOne(items: typeof queue, first: unknown): Promise<void> {
    logger.warn('results of messages could not be written; trying again', { error: String(first) });
    for (const item of items) {
      try {
        await write([item.sent]);
        item.written();
      } catch (error) {
        item.tries += 1;
        if (item.tries < triesBeforeLoss) queue.push(item);
        else {
          logger.error('the result of a message was lost', { id: item.sent.claim.lead.id, error: String(error) });
          item.written();
        }
      }
    }
    if (queue.length > 0) await clock.sleep(pauseMs);
  }

  return {
    add(sent) {
      return new Promise((resolve) => {
        queue.push({ sent, tries: 0, written: resolve });
        running ??= run().finally(() => (running = null));
      });
    },
    waiting: () => queue.length + writing.length,
    claims: () => [...writing, ...queue].map((item) => item.sent.claim),
    async flushed() {
      while (running !== null) await running;
    },
  };
}

function endedOf({ claim, prepared, result, elapsedMs }: Sent): Ended[] {
  const outcome =
    result.outcome === 'accepted'
      ? ({ result: 'accepted', arrived: result.arrived } as const)
      : ({ result: 'failed', permanent: result.permanent, retryAfterMs: result.retryAfterMs } as const);
  return claim.tokens.map(({ id, token }) => {
    return {
      notificationId: id,
      guard: { token },
      outcome,
      seen: 'attempt',
      reason: result.outcome === 'accepted' ? 'the provider took it' : result.reason,
      response: prepared?.mixed === true ? '' : result.response,
      // Members of a bundle are found by their leading message.
      ref: result.outcome === 'accepted' && id === claim.lead.id ? result.ref : null,
      elapsedMs,
    };
  });
}
