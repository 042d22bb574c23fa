// Holds the outbox: persists before it shows, sends in order, keeps what was not answered.
import type { Incident } from '#server/contract/incident.ts';
import type { Action, Intent, IntentResult } from '#server/contract/intent.ts';
import { admit, expireRecheck, markSent, nextBatch, type OutboxItem, reapplied, settle } from './outbox.ts';
import type { Storage } from './storage.ts';

export type SendAnswer =
  | { kind: 'results'; results: IntentResult[] }
  /** No answer: the outcome is unknown, the same ids go again later. */
  | { kind: 'unreachable' }
  /** The server answered that it cannot now; the same ids go again later. */
  | { kind: 'busy'; waitMs: number }
  /** The server refused the call as a whole; with one intent in it, that one is refused. */
  | { kind: 'refused'; reason: string };

export interface OutboxDeps {
  storage: Pick<Storage, 'saveOutbox' | 'commit'>;
  send: (intents: Intent[]) => Promise<SendAnswer>;
  /** Id of a new intent. */
  uuid: () => string;
  /** Device clock. */
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  /** Server clock as an instant, for `Intent.at`. */
  serverInstant: () => string;
  reachable: () => boolean;
  baseVersion: (action: Action) => number | null;
  /** The incident that an action is about, as the screen shows it. */
  incidentOf: (action: Action) => Incident | undefined;
  /** Rows the replica holds, for the store's own count. */
  total: () => number;
  changed: () => void;
  news: (news: OutboxNews) => void;
}

export type OutboxNews =
  | { kind: 'settled'; item: OutboxItem; result: IntentResult }
  /** The answer is overdue for lack of a network; said once per outage. */
  | { kind: 'kept'; count: number };

export type Submitted = { ok: true; id: string; settled: Promise<IntentResult | null> } | { ok: false; reason: string };

export interface SubmitOptions {
  dependsOn?: string;
  /** The version that an editor was opened on, where that is older than what the replica holds by now. */
  baseVersion?: number;
}

export interface Outbox {
  items(): readonly OutboxItem[];
  load(items: readonly OutboxItem[]): void;
  submit(action: Action, options?: SubmitOptions): Promise<Submitted>;
  confirm(id: string): Promise<void>;
  edit(id: string, action: Action): Promise<Submitted>;
  discard(id: string): Promise<void>;
  applyAgain(id: string): Promise<void>;
  /** Drops what the replica has caught up with. */
  forget(ids: readonly string[]): void;
  /** Sends what can be sent; called when a connection is there. */
  pump(): void;
  stop(): void;
}

const retryMs = 1_000;

export function createOutbox(deps: OutboxDeps): Outbox {
  let items: OutboxItem[] = [];
  let sending = false;
  let stopped = false;
  let one = false;
  let cancelRetry: (() => void) | null = null;
  const waiters = new Map<string, (result: IntentResult | null) => void>();

  async function save(next: OutboxItem[]): Promise<void> {
    const before = new Map(items.map((item) => [item.intent.id, item]));
    const put = next.filter((item) => before.get(item.intent.id) !== item);
    const kept = new Set(next.map((item) => item.intent.id));
    const remove = items.filter((item) => !kept.has(item.intent.id)).map((item) => item.intent.id);
    items = next;
    deps.changed();
    if (put.length > 0 || remove.length > 0) {
      await deps.storage.commit({ rows: [], total: deps.total(), outbox: { put, remove } });
    }
  }

  async function add(item: OutboxItem): Promise<boolean> {
    try {
      await deps.storage.saveOutbox([item]);
    } catch {
      return false;
    }
    items = [...items, item];
    deps.changed();
    return true;
  }

  function nextPlace(): number {
    return items.reduce((highest, item) => Math.max(highest, item.place), 0) + 1;
  }

  async function run(): Promise<void> {
    const aged = expireRecheck(items, deps.now());
    if (aged.some((item, index) => item !== items[index])) await save(aged);
    let batch = nextBatch(items);
    if (one) batch = batch.slice(0, 1);
    if (batch.length === 0) return;
    const ids = new Set(batch.map((intent) => intent.id));
    // Counted before it is sent: after a crash the outcome counts as unknown, not as never tried.
    await save(markSent(items, ids));
    const answer = await deps.send(batch).catch((): SendAnswer => ({ kind: 'unreachable' }));
    if (stopped) return;
    switch (answer.kind) {
      case 'results': {
        const settled = settle(items, answer.results);
        await save(settled.items);
        tell(settled.news);
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
        const settled = settle(items, [result]);
        await save(settled.items);
        tell(settled.news);
        one = false;
        return again(0);
      }
      case 'busy':
        return again(answer.waitMs);
      case 'unreachable':
        deps.news({ kind: 'kept', count: batch.length });
        return again(retryMs);
    }
  }

  function tell(news: { item: OutboxItem; result: IntentResult }[]): void {
    for (const { item, result } of news) {
      waiters.get(item.intent.id)?.(result);
      waiters.delete(item.intent.id);
      deps.news({ kind: 'settled', item, result });
    }
  }

  function again(waitMs: number): void {
    cancelRetry?.();
    cancelRetry = deps.after(waitMs, () => pump());
  }

  function pump(): void {
    if (sending || stopped || !deps.reachable()) return;
    sending = true;
    void run()
      .catch(() => again(retryMs))
      .finally(() => {
        sending = false;
      });
  }

  function find(id: string): OutboxItem | undefined {
    return items.find((item) => item.intent.id === id);
  }

  async function replace(id: string, change: (item: OutboxItem) => OutboxItem): Promise<void> {
    await save(items.map((item) => (item.intent.id === id ? change(item) : item)));
    pump();
  }

  return {
    items: () => items,
    load(stored) {
      items = [...stored];
      deps.changed();
    },
    async submit(action, options = {}) {
      const admission = admit(action.kind, deps.reachable(), deps.incidentOf(action));
      if (!admission.ok) return admission;
      const id = deps.uuid();
      const intent: Intent = {
        id,
        at: deps.serverInstant(),
        baseVersion: options.baseVersion ?? deps.baseVersion(action),
        dependsOn: options.dependsOn ?? null,
        action,
      };
      const settled = new Promise<IntentResult | null>((resolve) => waiters.set(id, resolve));
      const stored = await add(newItem(intent, nextPlace(), deps.now()));
      if (!stored) {
        waiters.delete(id);
        return { ok: false, reason: 'this machine could not store it; free some space and try again' };
      }
      pump();
      return { ok: true, id, settled };
    },
    confirm: (id) => replace(id, (item) => ({ ...item, confirmed: true, state: 'queued' })),
    async edit(id, action) {
      const item = find(id);
      if (item === undefined || item.attempts > 0) return { ok: false, reason: 'it is already on its way' };
      await replace(id, (old) => ({ ...old, intent: { ...old.intent, action } }));
      return { ok: true, id, settled: Promise.resolve(null) };
    },
    async discard(id) {
      waiters.get(id)?.(null);
      waiters.delete(id);
      await save(items.filter((item) => item.intent.id !== id));
      pump();
    },
    async applyAgain(id) {
      const item = find(id);
      if (item === undefined) return;
      const again = reapplied(item, deps.uuid(), deps.serverInstant(), deps.now());
      await save(items.map((other) => (other === item ? again : other)));
      pump();
    },
    forget(ids) {
      const gone = new Set(ids);
      if (gone.size > 0) void save(items.filter((item) => !gone.has(item.intent.id))).catch(() => undefined);
    },
    pump,
    stop() {
      stopped = true;
      cancelRetry?.();
      for (const waiter of waiters.values()) waiter(null);
      waiters.clear();
    },
  };
}

function newItem(intent: Intent, place: number, madeAt: number): OutboxItem {
  return {
    intent,
    place,
    state: 'queued',
    attempts: 0,
    confirmed: false,
    madeAt,
    reason: null,
    version: null,
    current: null,
  };
}

/** Whether losing this item would lose something a person wrote or decided. */
export function isUnsent(item: OutboxItem): boolean {
  return item.state !== 'applied' && item.state !== 'rejected';
}
