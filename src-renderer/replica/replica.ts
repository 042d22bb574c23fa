// Joins view, stream, outbox and store on disk into the one thing that screens read: a zustand store.
import { createStore, type StoreApi } from 'zustand';
import { type Change, entityNames } from '#server/contract/replica.ts';
import { createAwayBook } from './feed/away.ts';
import { createCenter } from './center.ts';
import { createExpected } from './outbox/expected.ts';
import { createOutbox, type Outbox } from './outbox/outbox-runner.ts';
import { isExpected } from './outbox/predict.ts';
import { createPruner } from './pruner.ts';
import { createPublisher } from './publisher.ts';
import { createRelay } from './windows/relay.ts';
import { emptyState, type ReplicaDeps, type ReplicaState } from './replica-state.ts';
import { createRowWriter } from './storage/row-writer.ts';
import type { Tables } from './rows/rows.ts';
import { createSharedOutbox } from './windows/shared-outbox.ts';
import { type Heard, type Loaded, nothingLoaded, type Storage } from './storage.ts';
import { createStream, type Stream } from './feed/stream.ts';
import { touchedBy } from './outbox/targets.ts';
import { createUnreadItems } from './windows/unread-items.ts';
import { createView, type View } from './rows/view.ts';
import { watchStorage } from './storage/watched-storage.ts';
import { createAloneWindow } from './windows/windows.ts';

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
  /** Deletes queued actions that could not be read. */
  dropUnread(ids: readonly string[]): Promise<void>;
  /** The screen shows these tables now; how long that took paces the next ones. */
  drawn(tables: Tables): void;
  /** Everything that waits to be written, written. */
  flush(): Promise<void>;
  stop(): void;
}

/** News of the connection that says nothing but "still there" is passed on this often. */
const stillThereMs = 1_000;

export function createReplica(deps: ReplicaDeps): Replica {
  const { now, after, windows = createAloneWindow() } = deps;
  const view = createView();
  const store = createStore<ReplicaState>(() => emptyState(deps.storage.kept, windows.writes()));
  const isShown = (id: string): boolean => outbox.items().some(({ intent }) => intent.id === id);
  const storage = watchStorage(deps.storage, isShown, (kept) => {
    if (kept !== store.getState().kept) store.setState({ kept });
  });
  const unreadable = createUnreadItems({ windows, storage, changed: (unreadItems) => store.setState({ unreadItems }) });
  let offsetMs = 0;
  let stopped = false;
  let started = false;
  let whole = false;
  let connection = store.getState().connection;
  const away = createAwayBook();

  const publisher = createPublisher({ show, now, after });
  const expected = createExpected({ view, items: () => outbox.items(), me: deps.me, now });

  const rows = createRowWriter({ storage, now, after, writes: () => windows.writes(), total: () => view.size() });
  const prune = createPruner({
    view,
    storage,
    items: () => outbox.items(),
    gone: (forgotten) => rows.write({ rows: forgotten }),
  });

  const center = createCenter({
    ask: deps.handshake,
    after,
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
    // What waits on the disk goes before what is done while it is read.
    sends: () => windows.writes() && started,
    understood: (kind) => center.understands(kind),
    baseVersion: (action) => expected.baseVersion(action),
    incidentOf: (action) => ('incidentId' in action ? view.visible('incident', action.incidentId) : undefined),
    total: () => view.size(),
    changed: () => {
      expected.refresh();
      publisher.now();
      outbox.tell();
    },
    did: (made, dropped) => outbox.handOver(made, dropped),
    news(news) {
      if (news.kind === 'settled' && news.result.outcome === 'rejected' && news.result.code === 'unknown-action') {
        center.denied(news.item.intent.action.kind);
      }
      if (news.kind === 'settled' && windows.writes()) windows.post(news);
      if (news.kind !== 'settled' || !outbox.isForeign(news.item.intent.id)) deps.news(news);
    },
  });

  const outbox = createSharedOutbox({
    own,
    windows,
    uuid: deps.uuid,
    after,
    async stored() {
      const found = await storage.loadOutbox();
      unreadable.found(found.unread);
      return found.outbox;
    },
  });

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
    onSnapshot(snapshot, position, heard, unread) {
      setOffset(heard);
      const before = view.size();
      const stored = view.replaceAll(snapshot, unread);
      rows.write({ rows: stored.filter((change) => change.row !== null), position, heard, replaceAll: true });
      if (before > 0) away.note(stored);
      prune(heard.serverAt);
      whole = true;
      afterChanges();
      becomeReady();
    },
    onChanges(changes, position, heard) {
      setOffset(heard);
      const stored = view.apply(changes);
      rows.write({ rows: stored, position, heard });
      away.note(stored);
      if (changes.length === 0 && away.open()) tellAway(heard.serverAt);
      prune(heard.serverAt);
      whole = true;
      afterChanges(changes);
      becomeReady();
      outbox.pump();
    },
    onConnection(next) {
      const before = connection;
      connection = next;
      away.heard(before, next);
      // Every message of a storm says "still there"; redrawing all ages for each would cost more than its content.
      const shown = store.getState().connection;
      const sameState =
        next.reachable === shown.reachable && next.silent === shown.silent && next.retryAt === shown.retryAt;
      const passedMs = Math.abs((next.heardAt ?? 0) - (shown.heardAt ?? 0));
      if (!sameState || passedMs >= stillThereMs) store.setState({ connection });
      if (next.reachable && next.heardAt !== null) center.reached();
      else if (!next.reachable) center.lost();
      if (next.reachable !== before.reachable) outbox.pump();
    },
    onForget(why) {
      deps.news({ kind: 'rebuilt', why });
      rows.write({ rows: [], position: null });
    },
  });

  /** With its content, which is otherwise published a little later: an empty screen would say that there is nothing. */
  function becomeReady(): void {
    if (store.getState().ready) return;
    publisher.now();
    store.setState({ ready: true });
  }

  function setOffset({ at, serverAt }: Heard): void {
    offsetMs = serverAt - at;
    deps.onServerTime(offsetMs);
  }

  function tellAway(until: number): void {
    const found = away.end(until);
    if (found === null) return;
    store.setState({ away: found });
    deps.news({ kind: 'caught-up', changes: found.total });
  }

  function afterChanges(changes: readonly Change[] = []): void {
    const caught = outbox.items().filter((item) => expected.isEchoed(item));
    if (caught.length > 0) outbox.forget(caught.map((item) => item.intent.id));
    else if (outbox.items().length > 0 && changes.length > 0) expected.refresh();
    publisher.soon();
  }

  function show(): void {
    const items = outbox.items();
    const before = store.getState().queued;
    const queued = items.filter(isExpected).flatMap((item) => touchedBy(item.intent.action));
    const sameQueued = queued.length === before.size && queued.every((key) => before.has(key));
    store.setState({
      whole,
      tables: view.tables(),
      outbox: items,
      queued: sameQueued ? before : new Set(queued),
      unread: view.unread(),
    });
  }

  /** Of the copy: the first part has a screen drawn before the rest is read, which takes longer than the drawing. */
  function showPart(part: Loaded['rows']): Promise<void> | undefined {
    view.load(part);
    if (part.length === 0) return undefined;
    if (store.getState().ready) {
      publisher.soon();
      return undefined;
    }
    becomeReady();
    return publisher.whenDrawn();
  }

  /** From now on this window writes, holds the stream and sends; what the last one did is on disk, perhaps not all. */
  async function becomeWriter(): Promise<void> {
    const position = stream.position();
    // Without a place what is held here is behind what is stored; a snapshot comes next.
    if (position !== null) {
      const all = entityNames.flatMap((entity) => [...view.held(entity)].map(([id, row]) => ({ entity, id, row })));
      rows.write({ rows: all, position, replaceAll: true });
    }
    await outbox.becomeWriter();
    stream.reopen();
  }

  function changeRole(writes: boolean): void {
    store.setState({ writes });
    if (!started || stopped) return;
    if (writes) void becomeWriter().catch(() => undefined);
    else {
      rows.drop();
      storage.forgetRows();
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
        .load(showPart, windows.writes())
        .catch((error: unknown) => nothingLoaded(String(error)));
      if (stopped) return;
      started = true;
      unreadable.found(loaded.unread);
      // Before the stream can call it live.
      if (store.getState().ready) {
        whole = true;
        publisher.now();
      }
      if (loaded.damage !== null) deps.news({ kind: 'rebuilt', why: loaded.damage });
      outbox.load(loaded.outbox);
      outbox.pump();
      // Until the server says its time again: a machine whose clock is wrong shows the right age all the same.
      if (loaded.heard !== null) setOffset(loaded.heard);
      stream.start(loaded.damage === null ? loaded.position : null, loaded.heard);
    },
    dismissAway: () => store.setState({ away: null }),
    dropUnread: (ids) => unreadable.drop(ids),
    drawn(tables) {
      if (tables === store.getState().tables) publisher.drawn();
    },
    flush: () => rows.flush(),
    stop() {
      stopped = true;
      rows.stop();
      outbox.close();
      unreadable.close();
      relay.stop();
      stopFollowing();
      publisher.stop();
      stream.stop();
      outbox.stop();
    },
  };
}
