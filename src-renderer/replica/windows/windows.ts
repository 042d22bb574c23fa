// Several windows of one person on one machine: one of them writes the copy on disk, holds the stream and sends; the
// others take what it hears and hand their actions over. A Web Lock says which one; when it goes, the next takes over.
// docs/offline.md.
import type { IntentResult } from '#server/contract/intent.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import type { UnreadItem } from '../storage.ts';

export type WindowMessage =
  /** To the writer. `from` is where the asking window stands in the feed. */
  | { kind: 'listen'; ask: string; from: string }
  /** The messages after that place; null when they are not kept any more. */
  | { kind: 'listening'; ask: string; messages: readonly unknown[] | null; live: boolean }
  /** One message of the feed, as the center sent it. */
  | { kind: 'feed'; message: unknown }
  /** The writer lost the center. */
  | { kind: 'cut' }
  /** The writer took a new snapshot: what is on disk is the beginning again. */
  | { kind: 'renewed' }
  | { kind: 'flush'; ask: string }
  /** `whole` is false where the disk does not take what the writer holds. */
  | { kind: 'flushed'; ask: string; whole?: boolean }
  /** Everything queued, whenever it changed. */
  | { kind: 'outbox'; items: readonly OutboxItem[] }
  /** An item made and stored by another window. */
  | { kind: 'take'; item: OutboxItem }
  | { kind: 'do'; ask: string; what: OutboxCall }
  | { kind: 'done'; ask: string; answer: 'ok' | 'refused' }
  | { kind: 'settled'; item: OutboxItem; result: IntentResult }
  /** Of the writer: what is stored and cannot be read. */
  | { kind: 'unread'; items: readonly UnreadItem[] }
  /** These were deleted, because a person said so. */
  | { kind: 'dropped'; ids: readonly string[] }
  | { kind: 'signed-out' };

/** What a window asks of the one that sends. */
export type OutboxCall =
  | { call: 'confirm' | 'discard'; id: string }
  /** `as`: the id of the new action; a window of an earlier version names none. */
  | { call: 'applyAgain'; id: string; as?: string }
  | { call: 'edit'; id: string; action: OutboxItem['intent']['action'] };

export interface Windows {
  /** Known once `ready` is over. */
  writes(): boolean;
  ready: Promise<void>;
  /** This window became the writer, or lost that to another one. */
  onChange(listener: (writes: boolean) => void): () => void;
  post(message: WindowMessage): void;
  onMessage(listener: (message: WindowMessage) => void): () => void;
  /** The writer does not answer although it holds the lock: it is frozen. This window takes its place. */
  takeOver(): void;
  stop(): void;
}

/** What of `navigator.locks` is needed. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal },
    held: (lock: unknown) => Promise<void> | void,
  ): Promise<unknown>;
}

export interface Channel {
  post(message: WindowMessage): void;
  listen(listener: (message: WindowMessage) => void): void;
  close(): void;
}

/** Where the browser cannot tell windows apart (a plain http address), every window is on its own, as one would be. */
export function createAloneWindow(): Windows {
  return {
    writes: () => true,
    ready: Promise.resolve(),
    onChange: () => () => undefined,
    post: () => undefined,
    onMessage: () => () => undefined,
    takeOver: () => undefined,
    stop: () => undefined,
  };
}

export function createWindows(deps: { name: string; locks: Locks; channel: Channel }): Windows {
  const { name, locks, channel } = deps;
  const listeners = new Set<(message: WindowMessage) => void>();
  const followers = new Set<(writes: boolean) => void>();
  let writing = false;
  let stopped = false;
  let release: () => void = () => undefined;
  const waiting = new AbortController();

  channel.listen((message) => {
    for (const listener of new Set(listeners)) listener(message);
  });

  function become(writes: boolean): void {
    if (writing === writes || stopped) return;
    writing = writes;
    for (const follower of followers) follower(writes);
  }

  function hold(): Promise<void> {
    if (stopped) return Promise.resolve();
    become(true);
    return new Promise((resolve) => {
      release = resolve;
    });
  }

  /** Ends when the lock was given back, or with an error when another window took it. */
  function queue(steal: boolean): void {
    void locks.request(name, steal ? { steal } : { signal: waiting.signal }, hold).catch(() => {
      if (stopped) return;
      become(false);
      queue(false);
    });
  }

  async function begin(): Promise<void> {
    let free = false;
    const first = new Promise<void>((resolve) => {
      void locks
        .request(name, { ifAvailable: true }, (lock) => {
          free = lock !== null;
          const held = free ? hold() : undefined;
          resolve();
          return held;
        })
        .catch(() => {
          resolve();
          if (!stopped && free) {
            become(false);
            queue(false);
          }
        });
    });
    await first;
    if (!free && !stopped) queue(false);
  }

  return {
    writes: () => writing,
    ready: begin(),
    onChange(listener) {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    post(message) {
      if (!stopped) channel.post(message);
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    takeOver() {
      if (!writing && !stopped) queue(true);
    },
    stop() {
      stopped = true;
      waiting.abort();
      release();
      channel.close();
    },
  };
}
