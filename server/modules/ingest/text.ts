// What strangers send is cut and cleaned to what the store, the screen and the expressions can hold.

export const textLimits = {
  title: 300,
  service: 200,
  labelName: 200,
  labelValue: 1_024,
  annotationValue: 8_192,
  url: 2_000,
  /** Labels, and annotations, of one alert (the expressions' cost bound counts on it). */
  pairs: 256,
} as const;

/** At most `max` UTF-16 units, ending in an ellipsis where something was cut; NUL and lone surrogates become U+FFFD. */
export function cleanText(text: string, max: number): string {
  let clean = text;
  if (clean.length > max) {
    const end = isHighSurrogate(clean.charCodeAt(max - 2)) ? max - 2 : max - 1;
    clean = `${clean.slice(0, end)}…`;
  }
  if (clean.includes('\0')) clean = clean.replaceAll('\0', '\uFFFD');
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}

/** The text of any JSON value: null for null and nothing, JSON for lists and objects. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value) ?? null;
}

/** The first of these fields that holds a text which is more than blanks. */
export function firstText(fields: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' ? value.trim() !== '' : typeof value === 'number' || typeof value === 'boolean') {
      return String(value).trim();
    }
  }
  return null;
}

/** A JSON object as name → text. Empty values are left out, as Prometheus means them. */
export function textPairs(value: unknown): [string, string][] {
  if (!isObject(value)) return [];
  const pairs: [string, string][] = [];
  for (const name of Object.keys(value)) {
    const text = textOf(value[name]);
    if (text !== null && text !== '') pairs.push([name, text]);
  }
  return pairs;
}

/** Both; where both have a name, the first one's value stays. */
export function mergePairs(first: [string, string][], second: [string, string][]): [string, string][] {
  const names = new Set(first.map(([name]) => name));
  return [...first, ...second.filter(([name]) => !names.has(name))];
}

/** Cleaned and bounded. Built so that a name like __proto__ is an ordinary name. */
export function cleanPairs(pairs: readonly [string, string][], maxValue: number): Record<string, string> {
  const kept = pairs.length > textLimits.pairs ? pairs.slice(0, textLimits.pairs) : pairs;
  return Object.fromEntries(
    kept.map(([name, value]) => [cleanText(name, textLimits.labelName), cleanText(value, maxValue)]),
  );
}

/** An address people may open, or null: nothing but http and https, so that no link can run. */
export function cleanUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > textLimits.url) return null;
  const url = value.trim();
  if (!/^https?:\/\/[^\s]+$/i.test(url) || !URL.canParse(url)) return null;
  return cleanText(url, textLimits.url);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
