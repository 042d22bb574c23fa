// Holds the outbox: persists before it shows, sends in order, keeps what was not answered.
import type { Incident } from '#server/contract/incident.ts';
import type { Action, ActionKind, ActionOf, Intent, IntentResult } from '#server/contract/intent.ts';
import { admit, type OutboxItem, reapplied, refusalReason, without } from './outbox.ts';
import { createSender } from './outbox-sender.ts';
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
  /** Whether this window is the one that sends. */
  sends: () => boolean;
  /** Whether the center carries out this kind of action; null while it has not said. */
  understood: (kind: ActionKind) => boolean | null;
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
  /** Keeps an incident that cannot be declared now, or changes the one kept. Nobody is told of it. */
  draft(action: ActionOf<'incident.declare'>, id?: string): Promise<boolean>;
  /** Takes an action that never left this machine: a draft, or an attempt that was refused for lack of a network. */
  actNow(id: string): Promise<Submitted>;
  /** Remembers that somebody tried what is not possible now, and why it was not. */
  refuse(action: Action, reason: string): Promise<void>;
  /** Drops what the replica has caught up with. */
  forget(ids: readonly string[]): void;
  /** Sends what can be sent; called when a connection is there. */
  pump(): void;
  /** An item that another window made and stored. */
  take(item: OutboxItem): Promise<void>;
  /** What the sending window holds, to be shown here. */
  mirror(items: readonly OutboxItem[]): void;
  /** The sending window got the answer to an action of this one. */
  answered(item: OutboxItem, result: IntentResult): void;
  stop(): void;
}

/** Attempts that were refused here are kept to be looked at; beyond this many the oldest goes. */
const refusedMax = 50;

export function createOutbox(deps: OutboxDeps): Outbox {
  let items: OutboxItem[] = [];
  const waiters = new Map<string, (result: IntentResult | null) => void>();

  const sender = createSender({
    ...deps,
    items: () => items,
    save,
    answered: tell,
    unanswered: (count) => deps.news({ kind: 'kept', count }),
  });
  const { pump } = sender;

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

  function tell(news: { item: OutboxItem; result: IntentResult }[]): void {
    for (const { item, result } of news) {
      waiters.get(item.intent.id)?.(result);
      waiters.delete(item.intent.id);
      deps.news({ kind: 'settled', item, result });
    }
  }

  function intentOf(action: Action, dependsOn: string | null, id = deps.uuid(), baseVersion?: number): Intent {
    return { id, at: deps.serverInstant(), baseVersion: baseVersion ?? deps.baseVersion(action), dependsOn, action };
  }

  function unsent(action: Action, state: 'draft' | 'refused', reason: string): OutboxItem {
    return { ...newItem(intentOf(action, null), nextPlace(), deps.now()), state, reason };
  }

  async function refuse(action: Action, reason: string): Promise<void> {
    const item = unsent(action, 'refused', reason);
    // The same attempt again is one attempt, made now.
    const same = JSON.stringify(action);
    const others = items.filter((each) => each.state === 'refused');
    const gone = new Set(others.filter((each) => JSON.stringify(each.intent.action) === same));
    const oldest = others.find((each) => !gone.has(each));
    if (oldest !== undefined && others.length - gone.size >= refusedMax) gone.add(oldest);
    await save([...without(items, gone), item]).catch(() => undefined);
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
      const known = new Set(stored.map((item) => item.intent.id));
      // What a person did before the disk was read comes after what was there.
      const early = items.filter((item) => !known.has(item.intent.id));
      items = [...stored];
      const placed = early.map((item, index) => ({ ...item, place: nextPlace() + index }));
      items.push(...placed);
      if (placed.length > 0) void deps.storage.saveOutbox(placed).catch(() => undefined);
      deps.changed();
    },
    async submit(action, options = {}) {
      const admission = admit(action.kind, deps.reachable(), deps.incidentOf(action));
      if (!admission.ok) {
        await refuse(action, admission.reason);
        return admission;
      }
      const id = deps.uuid();
      const intent = intentOf(action, options.dependsOn ?? null, id, options.baseVersion);
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
      if (item?.state !== 'conflict') return;
      const again = reapplied(item, deps.uuid(), deps.serverInstant(), deps.now());
      await save(items.map((other) => (other === item ? again : other)));
      pump();
    },
    forget(ids) {
      const gone = new Set(ids);
      if (gone.size > 0) void save(items.filter((item) => !gone.has(item.intent.id))).catch(() => undefined);
    },
    async draft(action, id) {
      const known = id === undefined ? undefined : find(id);
      if (known?.state === 'draft') {
        await save(items.map((item) => (item === known ? { ...item, intent: { ...item.intent, action } } : item)));
        return true;
      }
      return add(unsent(action, 'draft', refusalReason(action.kind)));
    },
    async actNow(id) {
      const item = find(id);
      if (item?.state !== 'draft' && item?.state !== 'refused')
        return { ok: false, reason: 'it is already on its way' };
      const { action } = item.intent;
      const admission = admit(action.kind, deps.reachable(), deps.incidentOf(action));
      if (!admission.ok) return admission;
      // An action of now: made again under an id of its own, on what the screen shows by now.
      const made = newItem(intentOf(action, null), nextPlace(), deps.now());
      const settled = new Promise<IntentResult | null>((resolve) => waiters.set(made.intent.id, resolve));
      await save([...items.filter((other) => other !== item), made]);
      pump();
      return { ok: true, id: made.intent.id, settled };
    },
    refuse,
    pump,
    async take(item) {
      if (find(item.intent.id) !== undefined) return;
      // Both windows counted their own places: the order of arrival here is the order of sending.
      const placed = items.some(({ place }) => place >= item.place) ? { ...item, place: nextPlace() } : item;
      await save([...items, placed]);
      pump();
    },
    mirror(stored) {
      items = [...stored];
      deps.changed();
    },
    answered(item, result) {
      if (waiters.has(item.intent.id)) tell([{ item, result }]);
    },
    stop() {
      sender.stop();
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
  return item.state !== 'applied' && item.state !== 'rejected' && item.state !== 'refused';
}
