/** A row's fields and columns once, for its SELECT and INSERT: a field that is forgotten does not compile. */
export interface Columns<S> {
  /** `n.page_id AS "pageId", …` */
  select(alias: string): string;
  /** `page_id, …` */
  names: string;
  /** `r.page_id, …` */
  of(alias: string): string;
  /** All rows as one JSON parameter, for jsonb_populate_recordset. */
  toRows(states: readonly S[]): string;
}

export function defineColumns<S>(columns: { [Field in keyof Required<S> & string]: string }): Columns<S> {
  const fields = Object.entries<string>(columns) as [keyof S & string, string][];
  return {
    select: (alias) => fields.map(([field, column]) => `${alias}.${column} AS "${field}"`).join(', '),
    names: fields.map(([, column]) => column).join(', '),
    of: (alias) => fields.map(([, column]) => `${alias}.${column}`).join(', '),
    toRows: (states) =>
      JSON.stringify(
        states.map((state) => Object.fromEntries(fields.map(([field, column]) => [column, state[field]]))),
      ),
  };
}
