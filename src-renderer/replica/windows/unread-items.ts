// Queued actions that are stored and that this version cannot read: the same ones in every window.
import { actionPolicies } from '#server/contract/intent.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import type { Storage, UnreadItem } from '../storage.ts';
import type { Windows } from './windows.ts';

export interface UnreadItems {
  /** What this window could not read. */
  found(items: readonly UnreadItem[]): void;
  /** Deletes these, because a person said so. */
  drop(ids: readonly string[]): Promise<void>;
  close(): void;
}

export function createUnreadItems(deps: {
  windows: Windows;
  storage: Pick<Storage, 'dropUnread'>;
  changed: (items: readonly UnreadItem[]) => void;
}): UnreadItems {
  const { windows, storage, changed } = deps;
  let stored: readonly UnreadItem[] = [];
  /** Of the window that writes, which is newer than this one. */
  let beyond: readonly UnreadItem[] = [];

  function show(): void {
    changed([...stored, ...beyond]);
  }

  function tell(): void {
    if (windows.writes()) windows.post({ kind: 'unread', items: stored });
  }

  function without(ids: readonly string[]): void {
    stored = stored.filter(({ id }) => !ids.includes(id));
    beyond = beyond.filter(({ id }) => !ids.includes(id));
    show();
  }

  const stop = windows.onMessage((message) => {
    switch (message.kind) {
      case 'listen':
        return tell();
      case 'dropped':
        return without(message.ids);
      case 'unread':
        if (windows.writes()) return;
        stored = message.items;
        return show();
      case 'outbox': {
        if (windows.writes()) return;
        const now = message.items.filter((item) => !isKnown(item));
        if (now.length + beyond.length === 0) return;
        beyond = now.map((item) => ({ id: item.intent.id, why: 'newer', text: JSON.stringify(item) }));
        return show();
      }
      default:
        return;
    }
  });

  return {
    found(items) {
      stored = items;
      beyond = [];
      show();
      tell();
    },
    async drop(ids) {
      await storage.dropUnread(ids);
      without(ids);
      windows.post({ kind: 'dropped', ids });
    },
    close: stop,
  };
}

/** Windows of two versions may be open at once. */
export function isKnown({ intent }: OutboxItem): boolean {
  return Object.hasOwn(actionPolicies, intent.action.kind);
}
