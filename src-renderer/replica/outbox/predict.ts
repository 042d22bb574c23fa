// What queued actions will make of the entities on screen, as far as this client can tell. It only ever draws; the server
// decides. Recomputed from the base and the outbox whenever one of them changes, so nothing predicted can outlive its action.
import type { EntityOf } from '#server/contract/replica.ts';
import type { Person, ReadBase, Scene } from '../actions/face.ts';
import { faceOf } from '../actions/faces.ts';
import type { OutboxItem } from './outbox.ts';
import { type Row, rowKey, type RowKey } from '../rows/rows.ts';

export interface Base {
  read: ReadBase;
  postmortemOf: Scene['postmortemOf'];
}

/** Items that still change what is on screen: made here, and not yet seen back from the server. */
export function isExpected(item: OutboxItem): boolean {
  return item.state === 'queued' || item.state === 'waiting' || item.state === 'held' || item.state === 'applied';
}

export function predict(
  items: readonly OutboxItem[],
  { read, postmortemOf }: Base,
  me: Person,
): Map<RowKey, Row | null> {
  const overlay = new Map<RowKey, Row | null>();
  const get: ReadBase = (entity, id) => {
    const key = rowKey(entity, id);
    if (!overlay.has(key)) return read(entity, id);
    return (overlay.get(key) ?? undefined) as EntityOf<typeof entity> | undefined;
  };
  const on = {
    me,
    get,
    put: (entity, row) => void overlay.set(rowKey(entity, row.id), row),
    hide: (entity, id) => void overlay.set(rowKey(entity, id), null),
    postmortemOf,
  } satisfies Omit<Scene, 'at'>;
  for (const item of [...items].sort((a, b) => a.place - b.place)) {
    if (!isExpected(item)) continue;
    const { action, at } = item.intent;
    faceOf(action).predict?.(action, { ...on, at });
  }
  return overlay;
}
