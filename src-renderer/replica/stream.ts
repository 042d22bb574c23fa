// Keeps one subscription to the change feed open and whole: snapshot, stream, chain check, silence watch, backoff.
import type { Change } from '#server/contract/replica.ts';
import type { Connection } from './freshness.ts';
import type { RowKey } from './rows.ts';
import type { Heard } from './storage.ts';
import { readPage, type StoredChange } from './view.ts';
import { type ReadPage, readMessage, readSnapshotPage } from './wire.ts';

export interface FeedTransport {
  snapshotPage(cursor: string | null): Promise<unknown>;
  /** Opens the stream after `position`; the answer closes it. */
  open(
    position: string,
    handlers: { message: (message: unknown) => void; failed: (error: unknown) => void },
  ): () => void;
}

export interface StreamDeps {
  transport: FeedTransport;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  /** Uniform in [0, 1). */
  random: () => number;
  /** `unread` names rows of the center that this version cannot read. */
  onSnapshot: (rows: StoredChange[], position: string, serverNow: string, unread: readonly RowKey[]) => void;
  onChanges: (changes: Change[], position: string, serverNow: string) => void;
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
    timer(silenceMs, wentSilent);
    close = transport.open(from, {
      message: (message) => {
        if (mine === generation) received(message);
      },
      failed: () => {
        if (mine === generation) failed();
      },
    });
  }

  function received(raw: unknown): void {
    const message = readMessage(raw);
    if (message === null) return restart('the server sent a message that this client cannot read');
    if (message.reset !== null) return restart(`the server asked for a new snapshot: ${message.reset}`);
    const repeated = message.position === position && message.changes.length === 0;
    if (message.previous !== position && !repeated) return restart('a message was lost on the way');
    position = message.position;
    attempt = 0;
    timer(silenceMs, wentSilent);
    report({ reachable: true, silent: false, heardAt: now(), dataAt: Date.parse(message.serverNow), retryAt: null });
    deps.onChanges(message.changes, message.position, message.serverNow);
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
    report({ reachable: true, silent: false, heardAt: now(), dataAt: Date.parse(first.serverNow), retryAt: null });
    deps.onSnapshot(rows, first.position, first.serverNow, unread);
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
