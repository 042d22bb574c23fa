/**
 * JSON with sorted keys: equal values are equal texts, so replay can compare bit for bit. Documents and lists of them are
 * written as their reference alone; the version that it names is kept for good. `undefined` is left out as JSON does.
 * A key that begins with `$` gets one more, so that a label called `$document` stays a label.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isDocument(value)) return `{"$document":${JSON.stringify(value.$document)}}`;
  if (isList(value)) return `{"$documents":${JSON.stringify(value.$documents)}}`;
  // Written by hand: with a replacer, JSON.stringify takes four times as long, and each page writes a few of these.
  let text = '';
  for (const key of sortedKeys(value)) {
    const inner: unknown = value[key as keyof typeof value];
    if (inner === undefined) continue;
    text += `${text === '' ? '' : ','}${nameOf(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

/** Few names, written by the thousand. Labels are anybody's, so they are not kept without end. */
const names = new Map<string, string>();
const namesMax = 2_000;

function nameOf(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = JSON.stringify(key.startsWith('$') ? `$${key}` : key);
  if (names.size < namesMax) names.set(key, name);
  return name;
}

/** Keys that are whole numbers come first and as numbers: so they stand in every object that was parsed from JSON. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  // Whole numbers are the first of an object's own keys.
  if (!isWhole(keys[0] ?? '')) return inOrder(keys) ? keys : keys.sort();
  return [...keys.filter(isWhole), ...keys.filter((key) => !isWhole(key)).sort()];
}

function inOrder(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i += 1) if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  return true;
}

function isWhole(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
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
