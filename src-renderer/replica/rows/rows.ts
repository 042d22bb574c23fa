import { type EntityName, type EntityOf, entityNames } from '#server/contract/replica.ts';

/** What every replicated entity has. */
export interface Row {
  id: string;
  version: number;
  incidentId?: string | null;
}

/**
 * Both the table and its `rows` are new whenever a row changed, so that whatever is computed from either is computed
 * anew. What is behind `rows` is changed in place for speed: see `facing`.
 */
export interface Table<T> {
  readonly rows: ReadonlyMap<string, T>;
  readonly revision: number;
}

/** The same rows under another identity. A copy would be exact, too, but for 50,000 alerts at every change too slow. */
export function facing<T>(rows: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Face(rows);
}

class Face<T> implements ReadonlyMap<string, T> {
  readonly #rows: ReadonlyMap<string, T>;

  constructor(rows: ReadonlyMap<string, T>) {
    this.#rows = rows;
  }

  get size() {
    return this.#rows.size;
  }

  get(id: string) {
    return this.#rows.get(id);
  }

  has(id: string) {
    return this.#rows.has(id);
  }

  keys() {
    return this.#rows.keys();
  }

  values() {
    return this.#rows.values();
  }

  entries() {
    return this.#rows.entries();
  }

  [Symbol.iterator]() {
    return this.#rows[Symbol.iterator]();
  }

  forEach(each: (row: T, id: string, rows: ReadonlyMap<string, T>) => void) {
    for (const [id, row] of this.#rows) each(row, id, this);
  }
}

export type Tables = { readonly [N in EntityName]: Table<EntityOf<N>> };

export type RowKey = `${EntityName}:${string}`;

export function rowKey(entity: EntityName, id: string): RowKey {
  return `${entity}:${id}`;
}

export function splitRowKey(key: RowKey): { entity: EntityName; id: string } {
  const colon = key.indexOf(':');
  return { entity: key.slice(0, colon) as EntityName, id: key.slice(colon + 1) };
}

export function emptyTables(): Tables {
  const tables: Record<string, Table<Row>> = {};
  for (const name of entityNames) tables[name] = { rows: new Map(), revision: 0 };
  // Each name got a table of its own; the type system cannot follow the loop.
  return tables as unknown as Tables;
}
