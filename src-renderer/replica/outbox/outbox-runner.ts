// Holds the outbox: persists before it shows, sends in order, keeps what was not answered.
import type { Incident } from '#server/contract/incident.ts';
import type { Action, ActionKind, ActionOf, Intent, IntentResult } from '#server/contract/intent.ts';
import { t } from '../../language/words.ts';
import { admit, type OutboxItem, reapplied, refusalReason, without } from './outbox.ts';
import { createSender, type SendAnswer } from './outbox-sender.ts';
import { createOutboxStore } from './outbox-store.ts';
import type { Storage } from '../storage.ts';

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
  /** This window made these items, and dropped those. */
  did: (made: readonly OutboxItem[], dropped: readonly string[]) => void;
  news: (news: OutboxNews) => void;
}

export type OutboxNews =
  | { kind: 'settled'; item: OutboxItem; result: IntentResult }
  /** The answer is overdue for lack of a network; said once per outage. */
  | { kind: 'kept'; count: number }
  /** The server failed at it; it is tried again by itself. Said once of each. */
  | { kind: 'failed'; item: OutboxItem; reason: string };

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
  /** `as` is the id of the new action: asked of two windows, it is one action all the same. */
  applyAgain(id: string, as?: string): Promise<void>;
  /** Keeps an incident that cannot be declared now, or changes the one kept; false where the disk refuses. Nobody is told. */
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
    failed: (item, reason) => deps.news({ kind: 'failed', item, reason }),
  });
  const { pump } = sender;
  const disk = createOutboxStore({ ...deps, items: () => items });

  function save(next: OutboxItem[]): Promise<boolean> {
    const before = new Set(items.map((item) => item.intent.id));
    const left = new Set(next.map((item) => item.intent.id));
    const made = next.filter((item) => !before.has(item.intent.id));
    items = next;
    deps.changed();
    deps.did(
      made,
      [...before].filter((id) => !left.has(id)),
    );
    return disk.write();
  }

  /** False where it could not be stored; with a server in reach it is sent all the same, from memory. */
  async function add(item: OutboxItem): Promise<boolean> {
    if (!(await disk.add(item)) && !deps.reachable()) return false;
    items = [...items, item];
    deps.changed();
    deps.did([item], []);
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
    await save([...without(items, gone), item]);
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
      disk.holds(stored);
      items.push(...placed);
      deps.changed();
      void disk.write();
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
        return { ok: false, reason: t`this machine could not store it; free some space and try again` };
      }
      pump();
      return { ok: true, id, settled };
    },
    confirm: (id) => replace(id, (item) => ({ ...item, confirmed: true, state: 'queued' })),
    async edit(id, action) {
      const item = find(id);
      if (item === undefined || item.attempts > 0) return { ok: false, reason: t`it is already on its way` };
      await replace(id, (old) => ({ ...old, intent: { ...old.intent, action } }));
      return { ok: true, id, settled: Promise.resolve(null) };
    },
    async discard(id) {
      const item = find(id);
      waiters.get(id)?.(item === undefined ? null : dropped(item));
      waiters.delete(id);
      await save(items.filter((other) => other !== item));
      pump();
    },
    async applyAgain(id, as = deps.uuid()) {
      const item = find(id);
      if (item?.state !== 'conflict') return;
      // Done already by the window that wrote until now, whose disk was slower than its word.
      const again = find(as) ?? reapplied(item, as, deps.serverInstant(), deps.now());
      await save(items.filter((other) => other !== again).map((other) => (other === item ? again : other)));
      pump();
    },
    forget(ids) {
      const gone = new Set(ids);
      if (gone.size > 0) void save(items.filter((item) => !gone.has(item.intent.id)));
    },
    async draft(action, id) {
      const known = id === undefined ? undefined : find(id);
      if (known?.state === 'draft') {
        const changed = { ...known, intent: { ...known.intent, action } };
        if (await save(items.map((item) => (item === known ? changed : item)))) return true;
        // Who is told that it was not kept must not find it kept later.
        await save(items.map((item) => (item === changed ? known : item)));
        return false;
      }
      return add(unsent(action, 'draft', refusalReason(action.kind)));
    },
    async actNow(id) {
      const item = find(id);
      if (item?.state !== 'draft' && item?.state !== 'refused')
        return { ok: false, reason: t`it is already on its way` };
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
      disk.holds(items);
      deps.changed();
    },
    answered(item, result) {
      if (waiters.has(item.intent.id)) tell([{ item, result }]);
    },
    stop() {
      sender.stop();
      disk.stop();
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

/** For whoever waits for an answer: nothing may be said to be done that a person has dropped. */
function dropped({ intent: { id }, attempts }: OutboxItem): IntentResult {
  const reason =
    attempts > 0
      ? t`It was given up before the server answered; it may have happened all the same.`
      : t`It was discarded before it was sent.`;
  return { outcome: 'rejected', id, code: 'invalid', reason };
}

/** Whether losing this item would lose something a person wrote or decided. */
export function isUnsent(item: OutboxItem): boolean {
  return item.state !== 'applied' && item.state !== 'rejected' && item.state !== 'refused';
}
