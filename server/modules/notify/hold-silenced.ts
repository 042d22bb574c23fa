// Nobody is called for an incident that was silenced after their page was planned.
import type { Tx } from '#server/database/transaction.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import { holdStore } from '#server/modules/notify/hold-store.ts';
import type { NotificationState } from '#server/modules/notify/state.ts';
import { publishPages } from '#server/modules/notify/store.ts';

/** Looked at again so often: when the silence ends, what still stands goes out. */
const lookAgainMs = 5_000;
const note = 'Every firing alert is silenced; this goes out when that is over.';

/** Puts off what is silenced, whose pages are locked, and answers the rest. */
export type HoldSilenced = <N extends NotificationState>(tx: Tx, at: string, due: readonly N[]) => Promise<N[]>;

export function createHoldSilenced(deps: {
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  ledger: LedgerStore;
}): HoldSilenced {
  return async (tx, at, due) => {
    if (due.length === 0) return [];
    const silenced = await holdStore.silenced(tx, [...new Set(due.map((one) => one.pageId))]);
    if (silenced.size === 0) return [...due];
    const held = due.filter((one) => silenced.has(one.pageId));
    const until = new Date(Date.parse(at) + lookAgainMs).toISOString();
    await holdStore.postpone(
      tx,
      held.map((one) => one.id),
      until,
      note,
    );
    // Held as before: nothing new to write down.
    const fresh = held.filter((one) => one.lastError !== note);
    const entries = fresh.flatMap((one) => {
      const trace = deps.newTrace(one.incidentId, at);
      const facts = {
        notificationId: one.id,
        channelId: one.channelId,
        via: one.via,
        attempt: one.attempts,
        bundledInto: null,
        outcome: { result: 'held', until },
        reason: note,
        response: '',
        ref: null,
        elapsedMs: null,
      };
      const about = { pageId: one.pageId, ...(one.userId === null ? {} : { userId: one.userId }) };
      trace.observe('attempt', facts, { title: `${capital(one.label)}: held by a silence`, detail: note }, about);
      return trace.entries;
    });
    await deps.ledger.append(tx, entries);
    await publishPages(tx, at, [...new Set(fresh.map((one) => one.pageId))]);
    return due.filter((one) => !silenced.has(one.pageId));
  };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
