// An index that is kept up with the replica's alerts by reading only what changed.
import type { Alert } from '#server/contract/alert.ts';
import { type AlertIndex, createAlertIndex } from './alert-index.ts';

export interface FollowingIndex {
  index: AlertIndex;
  /** Takes in what changed since it was called last. */
  catchUp(alerts: ReadonlyMap<string, Alert>): void;
}

/** `follow` tells the id of each row that changes, or null when any of them may have. */
export function createFollowingIndex(follow: (changed: (id: string | null) => void) => void): FollowingIndex {
  const index = createAlertIndex();
  /** Rows that changed since the index last looked; null when it has to read all of them. */
  let changed: Set<string> | null = null;
  // The replica shows its first rows in another map than the empty one that it starts with.
  let lookedAt: ReadonlyMap<string, Alert> | null = null;
  follow((id) => {
    if (id === null) changed = null;
    else changed?.add(id);
  });
  return {
    index,
    catchUp(alerts) {
      if (changed === null || lookedAt !== alerts) index.sync(alerts);
      else index.update(changed, alerts);
      changed = new Set();
      lookedAt = alerts;
    },
  };
}
