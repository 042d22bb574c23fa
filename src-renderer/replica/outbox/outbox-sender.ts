// Sends what the outbox holds: one call at a time, in order, again after a pause where no answer came.
import {
  type ActionKind,
  type Intent,
  type IntentAnswer,
  intentBatchMax,
  type IntentResult,
} from '#server/contract/intent.ts';
import {
  expireRecheck,
  holdUnknown,
  markSent,
  markUntried,
  nextBatch,
  type OutboxItem,
  settle,
  type Settled,
} from './outbox.ts';

export type SendAnswer =
  | { kind: 'results'; results: IntentAnswer[] }
  /** No answer: the outcome is unknown, the same ids go again later. */
  | { kind: 'unreachable' }
  /** The server answered that it cannot now; the same ids go again later. */
  | { kind: 'busy'; waitMs: number }
  /** The server refused the call as a whole; with one intent in it, that one is refused. */
  | { kind: 'refused'; reason: string };

export interface SenderDeps {
  items: () => readonly OutboxItem[];
  /** Shows it, and stores it where the disk takes it: an acknowledgement does not wait until there is room. */
  save: (next: OutboxItem[]) => Promise<unknown>;
  answered: (news: Settled['news']) => void;
  unanswered: (count: number) => void;
  /** The server failed at it; said once of each. */
  failed: (item: OutboxItem, reason: string) => void;
  send: (intents: Intent[]) => Promise<SendAnswer>;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  reachable: () => boolean;
  sends: () => boolean;
  understood: (kind: ActionKind) => boolean | null;
}

export interface Sender {
  /** Sends what can be sent; called also when the connection is lost. */
  pump(): void;
  stop(): void;
}

const retryMs = 1_000;
/** After its first failure, then twice as long each time. */
const failureFirstMs = 2_000;
const failureMaxMs = 300_000;
/** What was done after it in its lane waits for this many tries of it; then it steps aside. */
const triesInLine = 3;

interface Failing {
  tries: number;
  /** No answer came: that may be the way's fault, which is another one with the next connection. */
  unanswered: boolean;
  /** Ends its pause; null outside of one. */
  cancelRest: (() => void) | null;
}

export function createSender(deps: SenderDeps): Sender {
  let sending = false;
  let asked = false;
  let stopped = false;
  /** One by one: the last call was refused as a whole, and one of its actions is the reason. */
  let one = false;
  /** Actions of one call: fewer while calls stay unanswered though the server is there, for each may be too slow, or cut. */
  let most = intentBatchMax;
  /** Ends a pause; null outside of one. By a timer and not by the clock, which may be set back. */
  let cancelRest: (() => void) | null = null;
  /** Those at which the server itself fails, or to which no answer comes. */
  const failing = new Map<string, Failing>();

  function resting(id: string): 'in-line' | 'aside' | null {
    const found = failing.get(id);
    if (found === undefined || found.cancelRest === null) return null;
    return found.tries < triesInLine ? 'in-line' : 'aside';
  }

  /** `reason`: the server said that it failed; null where no answer comes to this one alone. */
  function rest(id: string, reason: string | null): void {
    const tries = (failing.get(id)?.tries ?? 0) + 1;
    const item = deps.items().find(({ intent }) => intent.id === id);
    if (tries === 1 && item !== undefined && reason !== null) deps.failed(item, reason);
    const entry: Failing = { tries, unanswered: reason === null, cancelRest: null };
    entry.cancelRest = deps.after(Math.min(failureMaxMs, failureFirstMs * 2 ** (tries - 1)), () => {
      entry.cancelRest = null;
      pump();
    });
    failing.set(id, entry);
  }

  /** Else what is sent between two outages, and lost each time, would wait for minutes after the last one. */
  function forgetUnanswered(): void {
    for (const [id, { unanswered, cancelRest: cancel }] of failing) {
      if (!unanswered) continue;
      cancel?.();
      failing.delete(id);
    }
  }

  async function take(batch: readonly Intent[], results: readonly IntentAnswer[]): Promise<void> {
    const answered = new Set(results.map(({ id }) => id));
    const failed = results.filter((result) => result.outcome === 'failed');
    const untried = failed.length === 0 ? [] : batch.map(({ id }) => id).filter((id) => !answered.has(id));
    const settled = settle(markUntried(deps.items(), new Set(untried)), results);
    for (const id of answered) if (!failed.some((each) => each.id === id)) failing.delete(id);
    for (const { id, reason } of failed) rest(id, reason);
    await deps.save(settled.items);
    deps.answered(settled.news);
  }

  async function run(): Promise<void> {
    const before = deps.items();
    const aged = holdUnknown(expireRecheck(before, deps.now()), (kind) => deps.understood(kind) ?? true);
    if (aged.some((item, index) => item !== before[index])) await deps.save(aged);
    let batch = nextBatch(deps.items(), (kind) => deps.understood(kind) === true, resting);
    batch = batch.slice(0, one ? 1 : most);
    if (batch.length === 0) return;
    const ids = new Set(batch.map((intent) => intent.id));
    // Counted before it is sent: after a crash the outcome counts as unknown, not as never tried.
    await deps.save(markSent(deps.items(), ids));
    // Meanwhile another window may send in the place of this one, or a person may have given up one of these.
    const kept = new Set(deps.items().map(({ intent }) => intent.id));
    batch = batch.filter(({ id }) => kept.has(id));
    if (!deps.sends() || batch.length === 0) return;
    const answer = await deps.send(batch).catch((): SendAnswer => ({ kind: 'unreachable' }));
    if (stopped || !deps.sends()) return;
    switch (answer.kind) {
      case 'results':
        await take(batch, answer.results);
        one = false;
        most = Math.min(intentBatchMax, 2 * most);
        return again(answer.results.length > 0 ? 0 : retryMs);
      case 'refused': {
        const only = batch[0];
        if (batch.length > 1 || only === undefined) {
          one = true;
          return again(0);
        }
        const result: IntentResult = { outcome: 'rejected', id: only.id, code: 'invalid', reason: answer.reason };
        await take(batch, [result]);
        one = false;
        return again(0);
      }
      case 'busy':
        return again(answer.waitMs);
      case 'unreachable':
        deps.unanswered(batch.length);
        if (deps.reachable()) {
          const only = batch.length === 1 ? batch[0] : undefined;
          most = Math.ceil(batch.length / 2);
          // Something on the way, or the server's own end, is the answer to this one: the others must not wait for it.
          if (only !== undefined) rest(only.id, null);
        }
        return again(retryMs);
    }
  }

  function again(waitMs: number): void {
    if (waitMs === 0) {
      asked = true;
      return;
    }
    cancelRest?.();
    cancelRest = deps.after(waitMs, () => {
      cancelRest = null;
      pump();
    });
  }

  function pump(): void {
    if (stopped || !deps.sends()) return;
    if (!deps.reachable()) return forgetUnanswered();
    // A server that asked for a pause gets it, however many messages come meanwhile.
    if (cancelRest !== null) return;
    if (sending) {
      // Something changed while a call was on its way: looked at when that is over.
      asked = true;
      return;
    }
    sending = true;
    asked = false;
    void run()
      .catch(() => again(retryMs))
      .finally(() => {
        sending = false;
        if (asked) pump();
      });
  }

  return {
    pump,
    stop() {
      stopped = true;
      cancelRest?.();
      for (const each of failing.values()) each.cancelRest?.();
    },
  };
}
