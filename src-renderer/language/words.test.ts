import { isValidElement, type ReactElement, type ReactNode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { accentedEnglish, chosenOf, english, languageOf, languagesOf, turnedEnglish } from './languages.ts';
import { rich } from './rich.ts';
import { createTranslation } from './translation.ts';
import { listText, numberText, plural, setTranslation, t, term } from './words.ts';

afterEach(() => setTranslation(null, 'en'));

const german = (catalogue: Record<string, string>) =>
  setTranslation(createTranslation(languageOf('de'), catalogue, null), 'de');

const count = (n: number) => t`${plural(n, { one: '1 alert', other: '# alerts' })} of ${'checkout'}`;

function partsOf(node: ReactNode): ReactNode[] {
  return isValidElement(node) ? (node as ReactElement<{ children: ReactNode[] }>).props.children : [node];
}

it('reads as written in English, numbers of forms with their groups', () => {
  expect(t`Acknowledge`).toBe('Acknowledge');
  expect(t`Acknowledge ${'Checkout {0}'} in ${5} min`).toBe('Acknowledge Checkout {0} in 5 min');
  expect([count(1), count(2), count(1_234)]).toEqual([
    '1 alert of checkout',
    '2 alerts of checkout',
    '1,234 alerts of checkout',
  ]);
  expect(term('manager')).toBe('manager');
});

it('puts what fills the gaps where the translation wants it', () => {
  german({ '{0} offers {1} to you': 'Dir bietet {0} die Rolle {1} an', manager: 'Leitung' });
  expect(t`${'Mara'} offers ${term('manager')} to you`).toBe('Dir bietet Mara die Rolle Leitung an');
  expect(t`Nobody translated this for ${'Mara'}`).toBe('Nobody translated this for Mara');
});

it('takes the forms of the language, and its numbers', () => {
  german({
    '{0, plural, one {1 alert} other {# alerts}} of {1}': '{0, plural, one {Ein Alarm} other {# Alarme}} von {1}',
  });
  expect([count(1), count(1_234)]).toEqual(['Ein Alarm von checkout', '1.234 Alarme von checkout']);
  expect(numberText(1_234.5)).toBe('1.234,5');
});

it('keeps elements whole and in their new place', () => {
  const bold = { key: null, props: {}, type: 'b' } as unknown as ReactElement;
  expect(partsOf(rich`Due in ${bold}, ${'soon'}`)).toEqual(['Due in ', bold, ', ', 'soon']);
  german({ 'Due in {0}, {1}': '{1}: fällig in {0}' });
  expect(partsOf(rich`Due in ${bold}, ${'soon'}`)).toEqual(['soon: fällig in ', bold, '']);
});

it('takes braces, quotes and hashes for what they are', () => {
  german({ "Write '{'{0}'}' in it''{1}": "Schreib '{'{0}'}' hinein: {1}", 'Page #{0}': 'Seite #{0}' });
  expect(t`Write {${'title'}} in it'${1}`).toBe('Schreib {title} hinein: 1');
  expect(t`Page #${7}`).toBe('Seite #7');
});

it('lists names as the language does', () => {
  expect([listText(['Ann']), listText(['Ann', 'Bob', 'Cleo']), listText(['Ann', 'Bob'], 'or')]).toEqual([
    'Ann',
    'Ann, Bob and Cleo',
    'Ann or Bob',
  ]);
  german({});
  expect(listText(['Ann', 'Bob'], 'or')).toBe('Ann oder Bob');
});

it('finds a fixed text with braces by its own name', () => {
  german({ "Filled in: '{'title'}'": "Ausgefüllt: '{'title'}'" });
  expect(term('Filled in: {title}')).toBe('Ausgefüllt: {title}');
});

it('makes English strange without touching what fills the gaps', () => {
  setTranslation(createTranslation(accentedEnglish, {}, 'accented'), 'en');
  const text = t`Acknowledge ${'Checkout'}`;
  expect(text).toMatch(/^\[[^a-zA-Z]+ Checkout\]$/);
  expect(text.length).toBeGreaterThanOrEqual('[Acknowledge Checkout]'.length + 4);
  expect(count(2)).toMatch(/^\[2 [^a-zA-Z]+ checkout\]$/);
  expect(t`a {brace} and it'${'s'}`).toMatch(/^\[[^a-zA-Z]+ \{[^a-zA-Z]+\} [^a-zA-Z]+'s\]$/);
  setTranslation(createTranslation(turnedEnglish, {}, 'turned'), 'en');
  expect(t`Acknowledge ${'Checkout'}`).toBe('\u200f\u202eAcknowledge\u202c\u200f Checkout');
});

it('chooses what was chosen, else what the machine speaks, never a pseudo-language by itself', () => {
  const languages = languagesOf(['de', 'he']);
  const chosen = (choice: string | null, ...machine: string[]) => chosenOf(languages, choice, machine).id;
  expect(chosen('he', 'de-AT')).toBe('he');
  expect(chosen(null, 'fr', 'de-AT', 'en')).toBe('de');
  expect(chosen('gone', 'fr')).toBe('en');
  expect(chosenOf([...languages, accentedEnglish], null, ['en-XA'])).toBe(english);
  expect(languageOf('he').direction).toBe('rtl');
});
