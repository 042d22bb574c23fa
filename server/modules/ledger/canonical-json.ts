/**
 * JSON with sorted keys: equal values are equal texts, so replay can compare bit for bit. Documents and lists of them are
 * written as their reference alone; the version that it names is kept for good. `undefined` is left out as JSON does.
 * A key that begins with `$` gets one more, so that a label called `$document` stays a label.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => {
    if (typeof field !== 'object' || field === null || Array.isArray(field)) return field;
    if (isDocument(field)) return { $document: field.$document };
    if (isList(field)) return { $documents: field.$documents };
    const sorted = Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, inner]) => [key.startsWith('$') ? `$${key}` : key, inner]));
  });
}

/** A label could be called so too; its neighbour would be a text. */
function isDocument(value: object): value is { $document: string } {
  return (
    '$document' in value && typeof value.$document === 'string' && 'draft' in value && typeof value.draft === 'object'
  );
}

function isList(value: object): value is { $documents: string } {
  return (
    '$documents' in value && typeof value.$documents === 'string' && 'items' in value && Array.isArray(value.items)
  );
}
