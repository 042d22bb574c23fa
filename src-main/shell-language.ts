// Tray, menus and questions are in the language that the page of this machine has in force. It tells at each start; until
// then it is what it told the last time.
import { activate, knownLanguages } from '../src-renderer/language/catalogues.ts';
import { english } from '../src-renderer/language/languages.ts';
import type { ShellSettingsFile } from './shell-settings.ts';

export interface ShellLanguage {
  start(): Promise<void>;
  set(id: string): Promise<void>;
}

export function createShellLanguage(settings: ShellSettingsFile): ShellLanguage {
  const put = async (): Promise<void> => {
    const { language } = settings.get();
    await activate(knownLanguages().find(({ id }) => id === language) ?? english);
  };
  return {
    start: put,
    async set(language) {
      if (language === settings.get().language) return;
      settings.change({ language });
      await put();
    },
  };
}
