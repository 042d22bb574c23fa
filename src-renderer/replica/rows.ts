import { type EntityName, type EntityOf, entityNames } from '#server/contract/replica.ts';

/** What every replicated entity has. */
export interface Row {
  id: string;
  version: number;
  incidentId?: string | null;
}

/** `rows` is changed in place for speed; `revision`, and with it the wrapper, is new whenever they changed. */
export interface Table<T> {
  readonly rows: ReadonlyMap<string, T>;
  readonly revision: number;
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
