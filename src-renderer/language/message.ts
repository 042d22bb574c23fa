// A sentence with gaps as an ICU message. scripts/messages.mjs makes the same text out of the source.

export interface Plural {
  value: number;
  forms: Readonly<Record<Form, string>>;
}

export type Form = 'one' | 'other';

export interface Message {
  id: string;
  /** What fills the gaps; of a plural, its number. */
  plain: readonly unknown[];
}

/** By where a template stands: the same place gives the same strings, so its message is made once. */
const made = new WeakMap<TemplateStringsArray, string>();

export function messageOf(strings: TemplateStringsArray, values: readonly unknown[]): Message {
  const known = made.get(strings);
  if (known !== undefined) return { id: known, plain: values };
  const plurals = values.some(isPlural);
  const id = strings.reduce((text, part, place) => text + gap(place - 1, values[place - 1]) + escaped(part), '');
  // The forms may differ from call to call.
  if (!plurals) made.set(strings, id);
  return { id, plain: plurals ? values.map((value) => (isPlural(value) ? value.value : value)) : values };
}

export function isPlural(value: unknown): value is Plural {
  return typeof value === 'object' && value !== null && 'forms' in value;
}

/** In English. */
export function formOf(value: number): Form {
  return value === 1 ? 'one' : 'other';
}

export function numberIn(locale: string): Intl.NumberFormat {
  return new Intl.NumberFormat(locale);
}

function gap(place: number, value: unknown): string {
  if (place < 0) return '';
  if (!isPlural(value)) return `{${place}}`;
  return `{${place}, plural, one {${escaped(value.forms.one)}} other {${escaped(value.forms.other)}}}`;
}

/** Braces stand for themselves, and so does an apostrophe before a gap. */
export function escaped(text: string): string {
  return text.replace(/'(?=$|[{}])/g, "''").replace(/[{}]/g, "'$&'");
}
