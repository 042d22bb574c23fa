// Joins view, stream, outbox and store on disk into the one thing that screens read: a zustand store.
import { createStore, type StoreApi } from 'zustand';
import type { CenterInfo } from '#server/contract/client.ts';
import type { Action, Intent } from '#server/contract/intent.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import { type Change, entityNames } from '#server/contract/replica.ts';
import type { Person } from './actions/face.ts';
import { type Away, createAwayBook } from './away.ts';
import { createCenter } from './center.ts';
import type { Connection } from './freshness.ts';
import type { OutboxItem } from './outbox.ts';
import { createOutbox, type Outbox, type OutboxNews, type SendAnswer } from './outbox-runner.ts';
import { isExpected, predict } from './predict.ts';
import { createRelay } from './relay.ts';
import { createRowWriter } from './row-writer.ts';
import { emptyTables, type RowKey, splitRowKey, type Tables } from './rows.ts';
import { createSharedOutbox } from './shared-outbox.ts';
import type { Heard, Loaded, Storage } from './storage.ts';
import { createStream, type FeedTransport, type Stream } from './stream.ts';
import { baseOf, touchedBy } from './targets.ts';
import { createView, type View } from './view.ts';
import { createAloneWindow, type Windows } from './windows.ts';

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
  /** Null until the center has said what it is. */
  center: CenterInfo | null;
  /** Rows that the center has and this version cannot show: it is too old. */
  unread: number;
  /** What changed while nothing was heard, until the person has looked at it; null where there is nothing. */
  away: Away | null;
  /** Of several windows of a person on a machine, one writes the copy and sends. */
  writes: boolean;
}

export type ReplicaNews = OutboxNews | { kind: 'caught-up'; changes: number } | { kind: 'rebuilt'; why: string };

export interface ReplicaDeps {
  storage: Storage;
  transport: FeedTransport;
  send: (intents: Intent[]) => Promise<SendAnswer>;
  /** Asks the center what it understands; null when no answer came. */
  handshake: () => Promise<CenterInfo | null>;
  /** The other windows of this person; without, there are none. */
  windows?: Windows;
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
  /** What changed meanwhile was looked at. */
  dismissAway(): void;
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
/** An answer said "applied", but the change did not come back: drawn as expected for this long. */
const echoMs = 10_000;
/** The copy is held to its bounds at the first word of the server, and then this often. */
const pruneEveryMs = 3_600_000;
/** Away for longer than this, a person is told how much changed. */
const awayMs = 10_000;

export function createReplica(deps: ReplicaDeps): Replica {
  const { storage, now, after, windows = createAloneWindow() } = deps;
  const view = createView();
  const store = createStore<ReplicaState>(() => ({
    ready: false,
    tables: emptyTables(),
    queued: new Set(),
    outbox: [],
    connection: { reachable: true, silent: false, heardAt: null, dataAt: null, keptAt: null, retryAt: null },
    away: null,
    kept: storage.kept,
    center: null,
    unread: 0,
    writes: windows.writes(),
  }));
  let offsetMs = 0;
  let pruneAt = 0;
  let stopped = false;
  let started = false;
  let publishedAt = 0;
  let publishWaitMs = publishMs;
  let cancelPublish: (() => void) | null = null;
  let connection = store.getState().connection;
  const away = createAwayBook();

  const rows = createRowWriter({
    storage,
    now,
    after,
    writes: () => windows.writes(),
    total: () => view.size(),
    failed: () => store.setState({ kept: false }),
  });

  const center = createCenter({
    ask: deps.handshake,
    now,
    changed(info) {
      store.setState({ center: info });
      own.pump();
    },
  });

  const own = createOutbox({
    storage,
    send: deps.send,
    uuid: deps.uuid,
    now,
    after,
    serverInstant: () => new Date(now() + offsetMs).toISOString(),
    reachable: () => store.getState().connection.reachable,
    sends: () => windows.writes(),
    understood: (kind) => center.understands(kind),
    baseVersion,
    incidentOf: (action) => ('incidentId' in action ? view.visible('incident', action.incidentId) : undefined),
    total: () => view.size(),
    changed: () => {
      refreshOverlay();
      publishNow();
      outbox.tell();
    },
    news(news) {
      if (news.kind === 'settled' && news.result.outcome === 'rejected' && news.result.code === 'unknown-action') {
        center.denied(news.item.intent.action.kind);
      }
      if (news.kind === 'settled' && windows.writes()) windows.post(news);
      if (news.kind !== 'settled' || !outbox.isForeign(news.item.intent.id)) deps.news(news);
    },
  });

  const outbox = createSharedOutbox({ own, windows, uuid: deps.uuid, after, stored: () => storage.loadOutbox() });

  const relay = createRelay({
    windows,
    network: deps.transport,
    uuid: deps.uuid,
    after,
    serverInstant: () => new Date(now() + offsetMs).toISOString(),
    flush: () => rows.flush(),
    load: () => storage.load(() => undefined, false),
  });

  const stream = createStream({
    transport: relay,
    now,
    after,
    random: deps.random,
    onSnapshot(snapshot, position, serverNow, unread) {
      heard(serverNow);
      const before = view.size();
      const stored = view.replaceAll(snapshot, unread);
      rows.write({
        rows: stored.filter((change) => change.row !== null),
        position,
        heard: heardNow(serverNow),
        replaceAll: true,
      });
      if (before > 0) away.note(stored);
      prune();
      afterChanges();
      becomeReady();
    },
    onChanges(changes, position, serverNow) {
      heard(serverNow);
      const stored = view.apply(changes);
      rows.write({ rows: stored, position, heard: heardNow(serverNow) });
      away.note(stored);
      if (changes.length === 0 && away.open()) tellAway(Date.parse(serverNow));
      prune();
      afterChanges(changes);
      becomeReady();
      outbox.pump();
    },
    onConnection(next) {
      const before = connection;
      connection = next;
      const lastAt = before.heardAt ?? before.keptAt;
      const gap = lastAt === null ? 0 : now() - lastAt;
      if (next.heardAt !== before.heardAt && gap > awayMs) away.begin(before.dataAt ?? now() + offsetMs);
      // Every message of a storm says "still there"; redrawing all ages for each would cost more than its content.
      const shown = store.getState().connection;
      const sameState =
        next.reachable === shown.reachable && next.silent === shown.silent && next.retryAt === shown.retryAt;
      if (!sameState || (next.heardAt ?? 0) - (shown.heardAt ?? 0) >= stillThereMs) store.setState({ connection });
      if (next.reachable && next.heardAt !== null) center.reached();
      else if (!next.reachable) center.lost();
      if (next.reachable && !before.reachable) outbox.pump();
    },
    onForget(why) {
      deps.news({ kind: 'rebuilt', why });
      rows.write({ rows: [], position: null });
    },
  });

  /** With its content, which is otherwise published a little later: an empty screen would say that there is nothing. */
  function becomeReady(): void {
    if (store.getState().ready) return;
    publishNow();
    store.setState({ ready: true });
  }

  function heardNow(serverNow: string): Heard {
    return { at: now(), serverAt: Date.parse(serverNow) };
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
    const gone = view.prune(now() + offsetMs, needed, storage.sizes());
    if (gone.length > 0) rows.write({ rows: gone });
  }

  function tellAway(until: number): void {
    const found = away.end(until);
    if (found === null) return;
    store.setState({ away: found });
    deps.news({ kind: 'caught-up', changes: found.total });
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
    const held = view.base(entity, id)?.version ?? null;
    // What the server answered to this client counts before the stream brings it back: else two quick changes of the
    // same thing would be a conflict with oneself.
    return outbox
      .items()
      .filter((item) => item.state === 'applied' && baseOf(item.intent.action) === key)
      .reduce<number | null>(
        (highest, { version }) => (version === null ? highest : Math.max(highest ?? 0, version)),
        held,
      );
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
    store.setState({
      tables: view.tables(),
      outbox: items,
      queued: sameQueued ? before : new Set(queued),
      unread: view.unread(),
    });
  }

  /** From now on this window writes, holds the stream and sends; what the last one did is on disk, perhaps not all. */
  async function becomeWriter(): Promise<void> {
    const all = entityNames.flatMap((entity) => [...view.held(entity)].map(([id, row]) => ({ entity, id, row })));
    rows.write({ rows: all, position: stream.position(), replaceAll: true });
    await outbox.becomeWriter();
    stream.reopen();
  }

  function changeRole(writes: boolean): void {
    store.setState({ writes });
    if (!started || stopped) return;
    if (writes) void becomeWriter().catch(() => undefined);
    else {
      rows.drop();
      stream.reopen();
    }
  }

  const stopFollowing = windows.onChange(changeRole);

  return {
    store,
    view,
    outbox,
    stream,
    drafts: storage,
    async start() {
      await windows.ready;
      if (stopped) return;
      store.setState({ writes: windows.writes() });
      const loaded = await storage
        .load((part) => {
          view.load(part);
          publish();
          if (part.length > 0) becomeReady();
        }, windows.writes())
        .catch((error: unknown): Loaded => ({
          rows: [],
          outbox: [],
          position: null,
          heard: null,
          damage: String(error),
        }));
      if (stopped) return;
      started = true;
      if (loaded.damage !== null) deps.news({ kind: 'rebuilt', why: loaded.damage });
      outbox.load(loaded.outbox);
      if (loaded.heard !== null) {
        // Until the server says its time again: a machine whose clock is wrong shows the right age all the same.
        offsetMs = loaded.heard.serverAt - loaded.heard.at;
        deps.onServerTime(offsetMs);
      }
      stream.start(loaded.damage === null ? loaded.position : null, loaded.heard);
    },
    dismissAway: () => store.setState({ away: null }),
    drawn(tables) {
      if (tables !== store.getState().tables) return;
      const tookMs = now() - publishedAt;
      publishWaitMs = Math.min(publishMaxMs, Math.max(publishMs, publishRest * tookMs));
    },
    async flush() {
      await rows.flush();
    },
    stop() {
      stopped = true;
      rows.stop();
      outbox.close();
      relay.stop();
      stopFollowing();
      cancelPublish?.();
      stream.stop();
      outbox.stop();
    },
  };
}
