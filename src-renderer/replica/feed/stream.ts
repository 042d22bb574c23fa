// Keeps one subscription to the change feed open and whole: snapshot, stream, chain check, silence watch, backoff.
import type { Change } from '#server/contract/replica.ts';
import { t } from '../../language/words.ts';
import type { Connection } from './freshness.ts';
import type { RowKey } from '../rows/rows.ts';
import type { Heard } from '../storage.ts';
import { readPage, type StoredChange } from '../rows/view.ts';
import { type ReadPage, readMessage, readSnapshotPage } from '../rows/wire.ts';

export interface FeedTransport {
  snapshotPage(cursor: string | null): Promise<unknown>;
  /** Opens the stream after `position`, which was heard at `heardAt` by the server's clock; the answer closes it. */
  open(
    position: string,
    handlers: { message: (message: unknown) => void; failed: (error: unknown) => void },
    heardAt?: number | null,
  ): () => void;
}

export interface StreamDeps {
  transport: FeedTransport;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  /** Uniform in [0, 1). */
  random: () => number;
  /** `unread` names rows of the center that this version cannot read. */
  onSnapshot: (rows: StoredChange[], position: string, heard: Heard, unread: readonly RowKey[]) => void;
  onChanges: (changes: Change[], position: string, heard: Heard) => void;
  onConnection: (connection: Connection) => void;
  /** The stored place is no longer good; the next start must not trust it. */
  onForget: (why: string) => void;
}

export interface Stream {
  /** `kept` is how old what is stored is, until the server has spoken. */
  start(position: string | null, kept?: Heard | null): void;
  /** Where it stands in the feed; null before a snapshot. */
  position(): string | null;
  /** Anew from the place reached, whatever is open: the way to the center has changed. */
  reopen(): void;
  /** Now, not after the backoff: the machine came back online, woke up, or a person asked. */
  kick(): void;
  /** The machine says that it has no network. */
  lost(): void;
  stop(): void;
}

const silenceMs = 5_000;
/** What comes later than this is no news: connected anew, the newest comes first. */
const latestMs = 30_000;
/** Later than this between two heartbeats, and it says Lagging. */
const promptMs = 2_500;
/** Late for this long it may be a clock that was set, or runs slower: with the next subscription they are compared anew. */
const lateMs = 60_000;
const backoffFirstMs = 1_000;
const backoffMaxMs = 30_000;

export function createStream(deps: StreamDeps): Stream {
  const { transport, now, after, random } = deps;
  let position: string | null = null;
  let attempt = 0;
  let running = false;
  /** Callbacks of an earlier subscription or snapshot find another number here and do nothing. */
  let generation = 0;
  let close: (() => void) | null = null;
  let cancelTimer: (() => void) | null = null;
  /** The server's clock less this one, by the message of this subscription that was the least time on its way. */
  let nearestMs = Number.NEGATIVE_INFINITY;
  /** When the last message came that was not late. */
  let promptAt = 0;
  let connection: Connection = {
    reachable: true,
    silent: false,
    heardAt: null,
    dataAt: null,
    keptAt: null,
    retryAt: null,
  };

  function report(change: Partial<Connection>): void {
    connection = { ...connection, ...change };
    deps.onConnection(connection);
  }

  function timer(ms: number, callback: () => void): void {
    cancelTimer?.();
    cancelTimer = after(ms, callback);
  }

  function shut(): void {
    generation += 1;
    close?.();
    close = null;
    cancelTimer?.();
    cancelTimer = null;
  }

  /** The server cannot be reached. */
  function failed(): void {
    again({ reachable: false, silent: false });
  }

  /**
   * Nothing came for five seconds: connected anew, and nothing is sent meanwhile, but no connection was refused, so the
   * age of the last word goes on counting through Lagging to Stale. A first attempt that brought nothing is a failure.
   */
  function wentSilent(): void {
    again({ reachable: false, silent: connection.heardAt !== null && (connection.reachable || connection.silent) });
  }

  function again(found: Pick<Connection, 'reachable' | 'silent'>): void {
    shut();
    if (!running) return;
    const capMs = Math.min(backoffMaxMs, backoffFirstMs * 2 ** attempt);
    attempt += 1;
    const waitMs = Math.round(random() * capMs);
    report({ ...found, retryAt: now() + waitMs });
    timer(waitMs, connect);
  }

  function connect(): void {
    shut();
    if (!running) return;
    report({ retryAt: null });
    if (position === null) void takeSnapshot(generation);
    else openStream(position);
  }

  function openStream(from: string): void {
    const mine = generation;
    nearestMs = Number.NEGATIVE_INFINITY;
    promptAt = now();
    timer(silenceMs, wentSilent);
    const handlers = {
      message: (message: unknown) => {
        if (mine === generation) received(message);
      },
      failed: () => {
        if (mine === generation) failed();
      },
    };
    close = transport.open(from, handlers, connection.dataAt);
  }

  /**
   * When a message was sent, by this machine's clock. What lies in a buffer on the way for half a minute is as old as
   * that when it comes; the first message of a subscription cannot be, or it would have been taken for silence.
   */
  function sentAt(serverNow: string): Heard {
    const serverAt = Date.parse(serverNow);
    nearestMs = Math.max(nearestMs, serverAt - now());
    return { at: serverAt - nearestMs, serverAt };
  }

  function received(raw: unknown): void {
    const message = readMessage(raw);
    if (message === null) return restart(t`the server sent a message that this client cannot read`);
    if (message.reset !== null) return restart(t`the server asked for a new snapshot: ${message.reset}`);
    const repeated = message.position === position && message.changes.length === 0;
    if (message.previous !== position && !repeated) return restart(t`a message was lost on the way`);
    position = message.position;
    attempt = 0;
    timer(silenceMs, wentSilent);
    const heard = sentAt(message.serverNow);
    report({ reachable: true, silent: false, heardAt: heard.at, dataAt: heard.serverAt, retryAt: null });
    deps.onChanges(message.changes, message.position, heard);
    const lateByMs = now() - heard.at;
    if (lateByMs <= promptMs) promptAt = now();
    if (lateByMs > latestMs) wentSilent();
    else if (now() - promptAt > lateMs) connect();
  }

  function restart(why: string): void {
    position = null;
    deps.onForget(why);
    // A server that resets again and again must not be hammered.
    attempt += 1;
    shut();
    const waitMs = attempt <= 1 ? 0 : Math.round(random() * Math.min(backoffMaxMs, backoffFirstMs * 2 ** attempt));
    timer(waitMs, connect);
  }

  async function takeSnapshot(mine: number): Promise<void> {
    const rows: StoredChange[] = [];
    const unread: RowKey[] = [];
    let first: ReadPage | null = null;
    let cursor: string | null = null;
    // Everything is as old as the first page: what changed since comes with the stream.
    const askedAt = now();
    try {
      do {
        const page: ReadPage = readSnapshotPage(await transport.snapshotPage(cursor));
        if (mine !== generation) return;
        first ??= page;
        const read = readPage(page.changes);
        for (const row of read.rows) rows.push(row);
        for (const key of read.unread) unread.push(key);
        cursor = page.next;
        report({ reachable: true, silent: false });
      } while (cursor !== null);
    } catch {
      if (mine === generation) failed();
      return;
    }
    position = first.position;
    const heard: Heard = { at: first.heardAt ?? askedAt, serverAt: Date.parse(first.serverNow) };
    report({ reachable: true, silent: false, heardAt: heard.at, dataAt: heard.serverAt, retryAt: null });
    deps.onSnapshot(rows, first.position, heard, unread);
    openStream(first.position);
  }

  return {
    start(from, kept = null) {
      running = true;
      position = from;
      if (kept !== null) connection = { ...connection, dataAt: kept.serverAt, keptAt: kept.at };
      connect();
    },
    position: () => position,
    reopen() {
      if (!running) return;
      attempt = 0;
      connect();
    },
    kick() {
      if (!running) return;
      const quiet = connection.heardAt === null || now() - connection.heardAt > silenceMs;
      if (close !== null && !quiet) return;
      attempt = 0;
      connect();
    },
    lost() {
      if (running) failed();
    },
    stop() {
      running = false;
      shut();
    },
  };
}
