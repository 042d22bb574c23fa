// Joins view, stream, outbox and store on disk into the one thing that screens read: a zustand store.
import { createStore, type StoreApi } from 'zustand';
import type { Action, Intent } from '#server/contract/intent.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import type { Change } from '#server/contract/replica.ts';
import type { Connection } from './freshness.ts';
import type { OutboxItem } from './outbox.ts';
import { createOutbox, type Outbox, type OutboxNews, type SendAnswer } from './outbox-runner.ts';
import { isExpected, type Person, predict } from './predict.ts';
import { emptyTables, type RowKey, splitRowKey, type Tables } from './rows.ts';
import type { Commit, Storage } from './storage.ts';
import { createStream, type FeedTransport, type Stream } from './stream.ts';
import { baseOf, touchedBy } from './targets.ts';
import { createView, type StoredChange, type View } from './view.ts';

export interface ReplicaState {
  /** True once there is content to show: the stored copy, or the first snapshot. */
  ready: boolean;
  tables: Tables;
  /** Rows that queued actions changed. */
  queued: ReadonlySet<RowKey>;
  outbox: readonly OutboxItem[];
  connection: Connection;
  /** False where the browser gives no database: what is queued is lost with the window. */
  kept: boolean;
}

export type ReplicaNews = OutboxNews | { kind: 'caught-up'; changes: number } | { kind: 'rebuilt'; why: string };

export interface ReplicaDeps {
  storage: Storage;
  transport: FeedTransport;
  send: (intents: Intent[]) => Promise<SendAnswer>;
  me: Person;
  uuid: () => string;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  random: () => number;
  onServerTime: (offsetMs: number) => void;
  news: (news: ReplicaNews) => void;
}

export interface Replica {
  store: StoreApi<ReplicaState>;
  view: View;
  outbox: Outbox;
  stream: Stream;
  /** Text being written, kept on this machine until it is sent. */
  drafts: Pick<Storage, 'readDraft' | 'writeDraft'>;
  start(): Promise<void>;
  /** The screen shows these tables now; how long that took paces the next ones. */
  drawn(tables: Tables): void;
  /** Everything that waits to be written, written. */
  flush(): Promise<void>;
  stop(): void;
}

/** At most 15 redraws a second, however fast the feed is. */
const publishMs = 66;
const publishMaxMs = 1_000;
/** From one redraw to the next passes at least this many times what the last one took; input interrupts a redraw in any case. */
const publishRest = 1.3;
/** News of the connection that says nothing but "still there" is passed on this often. */
const stillThereMs = 1_000;
/** Under a steady stream what arrives is written together this often. A crash between costs a catch-up, no row. */
const writeMs = 500;
/** An answer said "applied", but the change did not come back: drawn as expected for this long. */
const echoMs = 10_000;
/** The copy is held to its bounds at the first word of the server, and then this often. */
const pruneEveryMs = 3_600_000;
/** Away for longer than this, a person is told how much changed. */
const awayMs = 10_000;

export function createReplica(deps: ReplicaDeps): Replica {
  const { storage, now, after } = deps;
  const view = createView();
  const store = createStore<ReplicaState>(() => ({
    ready: false,
    tables: emptyTables(),
    queued: new Set(),
    outbox: [],
    connection: { reachable: true, silent: false, heardAt: null, dataAt: null, retryAt: null },
    kept: storage.kept,
  }));
  let offsetMs = 0;
  let pruneAt = 0;
  let stopped = false;
  let publishedAt = 0;
  let publishWaitMs = publishMs;
  let cancelPublish: (() => void) | null = null;
  let connection = store.getState().connection;
  let pending: Commit | null = null;
  let writing: Promise<void> | null = null;
  let wroteAt = 0;
  let writeNow: (() => void) | null = null;
  let away: { changes: number } | null = null;

  const outbox = createOutbox({
    storage,
    send: deps.send,
    uuid: deps.uuid,
    now,
    after,
    serverInstant: () => new Date(now() + offsetMs).toISOString(),
    reachable: () => store.getState().connection.reachable,
    baseVersion,
    incidentOf: (action) => ('incidentId' in action ? view.visible('incident', action.incidentId) : undefined),
    total: () => view.size(),
    changed: () => {
      refreshOverlay();
      publishNow();
    },
    news: deps.news,
  });

  const stream = createStream({
    transport: deps.transport,
    now,
    after,
    random: deps.random,
    onSnapshot(rows, position, serverNow) {
      heard(serverNow);
      const before = view.size();
      const stored = view.replaceAll(rows);
      write({ rows: stored.filter((change) => change.row !== null), position, replaceAll: true, total: 0 });
      if (before > 0) countAway(stored);
      prune();
      afterChanges();
      becomeReady();
    },
    onChanges(changes, position, serverNow) {
      heard(serverNow);
      const stored = view.apply(changes);
      write({ rows: stored, position, total: 0 });
      countAway(stored);
      if (changes.length === 0 && away !== null) {
        if (away.changes > 0) deps.news({ kind: 'caught-up', changes: away.changes });
        away = null;
      }
      prune();
      afterChanges(changes);
      becomeReady();
      outbox.pump();
    },
    onConnection(next) {
      const before = connection;
      connection = next;
      const gap = before.heardAt === null ? 0 : now() - before.heardAt;
      if (next.heardAt !== before.heardAt && gap > awayMs) away ??= { changes: 0 };
      // Every message of a storm says "still there"; redrawing all ages for each would cost more than its content.
      const shown = store.getState().connection;
      const sameState =
        next.reachable === shown.reachable && next.silent === shown.silent && next.retryAt === shown.retryAt;
      if (!sameState || (next.heardAt ?? 0) - (shown.heardAt ?? 0) >= stillThereMs) store.setState({ connection });
      if (next.reachable && !before.reachable) outbox.pump();
    },
    onForget(why) {
      deps.news({ kind: 'rebuilt', why });
      write({ rows: [], position: null, total: 0 });
    },
  });

  /** With its content, which is otherwise published a little later: an empty screen would say that there is nothing. */
  function becomeReady(): void {
    if (store.getState().ready) return;
    publishNow();
    store.setState({ ready: true });
  }

  function heard(serverNow: string): void {
    offsetMs = Date.parse(serverNow) - now();
    deps.onServerTime(offsetMs);
  }

  /** Never before the server spoke: a machine whose clock is wrong would forget what it still needs. */
  function prune(): void {
    if (now() < pruneAt) return;
    pruneAt = now() + pruneEveryMs;
    const needed = new Set(outbox.items().flatMap((item) => touchedBy(item.intent.action)));
    const gone = view.prune(now() + offsetMs, needed);
    if (gone.length > 0) write({ rows: gone, total: 0 });
  }

  function countAway(stored: readonly StoredChange[]): void {
    if (away !== null) away.changes += stored.length;
  }

  function afterChanges(changes: readonly Change[] = []): void {
    const caught = outbox.items().filter((item) => isEchoed(item));
    if (caught.length > 0) outbox.forget(caught.map((item) => item.intent.id));
    else if (outbox.items().length > 0 && changes.length > 0) refreshOverlay();
    publish();
  }

  function isEchoed(item: OutboxItem): boolean {
    if (item.state !== 'applied') return false;
    const key = baseOf(item.intent.action);
    if (item.version === null || key === null || now() - item.madeAt > echoMs) return true;
    const { entity, id } = splitRowKey(key);
    const row = view.base(entity, id);
    return row !== undefined && row.version >= item.version;
  }

  function refreshOverlay(): void {
    view.setOverlay(predict(outbox.items(), { read: (entity, id) => view.base(entity, id), postmortemOf }, deps.me));
  }

  function baseVersion(action: Action): number | null {
    if (action.kind === 'postmortem.edit') return postmortemOf(action.incidentId)?.version ?? null;
    const key = baseOf(action);
    if (key === null) return null;
    const { entity, id } = splitRowKey(key);
    return view.base(entity, id)?.version ?? null;
  }

  function postmortemOf(incidentId: string): Postmortem | undefined {
    const [id] = view.idsOfIncident('postmortem', incidentId);
    return id === undefined ? undefined : view.base('postmortem', id);
  }

  function publish(): void {
    if (cancelPublish !== null || stopped) return;
    const dueAt = publishedAt + publishWaitMs;
    if (dueAt <= now()) return publishNow();
    cancelPublish = after(dueAt - now(), () => {
      publishNow();
    });
  }

  function publishNow(): void {
    cancelPublish?.();
    cancelPublish = null;
    publishedAt = now();
    const items = outbox.items();
    const before = store.getState().queued;
    const queued = items.filter(isExpected).flatMap((item) => touchedBy(item.intent.action));
    const sameQueued = queued.length === before.size && queued.every((key) => before.has(key));
    store.setState({ tables: view.tables(), outbox: items, queued: sameQueued ? before : new Set(queued) });
  }

  /** One transaction at a time; what arrives meanwhile is written together in the next. */
  function write(change: Commit): void {
    if (pending === null || change.replaceAll === true) pending = { ...change };
    else {
      const position = change.position === undefined ? pending.position : change.position;
      pending = {
        ...pending,
        rows: [...pending.rows, ...change.rows],
        ...(position === undefined ? {} : { position }),
      };
    }
    writing ??= drain().finally(() => {
      writing = null;
    });
  }

  async function drain(): Promise<void> {
    // The turn ends first, so that a burst of messages becomes one transaction.
    await Promise.resolve();
    while (pending !== null) {
      const waitMs = wroteAt + writeMs - now();
      if (waitMs > 0 && !stopped) {
        await new Promise<void>((resolve) => {
          const cancel = after(waitMs, resolve);
          writeNow = () => {
            cancel();
            resolve();
          };
        });
        writeNow = null;
      }
      if (pending === null) return;
      wroteAt = now();
      const next: Commit = { ...pending, rows: lastOfEach(pending.rows), total: view.size() };
      pending = null;
      try {
        await storage.commit(next);
      } catch {
        // The next start sees a count that does not fit and takes a snapshot; the screen goes on from memory.
        store.setState({ kept: false });
      }
    }
  }

  return {
    store,
    view,
    outbox,
    stream,
    drafts: storage,
    async start() {
      const loaded = await storage.load((rows) => {
        view.load(rows);
        publish();
        if (rows.length > 0) becomeReady();
      });
      if (stopped) return;
      if (loaded.damage !== null) deps.news({ kind: 'rebuilt', why: loaded.damage });
      outbox.load(loaded.outbox);
      stream.start(loaded.damage === null ? loaded.position : null);
    },
    drawn(tables) {
      if (tables !== store.getState().tables) return;
      const tookMs = now() - publishedAt;
      publishWaitMs = Math.min(publishMaxMs, Math.max(publishMs, publishRest * tookMs));
    },
    async flush() {
      writeNow?.();
      await writing;
    },
    stop() {
      stopped = true;
      pending = null;
      writeNow?.();
      cancelPublish?.();
      stream.stop();
      outbox.stop();
    },
  };
}

function lastOfEach(rows: Commit['rows']): Commit['rows'] {
  if (rows.length < 2) return rows;
  const last = new Map<string, Commit['rows'][number]>();
  for (const entry of rows) last.set(`${entry.entity}:${entry.id}`, entry);
  return [...last.values()];
}
