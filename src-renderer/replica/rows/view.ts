// The in-memory copy: what the server said (base), and over it what this client expects of its own queued actions.
import { type Change, type EntityName, type EntityOf, entityNames } from '#server/contract/replica.ts';
import { byIncident, type ByIncident, decideChange, isByIncident, missingFromSnapshot } from './apply.ts';
import { type Held, outOfBounds } from './bounds.ts';
import { overBytes, type Sizes } from './byte-bound.ts';
import { emptyTables, facing, type Row, rowKey, type RowKey, splitRowKey, type Table, type Tables } from './rows.ts';
import { readRow } from './wire.ts';

export interface StoredChange {
  entity: EntityName;
  id: string;
  /** Null deletes. */
  row: Row | null;
  /** What was held until then. */
  before?: Row | undefined;
}

export interface View {
  tables(): Tables;
  base<N extends EntityName>(entity: N, id: string): EntityOf<N> | undefined;
  visible<N extends EntityName>(entity: N, id: string): EntityOf<N> | undefined;
  idsOfIncident(entity: ByIncident, incidentId: string): ReadonlySet<string>;
  /** Grows whenever a row of this incident changed. */
  revisionOfIncident(entity: ByIncident, incidentId: string): number;
  /** Tells which rows changed, as they change; null when all did. The answer stops it. */
  follow(entity: EntityName, changed: (id: string | null) => void): () => void;
  /** Applies changes of the stream; answers what really changed, for the store on disk. */
  apply(changes: readonly Change[]): StoredChange[];
  /** A snapshot is the truth whatever the versions say; rows it does not name are gone. */
  replaceAll(rows: readonly StoredChange[], unread?: readonly RowKey[]): StoredChange[];
  /** Rows of the center that this version of the client cannot read, as they are there now. */
  unread(): number;
  /** Forgets what is beyond the bounds of the copy; answers it, for the store on disk. */
  prune(nowMs: number, keep: ReadonlySet<RowKey>, sizes: Sizes): StoredChange[];
  /** Rows read back from disk, already checked. */
  load(rows: readonly { entity: EntityName; row: Row }[]): void;
  /** Replaces the expectations of queued actions; null hides a row. */
  setOverlay(next: ReadonlyMap<RowKey, Row | null>): void;
  size(): number;
  /** What the center said of an entity, without what is expected of queued actions. */
  held(entity: EntityName): ReadonlyMap<string, Row>;
  clear(): void;
}

const noIds: ReadonlySet<string> = new Set();

export function createView(): View {
  let base = emptyMaps();
  let visible = emptyMaps();
  let index = emptyIndex();
  let overlay: ReadonlyMap<RowKey, Row | null> = new Map();
  let tables = emptyTables();
  let dirty = new Set<EntityName>();
  let unread = new Set<RowKey>();
  const revisions = emptyRevisions();
  const followers = new Map<EntityName, Set<(id: string | null) => void>>();

  function touch(entity: ByIncident, incidentId: string | null): void {
    if (incidentId !== null) revisions[entity].set(incidentId, (revisions[entity].get(incidentId) ?? 0) + 1);
  }

  function show(entity: EntityName, id: string, row: Row | null | undefined): void {
    const rows = visible[entity];
    const before = rows.get(id);
    if (before === (row ?? undefined)) return;
    dirty.add(entity);
    if (row === null || row === undefined) rows.delete(id);
    else rows.set(id, row);
    for (const changed of followers.get(entity) ?? []) changed(id);
    if (!isByIncident(entity)) return;
    const from = before?.incidentId ?? null;
    const to = row?.incidentId ?? null;
    touch(entity, to);
    if (from === to) return;
    touch(entity, from);
    if (from !== null) index[entity].get(from)?.delete(id);
    if (to !== null) {
      const ids = index[entity].get(to);
      if (ids === undefined) index[entity].set(to, new Set([id]));
      else ids.add(id);
    }
  }

  function setBase(entity: EntityName, id: string, row: Row | null): void {
    if (row === null) base[entity].delete(id);
    else base[entity].set(id, row);
    if (!overlay.has(rowKey(entity, id))) show(entity, id, row);
  }

  return {
    tables() {
      if (dirty.size > 0) {
        const next: Record<string, Table<Row>> = { ...(tables as unknown as Record<string, Table<Row>>) };
        for (const entity of dirty)
          next[entity] = { rows: facing(visible[entity]), revision: (next[entity]?.revision ?? 0) + 1 };
        tables = next as unknown as Tables;
        dirty = new Set();
      }
      return tables;
    },
    base: (entity, id) => base[entity].get(id) as EntityOf<typeof entity> | undefined,
    visible: (entity, id) => visible[entity].get(id) as EntityOf<typeof entity> | undefined,
    idsOfIncident: (entity, incidentId) => index[entity].get(incidentId) ?? noIds,
    revisionOfIncident: (entity, incidentId) => revisions[entity].get(incidentId) ?? 0,
    follow(entity, changed) {
      const listening = followers.get(entity) ?? new Set();
      followers.set(entity, listening);
      listening.add(changed);
      return () => listening.delete(changed);
    },
    apply(changes) {
      const stored: StoredChange[] = [];
      for (const change of changes) {
        const read = readRow(change);
        // What was held of it stays on screen: a row that went away would look as if all were well.
        if (read.unread) unread.add(read.key);
        else unread.delete(read.key);
        const before = base[change.entity].get(change.id);
        const decision = decideChange(before, change, read.row);
        if (decision.kind === 'ignore') continue;
        const row = decision.kind === 'put' ? decision.row : null;
        setBase(change.entity, change.id, row);
        stored.push({ entity: change.entity, id: change.id, row, before });
      }
      return stored;
    },
    replaceAll(rows, unreadNow = []) {
      unread = new Set(unreadNow);
      const stored: StoredChange[] = rows.map((each) => ({ ...each, before: base[each.entity].get(each.id) }));
      const seen = new Map<EntityName, Set<string>>(entityNames.map((name) => [name, new Set()]));
      for (const { entity, id, row } of rows) {
        seen.get(entity)?.add(id);
        setBase(entity, id, row);
      }
      for (const entity of entityNames) {
        for (const id of missingFromSnapshot(base[entity].keys(), seen.get(entity) ?? noIds)) {
          stored.push({ entity, id, row: null, before: base[entity].get(id) });
          setBase(entity, id, null);
        }
      }
      return stored;
    },
    prune(nowMs, keep, sizes) {
      const gone = outOfBounds(
        // Each map holds the rows of its own name; the type system cannot follow the record.
        base as unknown as Held,
        nowMs,
        keep,
      );
      for (const { entity, id } of gone) setBase(entity, id, null);
      const freed = gone.reduce((sum, { entity, id }) => sum + sizes.of(entity, id), 0);
      const more = overBytes(base as unknown as Held, { ...sizes, total: sizes.total - freed }, keep);
      for (const { entity, id } of more) setBase(entity, id, null);
      gone.push(...more);
      return gone.map((each) => ({ ...each, row: null }));
    },
    load(rows) {
      for (const { entity, row } of rows) setBase(entity, row.id, row);
    },
    setOverlay(next) {
      const before = overlay;
      overlay = next;
      for (const key of before.keys()) {
        if (next.has(key)) continue;
        const { entity, id } = splitRowKey(key);
        show(entity, id, base[entity].get(id));
      }
      for (const [key, row] of next) {
        const { entity, id } = splitRowKey(key);
        show(entity, id, row);
      }
    },
    held: (entity) => base[entity],
    unread: () => unread.size,
    size: () => entityNames.reduce((sum, entity) => sum + base[entity].size, 0),
    clear() {
      base = emptyMaps();
      visible = emptyMaps();
      index = emptyIndex();
      overlay = new Map();
      unread = new Set();
      dirty = new Set(entityNames);
      for (const entity of byIncident) for (const id of revisions[entity].keys()) touch(entity, id);
      for (const listening of followers.values()) for (const changed of listening) changed(null);
    },
  };
}

/** Rows of one page of a snapshot, checked; page by page, so that a large snapshot never blocks the screen for long. */
export function readPage(changes: readonly Change[]): { rows: StoredChange[]; unread: RowKey[] } {
  const rows: StoredChange[] = [];
  const unread: RowKey[] = [];
  for (const change of changes) {
    const read = readRow(change);
    if (read.unread) unread.push(read.key);
    if (read.row !== null) rows.push({ entity: change.entity, id: change.id, row: read.row });
  }
  return { rows, unread };
}

function emptyMaps(): Record<EntityName, Map<string, Row>> {
  return Object.fromEntries(entityNames.map((name) => [name, new Map<string, Row>()])) as Record<
    EntityName,
    Map<string, Row>
  >;
}

function emptyIndex(): Record<ByIncident, Map<string, Set<string>>> {
  return Object.fromEntries(byIncident.map((name) => [name, new Map<string, Set<string>>()])) as Record<
    ByIncident,
    Map<string, Set<string>>
  >;
}

function emptyRevisions(): Record<ByIncident, Map<string, number>> {
  return Object.fromEntries(byIncident.map((name) => [name, new Map<string, number>()])) as Record<
    ByIncident,
    Map<string, number>
  >;
}
