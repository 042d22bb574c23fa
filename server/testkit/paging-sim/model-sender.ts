// How notifications leave the house, in the steps at which a server can be cut off: claim, send, record. The decision is
// the product's own; the provider and the waiting are the model's.
import type { Tx } from '#server/database/transaction.ts';
import { decideDelivery } from '#server/modules/notify/settling/decide-delivery.ts';
import type { NotificationRow, PagingBugs } from '#server/testkit/paging-sim/memory-paging.ts';
import type { MemoryDatabase } from '#server/testkit/sim/memory-database.ts';

/** A claim is taken over after this (R11). */
const leaseMs = 5_000;
/** A claim older than this is not sent any more, so that no page leaves a second after an acknowledgement. */
const freshMs = 700;
const atOnce = 20;

export interface Sent {
  id: string;
  pageId: string;
  elapsed: number;
  /** Its intent was committed then. */
  written: boolean;
}

export function createModelSender(deps: {
  database: MemoryDatabase;
  transact<R>(body: (tx: Tx) => Promise<R>): Promise<R>;
  pause(): Promise<void>;
  now(): number;
  elapsed(): number;
  agrees(tx: Tx): Promise<boolean>;
  /** True: the provider took it. */
  provider(): boolean;
  sent(send: Sent): void;
  /** What was over for a notification was written anew. */
  unsettled(id: string): void;
  bugs: PagingBugs;
}) {
  const { database, transact, pause, bugs } = deps;
  const instant = (ms = 0) => new Date(deps.now() + ms).toISOString();

  async function claim(): Promise<NotificationRow[]> {
    return transact(async (tx) => {
      await pause();
      if (!(await deps.agrees(tx))) return [];
      const now = instant();
      const due = database
        .rows<NotificationRow>(tx, 'notification')
        .filter((row) =>
          row.status === 'sending' ? (row.claimedUntil ?? '') < now : row.status === 'pending' && row.dueAt <= now,
        )
        .slice(0, atOnce);
      for (const row of due) database.lockRow(tx, 'notification', row.id);
      return due.map((row) => {
        const claimed = {
          ...row,
          status: 'sending',
          claimToken: row.claimToken + 1,
          claimedUntil: instant(leaseMs),
        } as const;
        database.put(tx, 'notification', claimed);
        return claimed;
      });
    });
  }

  async function record(claimed: NotificationRow, accepted: boolean): Promise<void> {
    await transact(async (tx) => {
      await pause();
      database.lockRow(tx, 'notification', claimed.id);
      const row = database.get<NotificationRow>(tx, 'notification', claimed.id);
      if (row === undefined) return;
      if (bugs.noFencing !== true && (row.claimToken !== claimed.claimToken || row.status !== 'sending')) return;
      const at = instant();
      const attempts = claimed.attempts + 1;
      const firstTriedAt = claimed.firstTriedAt ?? at;
      const others = database
        .rows<NotificationRow>(tx, 'notification')
        .filter((other) => other.pageId === row.pageId && other.id !== row.id);
      const delivery = decideDelivery({
        at,
        notification: { id: row.id, attempts, firstTriedAt, plannedAt: row.plannedAt, place: row.place },
        outcome: accepted
          ? { result: 'accepted', arrived: true }
          : { result: 'failed', permanent: false, retryAfterMs: null },
        others: others.map(({ id, place, status, plannedAt, dueAt }) => ({ id, place, status, plannedAt, dueAt })),
        restOfStep: 1,
      });
      if (row.status === 'delivered' || row.status === 'cancelled' || row.status === 'failed') deps.unsettled(row.id);
      const dueAt = delivery.retryAt ?? row.dueAt;
      const sentAt = accepted ? at : row.sentAt;
      const next = { ...row, status: delivery.status, attempts, firstTriedAt, dueAt, sentAt, claimedUntil: null };
      database.put(tx, 'notification', next as NotificationRow);
    });
  }

  return {
    async runDue(): Promise<number> {
      // Most looks find nothing, and a transaction for each is most of what the simulation would do.
      const open = database.committed<NotificationRow>('notification').some(isOpen);
      if (!open) return 0;
      const claimedAt = deps.elapsed();
      const claimed = await claim();
      for (const row of claimed) {
        await pause();
        if (bugs.oldClaims !== true && deps.elapsed() - claimedAt > freshMs) continue;
        const written = database.committed<NotificationRow>('notification').some((other) => other.id === row.id);
        deps.sent({ id: row.id, pageId: row.pageId, elapsed: deps.elapsed(), written });
        const accepted = deps.provider();
        await pause();
        await record(row, accepted);
      }
      return claimed.length;
    },
  };
}

function isOpen({ status }: NotificationRow): boolean {
  return status === 'pending' || status === 'sending';
}
