// What an editor holds of a document: what is typed, what it began from, and what came of saving it. Pure.

export interface Held<Row, Form> {
  form: Form;
  /** What the form began from; null for what did not exist then. */
  basis: Row | null;
  /** What was saved last, until it has come back. */
  sent: Sent | null;
}
interface Sent {
  /** The form as it was saved. */
  text: string;
  /** The fields as they were saved. */
  body: object;
  /** Null while the server has not taken it: it asks which of two stays. */
  version: number | null;
}

interface Versioned {
  version: number;
}

export function isChanged<Row, Form>(
  { form, basis, sent }: Held<Row, Form>,
  formOf: (row: Row | null) => Form,
): boolean {
  const text = textOf(form);
  return text !== textOf(formOf(basis)) && !isTaken(sent, text);
}

/** Somebody else saved something else meanwhile. What the server changes of itself, such as a beat, is a newer version too. */
export function isElsewhere<Row extends Versioned, Form>(
  { basis, sent }: Held<Row, Form>,
  row: Row | null,
  formOf: (row: Row | null) => Form,
): boolean {
  const awaited = sent !== null && sent.version !== null;
  return !awaited && isNewer(row, basis) && textOf(formOf(row)) !== textOf(formOf(basis));
}

/** What is held once `row` is on this machine. The same object where nothing follows from it. */
export function followed<Row extends Versioned, Form>(
  held: Held<Row, Form>,
  row: Row | null,
  formOf: (row: Row | null) => Form,
): Held<Row, Form> {
  if (row === null) return held;
  const { form, basis, sent } = held;
  const mine = textOf(form);
  if (sent !== null && sent.version !== null) {
    if (row.version < sent.version) return held;
    // The server may have put what was saved in order: its word is what the form shows.
    if (isTaken(sent, mine)) return { form: formOf(row), basis: row, sent: null };
    if (row.version === sent.version) return { form, basis: row, sent: null };
    // Typed on since, and more than mine is in it.
    return followed({ form, basis: { ...row, ...sent.body, version: sent.version }, sent: null }, row, formOf);
  }
  if (!isNewer(row, basis)) return held;
  if (!isChanged(held, formOf)) return { form: formOf(row), basis: row, sent: null };
  const theirs = textOf(formOf(row));
  return theirs === mine || theirs === textOf(formOf(basis)) ? { ...held, basis: row } : held;
}

/** Two values of a form say the same; the server may keep the names in a record in another order. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function isNewer(row: Versioned | null, basis: Versioned | null): boolean {
  return row !== null && row.version > (basis?.version ?? 0);
}

function isTaken(sent: Sent | null, text: string): boolean {
  return sent !== null && sent.version !== null && sent.text === text;
}
