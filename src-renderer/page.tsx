// What main.tsx loads once the language is in force.
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { createHost } from './api/host.ts';
import { App } from './app.tsx';
import { createBoot } from './boot.ts';
import { currentLanguage } from './language/start.ts';

export function openPage(window: Window): void {
  const root = window.document.querySelector('#root');
  if (root === null) return;
  const host = createHost(window);
  const boot = createBoot(host);
  // The copy is opened while the frame is drawn.
  boot.start();
  createRoot(root).render(
    <I18nProvider locale={currentLanguage().id}>
      <App host={host} boot={boot} />
    </I18nProvider>,
  );
}
