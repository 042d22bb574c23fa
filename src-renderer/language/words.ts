// Every sentence that a person reads comes through here. English is the source and its own name in the catalogue:
// t`Acknowledge ${name}` looks for "Acknowledge {0}", and reads as written where there is no translation.
import { escaped, type Form, formOf, type Message, type Plural, messageOf, isPlural, numberIn } from './message.ts';

export type Value = string | number | bigint | boolean | null | undefined | Plural;

/** Answers null for a message it has no translation of. */
export type Translate = (message: string, values: readonly unknown[]) => string | null;

let translate: Translate | null = null;
let numbers = numberIn('en');
let times = 'en-GB';

/** Before any module with words in it is evaluated: what stands at a module's top is read once. */
export function setTranslation(next: Translate | null, locale: string): void {
  translate = next;
  numbers = numberIn(locale);
  times = locale === 'en' ? 'en-GB' : locale;
}

/** A sentence. What is put in stands where the translation wants it. */
export function t(strings: TemplateStringsArray, ...values: Value[]): string {
  if (translate !== null) {
    const { id, plain }: Message = messageOf(strings, values);
    const text = translate(id, plain);
    if (text !== null) return text;
  }
  let text = strings[0] ?? '';
  for (let place = 0; place < values.length; place += 1) text += textOf(values[place]) + (strings[place + 1] ?? '');
  return text;
}

/** One of the forms, by a number: ${plural(n, { one: '# alert', other: '# alerts' })} in a sentence; # is the number. */
export function plural(value: number, forms: Readonly<Record<'one' | 'other', string>>): Plural {
  return { value, forms };
}

/** A text out of a fixed set, such as a role or a field of a channel, that is shown as it is. terms.ts says which. */
export function term(text: string): string {
  return translate === null ? text : (translate(escaped(text), []) ?? text);
}

/** `Ann, Bob and Cleo`. */
export function listText(names: Iterable<string>, join: 'and' | 'or' = 'and'): string {
  return new Intl.ListFormat(times, { type: join === 'and' ? 'conjunction' : 'disjunction' }).format(names);
}

/** For the beginning of a line. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(times) + text.slice(1);
}

export function numberText(value: number): string {
  return numbers.format(value);
}

/** Whose clock times and dates are written, for Intl. */
export function timeLocale(): string {
  return times;
}

/** For `rich`: the translated sentence with the plain values given, or null. */
export function translated(id: string, values: readonly unknown[]): string | null {
  return translate === null ? null : translate(id, values);
}

export function pluralText({ value, forms }: Plural): string {
  const form: Form = formOf(value);
  return forms[form].replaceAll('#', numbers.format(value));
}

function textOf(value: Value): string {
  return isPlural(value) ? pluralText(value) : String(value);
}
