/** Stands between the texts of a column that travels as one parameter; JSON never holds it, and PostgreSQL splits at it. */
export const betweenTexts = '\u001e';

/** An array parameter of ids, instants, numbers or names: nothing of it needs quotes, so nothing looks for what does. */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** A row's fields and columns once, for its SELECT, INSERT and UPDATE: a field that is forgotten does not compile. */
export interface Columns<S> {
  /** `n.page_id AS "pageId", …` */
  select(alias: string): string;
  /** `page_id, …` */
  names: string;
  /** `r.page_id, …` */
  of(alias: string): string;
  /** `page_id = r.page_id, …`, all but the id. */
  assign(alias: string): string;
  /** All rows as one JSON parameter, for jsonb_populate_recordset: a write is one statement, however many rows. */
  toRows(states: readonly S[]): string;
}

export function defineColumns<S>(columns: { [Field in keyof Required<S> & string]: string }): Columns<S> {
  const fields = Object.entries<string>(columns) as [keyof S & string, string][];
  const names = fields.map(([, column]) => column);
  return {
    select: (alias) => fields.map(([field, column]) => `${alias}.${column} AS "${field}"`).join(', '),
    names: names.join(', '),
    of: (alias) => names.map((column) => `${alias}.${column}`).join(', '),
    assign: (alias) =>
      names
        .filter((column) => column !== 'id')
        .map((column) => `${column} = ${alias}.${column}`)
        .join(', '),
    toRows: (states) =>
      JSON.stringify(
        states.map((state) => {
          const row: Record<string, unknown> = {};
          // A column that is not named is NULL there as well: most of a new row is.
          for (const [field, column] of fields) if (state[field] !== null) row[column] = state[field];
          return row;
        }),
      ),
  };
}
