// Puts a language in force before the first module with words in it is loaded.
import { activate, knownLanguages } from './catalogues.ts';
import { readChoice } from './choice.ts';
import { accentedEnglish, chosenOf, english, isPseudo, type Language } from './languages.ts';

let current: Language = english;

/** In force since the page was loaded. */
export function currentLanguage(): Language {
  return current;
}

/** What Settings offers: the pseudo-languages in builds for trying things out, or where one of them is in force. */
export function offeredLanguages(): Language[] {
  const trying = import.meta.env.MODE !== 'production' || isPseudo(current);
  return knownLanguages().filter((language) => trying || !isPseudo(language));
}

export async function startLanguage(choice = readChoice()): Promise<void> {
  const unchosen = import.meta.env.MODE === 'pseudo' ? accentedEnglish.id : null;
  const language = chosenOf(knownLanguages(), choice ?? unchosen, window.navigator.languages);
  current = await activate(language);
  document.documentElement.lang = language.id;
  document.documentElement.dir = language.direction;
}
