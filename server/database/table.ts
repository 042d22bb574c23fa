import { type Columns, defineColumns } from '#server/database/columns.ts';

/**
 * A table whose rows carry a version: its SELECT, INSERT and UPDATE made from one list of fields and columns. Rows travel
 * as one JSON parameter, so each write is one statement.
 */
export interface Table<S extends { id: string; version: number }> extends Pick<Columns<S>, 'select' | 'toRows'> {
  insert: string;
  update: string;
}

export function defineTable<S extends { id: string; version: number }>(
  name: string,
  columns: { [Field in keyof Required<S> & string]: string },
): Table<S> {
  const { select, names, of, assign, toRows } = defineColumns<S>(columns);
  return {
    select,
    toRows,
    insert: `INSERT INTO ${name} (${names})
             SELECT ${of('r')}
             FROM json_populate_recordset(NULL::${name}, $1::json) AS r`,
    // A version that is not newer means that the caller changed a copy it did not hold locked.
    update: `UPDATE ${name} AS t SET ${assign('r')}
             FROM json_populate_recordset(NULL::${name}, $1::json) AS r
             WHERE t.id = r.id AND t.version < r.version`,
  };
}
