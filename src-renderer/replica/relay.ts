// The change feed of a machine with several windows: the writer has it from the center and passes it on; the others hear
// it from the writer, and begin from what it keeps on disk.
import type { Loaded } from './storage.ts';
import type { FeedTransport } from './stream.ts';
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

export interface Relay extends FeedTransport {
  stop(): void;
}

/** Messages kept for windows that open or were held up; at one heartbeat in two seconds, some minutes of quiet. */
const keptMax = 300;
/** A writer that says nothing for this long is frozen. */
const answerMs = 2_000;
const flushMs = 5_000;
const pageRows = 2_000;

export function createRelay(deps: RelayDeps): Relay {
  const { windows, network, after } = deps;
  let kept: { previous: string; position: string; raw: unknown }[] = [];
  let place: string | null = null;
  let live = true;
  let stored: Loaded | null = null;

  const stopListening = windows.onMessage((message) => {
    if (!windows.writes()) return;
    if (message.kind === 'listen') {
      windows.post({ kind: 'listening', ask: message.ask, messages: messagesAfter(message.from), live });
    }
    if (message.kind === 'flush') {
      void deps
        .flush()
        .catch(() => undefined)
        .then(() => windows.post({ kind: 'flushed', ask: message.ask }));
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
    if (kept.length > keptMax) kept.shift();
    place = message.position;
    live = true;
  }

  function openHere(from: string, handlers: Parameters<FeedTransport['open']>[1]): () => void {
    if (place !== from) {
      // After a snapshot: what was passed on before does not lead here.
      kept = [];
      place = from;
      windows.post({ kind: 'renewed' });
    }
    return network.open(from, {
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
    });
  }

  function openThere(from: string, handlers: Parameters<FeedTransport['open']>[1]): () => void {
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

  /** A snapshot without the center: the rows on disk, which the writer has just brought up to date. */
  async function pageFromDisk(cursor: string | null): Promise<unknown> {
    if (cursor === null || stored === null) {
      await askFlush();
      stored = await deps.load();
      if (stored.damage !== null || stored.position === null) throw new Error('the copy on this machine is not whole');
    }
    const from = Number(cursor ?? '0');
    const rows = stored.rows.slice(from, from + pageRows);
    const { position } = stored;
    const next = from + pageRows < stored.rows.length ? String(from + pageRows) : null;
    if (next === null) stored = null;
    return {
      position,
      serverNow: deps.serverInstant(),
      changes: rows.map(({ entity, row }) => ({ op: 'put', entity, id: row.id, version: row.version, body: row })),
      next,
    };
  }

  function askFlush(): Promise<void> {
    const ask = deps.uuid();
    return new Promise((resolve, reject) => {
      const stop = windows.onMessage((message: WindowMessage) => {
        if (message.kind !== 'flushed' || message.ask !== ask) return;
        cancel();
        stop();
        resolve();
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
    snapshotPage: (cursor) => (windows.writes() ? network.snapshotPage(cursor) : pageFromDisk(cursor)),
    open: (from, handlers) => (windows.writes() ? openHere(from, handlers) : openThere(from, handlers)),
    stop: stopListening,
  };
}

function placeOf(raw: unknown): { previous: string; position: string } | null {
  if (typeof raw !== 'object' || raw === null || !('previous' in raw) || !('position' in raw)) return null;
  const { previous, position } = raw;
  return typeof previous === 'string' && typeof position === 'string' ? { previous, position } : null;
}

/** The way to say "take a snapshot" that the stream knows from the center. */
function startAgain(position: string, serverNow: string): unknown {
  return { previous: position, position, serverNow, changes: [], reset: 'too-far-behind' };
}
