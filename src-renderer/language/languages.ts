// Which languages there are, and which one this machine shows.

export interface Language {
  /** BCP 47. `en-XA` and `ar-XB` are the customary names of the two pseudo-languages. */
  id: string;
  name: string;
  direction: 'ltr' | 'rtl';
  /** Whose numbers and times are written. */
  numbers: string;
}

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'ur', 'yi']);

export const english: Language = { id: 'en', name: 'English', direction: 'ltr', numbers: 'en' };

export const accentedEnglish: Language = { ...english, id: 'en-XA', name: '[Éñĝļîîšĥ] (pseudo)' };
export const turnedEnglish: Language = { ...english, id: 'ar-XB', name: 'English, right to left', direction: 'rtl' };

/** A file messages/de.json makes German one of them. */
export function languagesOf(translations: readonly string[]): Language[] {
  return [english, ...translations.map(languageOf), accentedEnglish, turnedEnglish];
}

export function languageOf(id: string): Language {
  const code = id.split('-')[0] ?? id;
  const name = new Intl.DisplayNames([id], { type: 'language' }).of(id) ?? id;
  return { id, name, direction: rightToLeft.has(code) ? 'rtl' : 'ltr', numbers: id };
}

export function isPseudo({ id }: Language): boolean {
  return id === accentedEnglish.id || id === turnedEnglish.id;
}

/** What was chosen here, else the first of the machine's languages that there is, else English. */
export function chosenOf(languages: readonly Language[], chosen: string | null, machine: readonly string[]): Language {
  const named = languages.find(({ id }) => id === chosen);
  if (named !== undefined) return named;
  for (const wanted of machine) {
    const found = languages.find((language) => !isPseudo(language) && language.id === wanted.split('-')[0]);
    if (found !== undefined) return found;
  }
  return english;
}
