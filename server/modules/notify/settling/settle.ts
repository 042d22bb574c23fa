// Records how attempts, receipts and waits ended: decisions, rows, ledger and timeline in the caller's transaction.
import type { TimelineEntry } from '#server/contract/incident.ts';
import { StorableText } from '#server/contract/primitives.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { People } from '#server/modules/incidents/people.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import type { Delivery, DeliveryOutcome } from '#server/modules/notify/settling/decide-delivery.ts';
import { claimStore } from '#server/modules/notify/claim-store.ts';
import { settleStore, type SettledRow } from '#server/modules/notify/settling/settle-store.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';
import { publishPages } from '#server/modules/notify/store.ts';
import type { Random } from '#server/ports/random.ts';

export interface Ended {
  notificationId: string;
  /**
   * What makes it count, asked once its page is locked. A token: the claim is still that one. `lease`: its lease has
   * run out. `waiting`: nobody has claimed it. `receipt`: it was tried, and this is news.
   */
  guard: { token: number } | 'lease' | 'waiting' | 'receipt';
  outcome: DeliveryOutcome;
  /** What the ledger takes down as seen from outside; null when nothing was (a limit, a channel that is full). */
  seen: 'attempt' | 'receipt' | null;
  /** In words: why it failed, or what the provider said. */
  reason: string;
  /** The provider's answer, masked. */
  response: string;
  ref: string | null;
  elapsedMs: number | null;
}

export interface Step {
  incidentId: string;
  run: number;
  step: number;
  loop: number;
}

export interface Settled {
  /** Something is due earlier or again, so it is worth looking. */
  again: boolean;
  exhausted: Step[];
}

export type Settle = (tx: Tx, at: string, ended: readonly Ended[]) => Promise<Settled>;

export interface SettleDeps {
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  ledger: LedgerStore;
  incidents: { addTimeline(tx: Tx, entries: TimelineEntry[]): Promise<void> };
  people: People;
  /**
   * Paging of the incidents of these notifications, before their pages: an acknowledgement takes them in this order, and
   * two that meet would wait for each other.
   */
  lockPaging(tx: Tx, incidentIds: readonly string[]): Promise<void>;
  /** Every way of everybody in this step failed: the next one is due now. */
  stepExhausted(tx: Tx, at: string, step: Step): Promise<void>;
  random: Pick<Random, 'uuid'>;
}

export function createSettle(deps: SettleDeps): Settle {
  const { newTrace, ledger, incidents, people, lockPaging, stepExhausted, random } = deps;

  return async (tx, at, ended) => {
    if (ended.length === 0) return { again: false, exhausted: [] };
    const failed = ended.some((item) => item.outcome.result === 'failed' || item.outcome.result === 'lost');
    const ids = ended.map((item) => item.notificationId);
    if (failed) await lockPaging(tx, await settleStore.incidentsOf(tx, ids));
    const facts = await settleStore.lock(tx, ids, failed ? 'steps' : 'pages');
    const counts = await guards(tx, ended);
    const pages = new Map(facts.pages.map((page) => [page.id, page]));
    const states = new Map(facts.notifications.map((notification) => [notification.id, notification]));
    const traces = new Map<string, Trace<Decisions>>();
    const rows = new Map<string, SettledRow>();
    const moves = new Map<string, string>();
    const failures: { state: NotificationState; page: PageState; item: Ended; delivery: Delivery }[] = [];
    const touched = new Set<string>();
    const exhausted: Step[] = [];
    let again = false;

    for (const item of ended) {
      const state = states.get(item.notificationId);
      const page = state === undefined ? undefined : pages.get(state.pageId);
      if (state === undefined || page === undefined || !counts(item, state)) continue;
      const trace = traces.get(state.incidentId) ?? newTrace(state.incidentId, at);
      traces.set(state.incidentId, trace);
      const about = { pageId: page.id, ...(state.userId === null ? {} : { userId: state.userId }) };
      if (item.seen !== null) trace.observe(item.seen, factsOf(state, item), wordsOf(state, item), about);
      // It was cancelled while it was on its way: that it left is written down, and nothing more is tried.
      if (state.status === 'cancelled' && item.outcome.result !== 'accepted') {
        rows.set(state.id, rowOf(state, {}));
        continue;
      }
      const ofStep = facts.notifications.map((other) => states.get(other.id)!);
      const delivery = trace.decide(
        'delivery',
        {
          at,
          notification: {
            id: state.id,
            attempts: state.attempts,
            // What had gone out already is not moved with a clock that is set back.
            firstTriedAt: state.firstTriedAt !== null && state.firstTriedAt > at ? at : state.firstTriedAt,
            plannedAt: state.plannedAt,
            place: state.place,
          },
          outcome: item.outcome,
          others: ofStep
            .filter((other) => other.pageId === page.id && other.id !== state.id)
            .map(({ id, place, status, plannedAt, dueAt }) => ({ id, place, status, plannedAt, dueAt })),
          restOfStep: ofStep.filter(
            (other) => other.pageId !== page.id && sameStep(pages.get(other.pageId), page) && other.status !== 'failed',
          ).length,
        },
        (output) => deliveryWords(state, output),
        about,
      );
      const accepted = item.outcome.result === 'accepted';
      const row = rowOf(state, {
        status: delivery.status,
        dueAt: delivery.retryAt ?? state.dueAt,
        ...(accepted
          ? {
              sentAt: item.seen === 'attempt' ? at : (state.sentAt ?? at),
              deliveredAt: delivery.status === 'delivered' ? at : null,
            }
          : {}),
        lastError: accepted ? null : kept(item.reason, 500),
        providerRef: item.ref === null ? state.providerRef : kept(item.ref, item.ref.length),
      });
      rows.set(state.id, row);
      states.set(state.id, { ...state, ...row });
      for (const move of delivery.moved) {
        moves.set(move.id, move.dueAt);
        states.set(move.id, { ...states.get(move.id)!, dueAt: move.dueAt });
      }
      touched.add(page.id);
      again ||= delivery.moved.length > 0 || delivery.retryAt !== null;
      if (delivery.stepExhausted) {
        exhausted.push({ incidentId: page.incidentId, run: page.run, step: page.step, loop: page.loop });
      }
      const worthTelling = !accepted && item.seen !== null && (state.attempts === 1 || delivery.retryAt === null);
      if (worthTelling && state.bundledInto === null) failures.push({ state, page, item, delivery });
    }

    await settleStore.write(tx, [...rows.values()]);
    await settleStore.move(
      tx,
      [...moves].map(([id, dueAt]) => ({ id, dueAt })),
    );
    await publishPages(tx, at, [...touched]);
    await tellFailures(tx, at, failures);
    await ledger.append(
      tx,
      [...traces.values()].flatMap((trace) => trace.entries),
    );
    for (const step of exhausted) await stepExhausted(tx, at, step);
    return { again, exhausted };
  };

  async function tellFailures(
    tx: Tx,
    at: string,
    failures: readonly { state: NotificationState; item: Ended; delivery: Delivery }[],
  ): Promise<void> {
    if (failures.length === 0) return;
    const ids = [...new Set(failures.map(({ state }) => state.userId).filter((id) => id !== null))];
    const names = new Map(
      (ids.length === 0 ? [] : await people.read(tx, ids)).map((person) => [person.id, person.name]),
    );
    await incidents.addTimeline(
      tx,
      failures.map(({ state, item, delivery }): TimelineEntry => {
        const whom = state.userId === null ? '' : ` for ${names.get(state.userId) ?? 'somebody who has left'}`;
        const next = delivery.retryAt === null ? 'It is given up.' : 'It is tried again.';
        return {
          id: random.uuid(),
          version: 1,
          incidentId: state.incidentId,
          at,
          recordedAt: at,
          kind: 'page',
          source: 'system',
          actorId: null,
          actor: 'Tocsin',
          text: kept(`${capital(state.label)}${whom} failed: ${item.reason}. ${next}`, 1_000),
          detail: item.response === '' ? null : kept(item.response, item.response.length),
          alertId: null,
          starred: false,
        };
      }),
    );
  }
}

/** Which results still count, asked in SQL where another server may have been faster. */
async function guards(tx: Tx, ended: readonly Ended[]): Promise<(item: Ended, state: NotificationState) => boolean> {
  const claims = ended.flatMap(({ guard, notificationId: id }) =>
    typeof guard === 'object' ? [{ id, token: guard.token }] : [],
  );
  const leases = ended.flatMap(({ guard, notificationId }) => (guard === 'lease' ? [notificationId] : []));
  const ours = claims.length === 0 ? new Set<string>() : await claimStore.fence(tx, claims);
  const expired = leases.length === 0 ? new Set<string>() : await claimStore.stillExpired(tx, leases);
  return (item, state) => {
    if (item.guard === 'lease') return expired.has(state.id);
    if (item.guard === 'waiting') return state.status === 'pending';
    if (item.guard === 'receipt') return isNews(item, state);
    return ours.has(state.id);
  };
}

function isNews({ outcome }: Ended, { status, via, attempts }: NotificationState): boolean {
  if (attempts === 0) return false;
  if (outcome.result === 'accepted') return ['pending', 'sending', 'sent', 'failed'].includes(status);
  return status === 'sending' || (status === 'sent' && via !== 'desktop');
}

function rowOf(state: NotificationState, change: Partial<SettledRow>): SettledRow {
  const { id, status, dueAt, sentAt, deliveredAt, lastError, providerRef, bundledInto } = state;
  return { id, status, dueAt, sentAt, deliveredAt, lastError, providerRef, bundledInto, ...change };
}

/** As PostgreSQL can keep it: a provider sends anything, and a cut may leave half a character. */
function kept(text: string, most: number): string {
  return StorableText.parse(text.slice(0, most));
}

function sameStep(a: PageState | undefined, b: PageState): boolean {
  return a?.incidentId === b.incidentId && a.run === b.run && a.step === b.step && a.loop === b.loop;
}

function factsOf(state: NotificationState, item: Ended) {
  return {
    notificationId: state.id,
    channelId: state.channelId,
    via: state.via,
    attempt: state.attempts,
    bundledInto: state.bundledInto,
    outcome: item.outcome,
    reason: item.reason,
    response: item.response,
    ref: item.ref,
    elapsedMs: item.elapsedMs,
  };
}

function wordsOf(state: NotificationState, { outcome, seen, reason, response }: Ended) {
  const said = response === '' ? reason : `${reason} · ${response}`;
  const detail = said.slice(0, 2_000);
  if (state.bundledInto !== null && seen === 'attempt') {
    return { title: `${capital(state.label)}: told together with another page`, detail };
  }
  if (seen === 'receipt') {
    return {
      title: `${capital(state.label)}: ${outcome.result === 'accepted' ? 'it arrived' : 'it did not arrive'}`,
      detail,
    };
  }
  const result = { accepted: 'taken', failed: 'failed', lost: 'no result', held: 'waits' }[outcome.result];
  return { title: `${capital(state.label)}, try ${state.attempts}: ${result}`, detail };
}

function deliveryWords(state: NotificationState, { status, retryAt, moved, stepExhausted }: Delivery) {
  const parts = [
    retryAt === null ? null : `Due again at ${retryAt}.`,
    moved.length === 0 ? null : `The next way is due at ${moved.map((move) => move.dueAt).join(', ')}.`,
    stepExhausted ? 'Every way of this step failed: the next step is due now.' : null,
  ];
  const words = { pending: 'waits', sending: 'on its way', shadow: 'shadow' } as Record<string, string>;
  return { title: `${capital(state.label)}: ${words[status] ?? status}`, detail: parts.filter(Boolean).join(' ') };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
