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
  /** All rows as one JSON parameter, for json_populate_recordset: a write is one statement, however many rows. */
  toRows(states: readonly S[]): string;
}

/** As PostgreSQL calls them. */
type ColumnType = 'bigint' | 'boolean' | 'int' | 'jsonb' | 'text' | 'timestamptz' | 'uuid' | 'uuid[]';

/** Of a table that is written by the thousand: PostgreSQL reads arrays in two thirds of the time that JSON takes. */
interface TypedColumns<S> extends Omit<Columns<S>, 'toRows'> {
  /** What `toArrays` carries, for FROM: its parameters are $1 and those after it. */
  rows: string;
  /** One array a column. */
  toArrays(states: readonly S[]): string[];
}

export function defineTypedColumns<S>(columns: {
  [Field in keyof Required<S> & string]: `${string} ${ColumnType}`;
}): TypedColumns<S> {
  const typed = Object.entries<string>(columns).map(([field, column]) => {
    const [name = '', type = ''] = column.split(' ');
    // In an array of arrays all would have to be of one length.
    return { field: field as keyof S & string, name, type, sent: type === 'uuid[]' ? 'text' : type };
  });
  const names = typed.map(({ name }) => name).join(', ');
  const read = typed.map(({ name, type, sent }) => (type === sent ? `u.${name}` : `u.${name}::${type} AS ${name}`));
  const arrays = typed.map(({ sent }, place) => `$${place + 1}::${sent}[]`);
  const untyped = Object.fromEntries(typed.map(({ field, name }) => [field, name]));
  return {
    ...defineColumns(untyped as Record<keyof S & string, string>),
    rows: `(SELECT ${read.join(', ')} FROM unnest(${arrays.join(', ')}) AS u (${names}))`,
    toArrays: (states) =>
      typed.map(({ field, type }) => `{${states.map((state) => elementOf(state[field], type)).join(',')}}`),
  };
}

function elementOf(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'NULL';
  if (type === 'text') return quoted(value as string);
  if (type === 'jsonb') return quoted(JSON.stringify(value));
  return type === 'uuid[]' ? `"{${(value as string[]).join(',')}}"` : String(value as string | number | boolean);
}

function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, String.raw`\$&`) : text}"`;
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
