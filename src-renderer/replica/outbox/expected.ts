// What this client expects of its own queued actions, over what the center said, until their change comes back.
import type { Action } from '#server/contract/intent.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import type { Person } from '../actions/face.ts';
import type { OutboxItem } from './outbox.ts';
import { predict } from './predict.ts';
import { splitRowKey } from '../rows/rows.ts';
import { baseOf } from './targets.ts';
import type { View } from '../rows/view.ts';

export interface Expected {
  /** Draws anew what is expected. */
  refresh(): void;
  /** The version that an action is made on. */
  baseVersion(action: Action): number | null;
  /** Its change is here, or will not come any more. */
  isEchoed(item: OutboxItem): boolean;
}

/** An answer said "applied", but the change did not come back: drawn as expected for this long. */
const echoMs = 10_000;

export function createExpected({
  view,
  items,
  me,
  now,
}: {
  view: View;
  items: () => readonly OutboxItem[];
  me: Person;
  now: () => number;
}): Expected {
  function postmortemOf(incidentId: string): Postmortem | undefined {
    const [id] = view.idsOfIncident('postmortem', incidentId);
    return id === undefined ? undefined : view.base('postmortem', id);
  }

  /** By item, which is a new one when its state changes: since when it is known to be applied. */
  const appliedAt = new WeakMap<OutboxItem, number>();

  return {
    refresh() {
      view.setOverlay(predict(items(), { read: (entity, id) => view.base(entity, id), postmortemOf }, me));
    },
    baseVersion(action) {
      if (action.kind === 'postmortem.edit') return postmortemOf(action.incidentId)?.version ?? null;
      const key = baseOf(action);
      if (key === null) return null;
      const { entity, id } = splitRowKey(key);
      const held = view.base(entity, id)?.version ?? null;
      // What the server answered to this client counts before the stream brings it back: else two quick changes of the
      // same thing would be a conflict with oneself.
      return items()
        .filter((item) => item.state === 'applied' && baseOf(item.intent.action) === key)
        .reduce<number | null>(
          (highest, { version }) => (version === null ? highest : Math.max(highest ?? 0, version)),
          held,
        );
    },
    isEchoed(item) {
      if (item.state !== 'applied') return false;
      const key = baseOf(item.intent.action);
      if (item.version === null || key === null) return true;
      const since = appliedAt.get(item) ?? now();
      // A clock that was set back begins anew.
      appliedAt.set(item, Math.min(since, now()));
      if (now() - since > echoMs) return true;
      const { entity, id } = splitRowKey(key);
      const row = view.base(entity, id);
      return row !== undefined && row.version >= item.version;
    },
  };
}
