// A sentence with elements in it: rich`Due in ${<b>{left}</b>}, ${time}`. A translation may put them in another order.
import { createElement, Fragment, type ReactNode } from 'react';
import { isPlural, messageOf, type Plural } from './message.ts';
import { pluralText, translated } from './words.ts';

/** Around the place of an element in a formatted sentence; no text holds it. */
const mark = '\uE000';

export function rich(strings: TemplateStringsArray, ...values: (ReactNode | Plural)[]): ReactNode {
  return createElement(Fragment, null, ...(moved(strings, values) ?? asWritten(strings, values)));
}

function asWritten(strings: TemplateStringsArray, values: readonly (ReactNode | Plural)[]): ReactNode[] {
  const parts: ReactNode[] = [];
  for (const [place, text] of strings.entries()) {
    if (text !== '') parts.push(text);
    if (place < values.length) parts.push(nodeOf(values[place]));
  }
  return parts;
}

function moved(strings: TemplateStringsArray, values: readonly (ReactNode | Plural)[]): ReactNode[] | null {
  const { id, plain } = messageOf(strings, values);
  const text = translated(
    id,
    plain.map((value, place) => (isText(value) ? value : `${mark}${place}${mark}`)),
  );
  if (text === null) return null;
  // Every second part is the number of a place.
  return text.split(mark).map((part, i) => (i % 2 === 0 ? part : nodeOf(values[Number(part)])));
}

function nodeOf(value: ReactNode | Plural): ReactNode {
  return isPlural(value) ? pluralText(value) : value;
}

function isText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
