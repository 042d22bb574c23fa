// What became of a message after it left: a client showed it, a provider delivered it or could not.
import { AppError } from '#server/api/app-error.ts';
import type { Receipt } from '#server/contract/page.ts';
import type { Transactor, Tx } from '#server/database/transaction.ts';
import { readStore } from '#server/modules/notify/read-store.ts';
import { createSettle, type Ended, type SettleDeps } from '#server/modules/notify/settling/settle.ts';
import type { Clock } from '#server/ports/clock.ts';

/** A provider's word about a message: by our id of it where the provider gives that back, else by its own. */
export interface ProviderReceipt {
  channelId: string;
  messageId: string | null;
  ref: string;
  result: 'delivered' | 'failed';
  /** In words, without numbers. */
  reason: string;
}

export interface Receipts {
  /** From a desktop client, about a page of that person. */
  fromClient(userId: string, receipt: Receipt): Promise<void>;
  /** False when no such message is known. */
  fromProvider(receipt: ProviderReceipt): Promise<boolean>;
}

const looksWhileSending = 6;
const betweenLooksMs = 200;
/** The clock is compared every second. */
const looksWhileSet = 25;

export function createReceipts(
  deps: SettleDeps & {
    database: Transactor;
    /** First in a transaction: whether due times there and `clock` are of one mind, and stay so until it ends. */
    agrees(tx: Tx): Promise<boolean>;
    clock: Pick<Clock, 'now' | 'sleep'>;
    wake: { signal(channel: string): void };
  },
): Receipts {
  const { database, agrees, clock, wake } = deps;
  const settle = createSettle(deps);

  async function record(tx: Tx, ids: readonly string[], ended: Omit<Ended, 'notificationId' | 'guard' | 'seen'>) {
    return settle(
      tx,
      new Date(clock.now()).toISOString(),
      ids.map((notificationId): Ended => ({ notificationId, guard: 'receipt', seen: 'receipt', ...ended })),
    );
  }

  /** Waits while the clock was set and this server has yet to see it: a next try by it would come an hour late. */
  async function agreed<R>(body: (tx: Tx) => Promise<R>): Promise<R> {
    for (let looks = 1; looks <= looksWhileSet; looks += 1) {
      const done = await database.withTransaction(async (tx) =>
        (await agrees(tx)) ? { answer: await body(tx) } : null,
      );
      if (done !== null) return done.answer;
      await clock.sleep(betweenLooksMs);
    }
    throw new AppError(
      'unavailable',
      'The clock of the center was set, and not all that is due has been moved with it yet. Say it again in a few seconds.',
    );
  }

  function signal(settled: { again: boolean; exhausted: unknown[] }): void {
    if (settled.again) wake.signal('notify');
    if (settled.exhausted.length > 0) wake.signal('paging');
  }

  return {
    async fromClient(userId, { notificationId, result, reason }) {
      const settled = await agreed(async (tx) => {
        const known = await readStore.desktopOf(tx, notificationId, userId);
        if (!known) throw new AppError('not-found', 'There is no desktop notification with this id for you.');
        const shown = result === 'shown';
        const refused = result === 'failed' ? 'a desktop could not show it' : 'a desktop did not show it';
        return record(tx, [notificationId], {
          outcome: shown
            ? { result: 'accepted', arrived: true }
            : { result: 'failed', permanent: false, retryAfterMs: null },
          reason: shown ? 'a desktop showed it' : `${refused}${reason === '' ? '' : `: ${reason}`}`,
          response: '',
          ref: null,
          elapsedMs: null,
        });
      });
      signal(settled);
    },

    async fromProvider(receipt) {
      const { result, reason } = receipt;
      for (let looks = 1; ; looks += 1) {
        const settled = await agreed(async (tx) => {
          const { ids, sending } = await readStore.messageParts(tx, receipt);
          if (ids.length === 0) return null;
          // It was quicker than our own note that the provider took the message.
          if (sending && looks < looksWhileSending) return 'later';
          return record(tx, ids, {
            outcome:
              result === 'delivered'
                ? { result: 'accepted', arrived: true }
                : { result: 'failed', permanent: false, retryAfterMs: null },
            reason: result === 'delivered' ? 'the provider says that it arrived' : reason,
            response: '',
            ref: null,
            elapsedMs: null,
          });
        });
        if (settled === null) return false;
        if (settled !== 'later') {
          signal(settled);
          return true;
        }
        await clock.sleep(betweenLooksMs);
      }
    },
  };
}
