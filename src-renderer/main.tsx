import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';
import './language/language.css';
import { startLanguage } from './language/start.ts';
import { keepPage } from './service-worker/register.ts';
import { startTheme } from './ui/theme.ts';

startTheme();
keepPage(window);
wakeCopy();
// Words at the top of modules are read when these are loaded, so the language comes first.
void startLanguage()
  .then(() => import('./page.tsx'))
  .then(({ openPage }) => openPage(window));

/** A browser takes its time to open what it keeps: it begins while the page's scripts are still read. */
function wakeCopy(): void {
  const { indexedDB: kept } = globalThis as { indexedDB?: Partial<IDBFactory> | null };
  void kept?.databases?.().catch(() => undefined);
}
