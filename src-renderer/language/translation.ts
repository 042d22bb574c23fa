// Messages of one language by Lingui, compiled when they are first shown. Loaded only where the language is not English.
import { setupI18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Language } from './languages.ts';
import { accented, turned } from './pseudo.ts';
import type { Translate } from './words.ts';

const pseudo = { accented, turned };

export function createTranslation(
  language: Language,
  catalogue: Readonly<Record<string, string>>,
  made: keyof typeof pseudo | null,
): Translate {
  const i18n = setupI18n({ locale: language.numbers, messages: { [language.numbers]: {} } });
  const known = new Set<string>();
  return (id, values) => {
    if (!known.has(id)) {
      const text = made === null ? catalogue[id] : pseudo[made](id);
      // An empty one is a message that nobody translated yet.
      if (text === undefined || text === '') return null;
      i18n.load(language.numbers, { [id]: compileMessage(text) });
      known.add(id);
    }
    return i18n._(id, Object.fromEntries(values.entries()));
  };
}
