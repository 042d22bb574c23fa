/**
 * JSON with sorted keys: equal values are equal texts, so replay can compare bit for bit. Documents and lists of them are
 * written as their reference alone; the version that it names is kept for good. `undefined` is left out as JSON does.
 * A key that begins with `$` gets one more, so that a label called `$document` stays a label.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return textOf(value);
  if (value === null) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${text}]`;
  }
  if (isDocument(value)) return `{"$document":${JSON.stringify(value.$document)}}`;
  if (isList(value)) return `{"$documents":${JSON.stringify(value.$documents)}}`;
  // Written by hand: with a replacer, JSON.stringify takes four times as long, and each page writes a few of these.
  for (const key of sortedKeys(value)) {
    const inner: unknown = value[key as keyof typeof value];
    if (inner === undefined) continue;
    text += `${text === '' ? '' : ','}${nameOf(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

/** All but quotes, backslashes, control characters and surrogates. */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** Most texts need no escapes, and looking is much cheaper than asking JSON for them. */
function textOf(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
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
  if (keys.length < 2) return keys;
  if (!isWhole(keys[0]!)) return sorted(keys);
  return [...keys.filter(isWhole), ...sorted(keys.filter((key) => !isWhole(key)))];
}

/** In place, by insertion: what decisions see has few keys, and with `sort()` a whole record takes a quarter longer. */
function sorted(keys: string[]): string[] {
  if (keys.length > 30) return keys.sort();
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i]!;
    let place = i;
    for (; place > 0 && keys[place - 1]! > key; place -= 1) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
  return keys;
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
