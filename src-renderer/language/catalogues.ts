// The translations that there are, and putting one in force: for the page, and for the tray and the menus of the shell.
/// <reference types="vite/types/importMeta.d.ts" />
import { accentedEnglish, english, isPseudo, type Language, languageOf, languagesOf } from './languages.ts';
import { setTranslation } from './words.ts';

type Catalogue = Readonly<Record<string, string>>;

const files = import.meta.glob<Catalogue>(['./messages/*.json', '!./messages/en.json'], { import: 'default' });

export function knownLanguages(): Language[] {
  return languagesOf(
    Object.keys(files).map((path) => languageOf(path.slice('./messages/'.length, -'.json'.length)).id),
  );
}

/** Answers the language in force: a file that did not come leaves English. */
export async function activate(language: Language): Promise<Language> {
  const catalogue = isPseudo(language) ? {} : await files[`./messages/${language.id}.json`]?.().catch(() => undefined);
  if (language.id === english.id || catalogue === undefined) {
    setTranslation(null, english.numbers);
    return english;
  }
  const { createTranslation } = await import('./translation.ts');
  const pseudo = isPseudo(language) ? (language.id === accentedEnglish.id ? 'accented' : 'turned') : null;
  setTranslation(createTranslation(language, catalogue, pseudo), language.numbers);
  return language;
}
