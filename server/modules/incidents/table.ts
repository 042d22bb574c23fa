/**
 * One list of fields and columns for a table, from which its SELECT, INSERT and UPDATE are made: a field that is added
 * to the state and forgotten here does not compile. Rows travel as one JSON parameter, so each write is one statement.
 */
export interface Table<S extends { id: string; version: number }> {
  /** `i.started_at AS "startedAt", …` for the alias given. */
  select(alias: string): string;
  insert: string;
  update: string;
  toRows(states: readonly S[]): string;
}

export function defineTable<S extends { id: string; version: number }>(
  name: string,
  columns: { [Field in keyof Required<S> & string]: string },
): Table<S> {
  const fields = Object.entries<string>(columns) as [keyof S & string, string][];
  const names = fields.map(([, column]) => column);
  const changed = names.filter((column) => column !== 'id');
  return {
    select: (alias) => fields.map(([field, column]) => `${alias}.${column} AS "${field}"`).join(', '),
    insert: `INSERT INTO ${name} (${names.join(', ')})
             SELECT ${names.map((column) => `r.${column}`).join(', ')}
             FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb) AS r`,
    // A version that is not newer means that the caller changed a copy it did not hold locked.
    update: `UPDATE ${name} AS t SET ${changed.map((column) => `${column} = r.${column}`).join(', ')}
             FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb) AS r
             WHERE t.id = r.id AND t.version < r.version`,
    toRows: (states) =>
      JSON.stringify(
        states.map((state) => Object.fromEntries(fields.map(([field, column]) => [column, state[field]]))),
      ),
  };
}
