import type { Commit, Storage } from '../storage.ts';

export interface WatchedStorage extends Storage {
  /** The rows that were refused are another window's to write. */
  forgetRows(): void;
}

/**
 * Tells after each write whether all that is shown is stored: a disk that is full refuses, and takes again once there is
 * room. On one that is nearly full a small write goes through while a large one waits.
 */
export function watchStorage(
  storage: Storage,
  isShown: (intentId: string) => boolean,
  told: (kept: boolean) => void,
): WatchedStorage {
  const items = new Set<string>();
  const removals = new Set<string>();
  let rows = false;

  function tell(): void {
    for (const id of items) if (!isShown(id)) items.delete(id);
    told(storage.kept && !rows && items.size + removals.size === 0);
  }

  async function watch(write: Promise<void>, { put, remove, withRows }: Parts): Promise<void> {
    try {
      await write;
    } catch (error) {
      for (const id of put) items.add(id);
      for (const id of remove) removals.add(id);
      rows ||= withRows;
      told(false);
      throw error;
    }
    for (const id of [...put, ...remove]) items.delete(id);
    for (const id of remove) removals.delete(id);
    if (withRows) rows = false;
    tell();
  }

  return {
    ...storage,
    commit: (change) => watch(storage.commit(change), partsOf(change)),
    saveOutbox: (list) => watch(storage.saveOutbox(list), { put: idsOf(list), remove: [], withRows: false }),
    forgetRows() {
      rows = false;
      tell();
    },
  };
}

interface Parts {
  put: readonly string[];
  remove: readonly string[];
  withRows: boolean;
}

/** Rows that were refused are in each later write of rows until one goes through (row-writer.ts). */
function partsOf({ rows, position, replaceAll, outbox }: Commit): Parts {
  return {
    put: idsOf(outbox?.put ?? []),
    remove: outbox?.remove ?? [],
    withRows: rows.length > 0 || position !== undefined || replaceAll === true,
  };
}

function idsOf(items: readonly { intent: { id: string } }[]): string[] {
  return items.map(({ intent }) => intent.id);
}
