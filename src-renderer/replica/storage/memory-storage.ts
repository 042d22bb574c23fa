import type { OutboxItem } from '../outbox/outbox.ts';
import type { Row } from '../rows/rows.ts';
import type { Commit, Heard, Storage } from '../storage.ts';

/** Where the browser gives no database (a private window): all works, nothing survives the window. */
export function createMemoryStorage(): Storage {
  const rows = new Map<string, { entity: Commit['rows'][number]['entity']; row: Row }>();
  const items = new Map<string, OutboxItem>();
  const drafts = new Map<string, string>();
  let position: string | null = null;
  let heard: Heard | null = null;
  return {
    kept: false,
    async load(onRows) {
      void onRows([...rows.values()]);
      return { position, rows: [...rows.values()], outbox: [...items.values()], unread: [], heard, damage: null };
    },
    async loadOutbox() {
      return { outbox: [...items.values()], unread: [] };
    },
    async dropUnread() {},
    async commit(change) {
      if (change.replaceAll === true) rows.clear();
      for (const { entity, id, row } of change.rows) {
        if (row === null) rows.delete(`${entity}:${id}`);
        else rows.set(`${entity}:${id}`, { entity, row });
      }
      if (change.position !== undefined) position = change.position;
      if (change.heard !== undefined) heard = change.heard;
      for (const item of change.outbox?.put ?? []) items.set(item.intent.id, item);
      for (const id of change.outbox?.remove ?? []) items.delete(id);
    },
    async saveOutbox(list) {
      for (const item of list) items.set(item.intent.id, item);
    },
    async readDraft(key) {
      return drafts.get(key) ?? null;
    },
    async writeDraft(key, text) {
      if (text === null || text === '') drafts.delete(key);
      else drafts.set(key, text);
    },
    sizes: () => ({ total: 0, of: () => 0 }),
    async wipe() {
      rows.clear();
      items.clear();
      drafts.clear();
      position = null;
    },
    close() {},
  };
}
