// The change feed of a machine with several windows: the writer has it from the center and passes it on; the others hear
// it from the writer, and begin from what it keeps on disk.
import type { Loaded } from '../storage.ts';
import type { FeedTransport } from '../feed/stream.ts';
import type { Windows, WindowMessage } from './windows.ts';

export interface RelayDeps {
  windows: Windows;
  /** The center itself. */
  network: FeedTransport;
  uuid: () => string;
  after: (ms: number, callback: () => void) => () => void;
  serverInstant: () => string;
  /** As the writer: everything that waits to be written, written. */
  flush: () => Promise<void>;
  /** What is on disk. */
  load: () => Promise<Loaded>;
}

type Handlers = Parameters<FeedTransport['open']>[1];

export interface Relay extends FeedTransport {
  stop(): void;
}

/** Messages kept for windows that open or were held up; at one heartbeat in two seconds, some minutes of quiet. */
const keptMax = 300;
/** Changes kept in all of them: a message of a storm has hundreds. Who is further behind begins from the copy on disk. */
const keptChangesMax = 5_000;
/** A writer that says nothing for this long is frozen. */
const answerMs = 2_000;
const flushMs = 5_000;
const pageRows = 2_000;

export function createRelay(deps: RelayDeps): Relay {
  const { windows, network, after } = deps;
  let kept: Kept[] = [];
  let keptChanges = 0;
  let place: string | null = null;
  let live = true;
  /** The copy that pages are given of; a page of another one would leave rows out. */
  let stored: { turn: string; copy: Loaded } | null = null;
  let whole = true;

  const stopListening = windows.onMessage((message) => {
    if (!windows.writes()) return;
    if (message.kind === 'listen') {
      windows.post({ kind: 'listening', ask: message.ask, messages: messagesAfter(message.from), live });
    }
    if (message.kind === 'flush') {
      const flushed = (all: boolean): void => windows.post({ kind: 'flushed', ask: message.ask, whole: all });
      void deps.flush().then(
        () => flushed(true),
        () => flushed(false),
      );
    }
  });

  function messagesAfter(from: string): unknown[] | null {
    if (from === place) return [];
    const first = kept.findIndex((message) => message.previous === from);
    return first === -1 ? null : kept.slice(first).map((message) => message.raw);
  }

  function keep(raw: unknown): void {
    const message = placeOf(raw);
    if (message === null) return;
    kept.push({ ...message, raw });
    keptChanges += message.changes;
    while (kept.length > keptMax || keptChanges > keptChangesMax) keptChanges -= kept.shift()?.changes ?? keptChanges;
    place = message.position;
    live = true;
  }

  function openHere(from: string, handlers: Handlers, heardAt?: number | null): () => void {
    if (place !== from) {
      // After a snapshot: what was passed on before does not lead here.
      kept = [];
      keptChanges = 0;
      place = from;
      windows.post({ kind: 'renewed' });
    }
    const passingOn: Handlers = {
      message(raw) {
        keep(raw);
        windows.post({ kind: 'feed', message: raw });
        handlers.message(raw);
      },
      failed(error) {
        live = false;
        windows.post({ kind: 'cut' });
        handlers.failed(error);
      },
    };
    const close = network.open(from, passingOn, heardAt);
    return () => {
      // Left for its silence, perhaps: what was heard before would look like news in a window that opens now.
      live = false;
      close();
    };
  }

  function openThere(from: string, handlers: Handlers): () => void {
    const ask = deps.uuid();
    let listening = false;
    const cancel = after(answerMs, () => {
      windows.takeOver();
      handlers.failed(new Error('the window that holds the connection does not answer'));
    });
    const stop = windows.onMessage((message) => {
      switch (message.kind) {
        case 'listening': {
          if (message.ask !== ask) return;
          cancel();
          if (message.messages === null) return handlers.message(startAgain(from, deps.serverInstant()));
          if (!message.live) return handlers.failed(new Error('the center cannot be reached'));
          listening = true;
          for (const raw of message.messages) handlers.message(raw);
          return;
        }
        case 'feed':
          if (listening) handlers.message(message.message);
          return;
        case 'cut':
          if (listening) handlers.failed(new Error('the center cannot be reached'));
          return;
        case 'renewed':
          if (listening) handlers.message(startAgain(from, deps.serverInstant()));
          return;
        default:
          return;
      }
    });
    windows.post({ kind: 'listen', ask, from });
    return () => {
      cancel();
      stop();
    };
  }

  /** From the center only where the disk takes nothing: what is on it would be old, and said to be of now. */
  async function pageThere(cursor: string | null): Promise<unknown> {
    if (cursor === null) whole = await askFlush();
    return whole ? pageFromDisk(cursor) : network.snapshotPage(cursor);
  }

  /** A snapshot without the center: the rows on disk, which the writer has just brought up to date. */
  async function pageFromDisk(cursor: string | null): Promise<unknown> {
    const [turn = deps.uuid(), index = '0'] = cursor?.split(' ') ?? [];
    if (cursor === null) {
      const copy = await deps.load();
      if (copy.damage !== null || copy.position === null) throw new Error('the copy on this machine is not whole');
      stored = { turn, copy };
    }
    if (stored?.turn !== turn) throw new Error('this page is of a copy that was begun elsewhere');
    const { position, heard, rows: all } = stored.copy;
    const from = Number(index);
    const rows = all.slice(from, from + pageRows);
    const next = from + pageRows < all.length ? `${turn} ${from + pageRows}` : null;
    if (next === null) stored = null;
    return {
      position,
      // As old as the writer's last word of the center, which may be away.
      serverNow: heard === null ? deps.serverInstant() : new Date(heard.serverAt).toISOString(),
      ...(heard === null ? {} : { heardAt: heard.at }),
      changes: rows.map(({ entity, row }) => ({ op: 'put', entity, id: row.id, version: row.version, body: row })),
      next,
    };
  }

  /** False where the disk does not take what the writer holds. */
  function askFlush(): Promise<boolean> {
    const ask = deps.uuid();
    return new Promise((resolve, reject) => {
      const stop = windows.onMessage((message: WindowMessage) => {
        if (message.kind !== 'flushed' || message.ask !== ask) return;
        cancel();
        stop();
        resolve(message.whole !== false);
      });
      const cancel = after(flushMs, () => {
        stop();
        windows.takeOver();
        reject(new Error('the window that writes does not answer'));
      });
      windows.post({ kind: 'flush', ask });
    });
  }

  return {
    snapshotPage: (cursor) => (windows.writes() ? network.snapshotPage(cursor) : pageThere(cursor)),
    open: (from, handlers, heardAt) =>
      windows.writes() ? openHere(from, handlers, heardAt) : openThere(from, handlers),
    stop: stopListening,
  };
}

interface Kept {
  previous: string;
  position: string;
  changes: number;
  raw: unknown;
}

function placeOf(raw: unknown): Omit<Kept, 'raw'> | null {
  if (typeof raw !== 'object' || raw === null || !('previous' in raw) || !('position' in raw)) return null;
  const { previous, position } = raw;
  const changes = 'changes' in raw && Array.isArray(raw.changes) ? raw.changes.length : 0;
  return typeof previous === 'string' && typeof position === 'string' ? { previous, position, changes } : null;
}

/** The way to say "take a snapshot" that the stream knows from the center. */
function startAgain(position: string, serverNow: string): unknown {
  return { previous: position, position, serverNow, changes: [], reset: 'too-far-behind' };
}
