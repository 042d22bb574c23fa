// Nobody is called for an incident that was silenced, or whose cause began to page, after their page was planned.
import type { Tx } from '#server/database/transaction.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import { holdStore } from '#server/modules/notify/holding/hold-store.ts';
import { inhibitedStore } from '#server/modules/notify/holding/inhibited-store.ts';
import type { NotificationState } from '#server/modules/notify/state.ts';
import { publishPages } from '#server/modules/notify/store.ts';
import type { HoldInput, HoldOutput } from '#server/modules/routing/decide-hold.ts';

/** Looked at again so often: when what holds it is over, what still stands goes out. */
const lookAgainMs = 5_000;
/** Paging asked about inhibitions when it made the page; what goes out at once is not asked about twice. */
const askedMs = 3_000;
const silenced = 'Every firing alert is silenced; this goes out when that is over.';

/** Puts off what is held, whose pages are locked, and answers the rest. */
export type HoldBack = <N extends NotificationState>(tx: Tx, at: string, due: readonly N[]) => Promise<N[]>;

export interface HoldBackDeps {
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  ledger: LedgerStore;
  /** Of these incidents, which only inhibitions have to know, those with a cause that may hold them: what the decision is asked. */
  inhibited(tx: Tx, incidentIds: () => Promise<readonly string[]>): Promise<ReadonlyMap<string, HoldInput>>;
  hold(input: HoldInput): HoldOutput;
}

export function createHoldBack({ newTrace, ledger, inhibited, hold }: HoldBackDeps): HoldBack {
  return async (tx, at, due) => {
    if (due.length === 0) return [];
    const quiet = await holdStore.silenced(tx, pagesOf(due));
    const bySilence = due.filter((one) => quiet.has(one.pageId));
    await putOff(tx, at, bySilence, silenced, 'a silence');
    const rest = due.filter((one) => !quiet.has(one.pageId));
    const inputs = await causesOf(tx, at, rest);
    const free: typeof rest = [];
    for (const [incidentId, list] of Map.groupBy(rest, (one) => one.incidentId)) {
      const question = inputs.get(incidentId);
      const answer = question === undefined ? null : hold(question.input);
      if (question === undefined || answer?.by !== 'inhibition') {
        free.push(...list);
        continue;
      }
      const note = `${answer.text}; this goes out when that is over.`;
      const held = list.filter((one) => question.pages.has(one.pageId));
      await putOff(tx, at, held, note, 'an inhibition', question.input);
      free.push(...list.filter((one) => !question.pages.has(one.pageId)));
    }
    return free.length === rest.length ? rest : rest.filter((one) => free.includes(one));
  };

  async function causesOf(tx: Tx, at: string, due: readonly NotificationState[]) {
    if (due.length === 0) return new Map<string, { input: HoldInput; pages: Set<string> }>();
    let pages = new Set<string>();
    const asked = new Date(Date.parse(at) - askedMs).toISOString();
    // A first page, just made, does not wait until every open incident is read.
    const inputs = await inhibited(tx, async () => {
      pages = await inhibitedStore.holdable(tx, pagesOf(due), asked);
      return [...new Set(due.filter((one) => pages.has(one.pageId)).map((one) => one.incidentId))];
    });
    return new Map([...inputs].map(([incidentId, input]) => [incidentId, { input, pages }]));
  }

  async function putOff(
    tx: Tx,
    at: string,
    held: readonly NotificationState[],
    note: string,
    byWhat: string,
    input: HoldInput | null = null,
  ): Promise<void> {
    if (held.length === 0) return;
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
      const trace = newTrace(one.incidentId, at);
      const about = { pageId: one.pageId, ...(one.userId === null ? {} : { userId: one.userId }) };
      if (input !== null) {
        trace.decide(
          'hold',
          input,
          ({ text }) => ({ title: 'An inhibition holds what was planned', detail: text }),
          about,
        );
      }
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
      trace.observe('attempt', facts, { title: `${capital(one.label)}: held by ${byWhat}`, detail: note }, about);
      return trace.entries;
    });
    await ledger.append(tx, entries);
    await publishPages(tx, at, pagesOf(fresh));
  }
}

function pagesOf(list: readonly NotificationState[]): string[] {
  return [...new Set(list.map((one) => one.pageId))];
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
