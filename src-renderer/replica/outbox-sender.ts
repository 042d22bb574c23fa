// Sends what the outbox holds: one call at a time, in order, again after a pause where no answer came.
import type { ActionKind, Intent, IntentResult } from '#server/contract/intent.ts';
import type { SendAnswer } from './outbox-runner.ts';
import { expireRecheck, holdUnknown, markSent, nextBatch, type OutboxItem, settle, type Settled } from './outbox.ts';

export interface SenderDeps {
  items: () => readonly OutboxItem[];
  /** What is stored is what is shown. */
  save: (next: OutboxItem[]) => Promise<void>;
  answered: (news: Settled['news']) => void;
  unanswered: (count: number) => void;
  send: (intents: Intent[]) => Promise<SendAnswer>;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  reachable: () => boolean;
  sends: () => boolean;
  understood: (kind: ActionKind) => boolean | null;
}

export interface Sender {
  /** Sends what can be sent. */
  pump(): void;
  stop(): void;
}

const retryMs = 1_000;

export function createSender(deps: SenderDeps): Sender {
  let sending = false;
  let asked = false;
  let stopped = false;
  /** One by one: the last call was refused as a whole, and one of its actions is the reason. */
  let one = false;
  let restUntil = 0;
  let cancelRetry: (() => void) | null = null;

  async function run(): Promise<void> {
    const before = deps.items();
    const aged = holdUnknown(expireRecheck(before, deps.now()), (kind) => deps.understood(kind) ?? true);
    if (aged.some((item, index) => item !== before[index])) await deps.save(aged);
    let batch = nextBatch(deps.items(), (kind) => deps.understood(kind) === true);
    if (one) batch = batch.slice(0, 1);
    if (batch.length === 0) return;
    const ids = new Set(batch.map((intent) => intent.id));
    // Counted before it is sent: after a crash the outcome counts as unknown, not as never tried.
    await deps.save(markSent(deps.items(), ids));
    const answer = await deps.send(batch).catch((): SendAnswer => ({ kind: 'unreachable' }));
    if (stopped) return;
    switch (answer.kind) {
      case 'results': {
        const settled = settle(deps.items(), answer.results);
        await deps.save(settled.items);
        deps.answered(settled.news);
        one = false;
        return again(answer.results.length > 0 ? 0 : retryMs);
      }
      case 'refused': {
        const only = batch[0];
        if (batch.length > 1 || only === undefined) {
          one = true;
          return again(0);
        }
        const result: IntentResult = { outcome: 'rejected', id: only.id, code: 'invalid', reason: answer.reason };
        const settled = settle(deps.items(), [result]);
        await deps.save(settled.items);
        deps.answered(settled.news);
        one = false;
        return again(0);
      }
      case 'busy':
        return again(answer.waitMs);
      case 'unreachable':
        deps.unanswered(batch.length);
        return again(retryMs);
    }
  }

  function again(waitMs: number): void {
    restUntil = deps.now() + waitMs;
    cancelRetry?.();
    cancelRetry = deps.after(waitMs, () => pump());
  }

  function pump(): void {
    if (stopped || !deps.sends() || !deps.reachable()) return;
    // A server that asked for a pause gets it, however many messages come meanwhile.
    if (deps.now() < restUntil) return;
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
      cancelRetry?.();
    },
  };
}
