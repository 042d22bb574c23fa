// Holds the copy to its bounds at the first word of the server, and then every hour.
import type { OutboxItem } from './outbox/outbox.ts';
import type { Storage } from './storage.ts';
import { touchedBy } from './outbox/targets.ts';
import type { StoredChange, View } from './rows/view.ts';

const everyMs = 3_600_000;

export function createPruner(deps: {
  view: View;
  storage: Pick<Storage, 'sizes'>;
  items: () => readonly OutboxItem[];
  gone: (rows: StoredChange[]) => void;
}): (serverMs: number) => void {
  let dueAt = 0;
  /** By the server's clock: a machine whose own is wrong would forget what it still needs. */
  return (serverMs) => {
    if (serverMs < dueAt) return;
    dueAt = serverMs + everyMs;
    const needed = new Set(deps.items().flatMap((item) => touchedBy(item.intent.action)));
    const gone = deps.view.prune(serverMs, needed, deps.storage.sizes());
    if (gone.length > 0) deps.gone(gone);
  };
}
