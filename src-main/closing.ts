// What closing the window means: a pager must not fall silent because a window was in the way.
import { t } from '../src-renderer/language/words.ts';
import type { DesktopHost, HostWindow } from './host.ts';
import type { ShellSettingsFile } from './shell-settings.ts';

/** Pure. `explain`: the first time, the person is told and chooses. */
export function onClose(facts: {
  quitting: boolean;
  onClose: 'hide' | 'quit';
  explained: boolean;
}): 'close' | 'hide' | 'explain' | 'quit' {
  if (facts.quitting) return 'close';
  if (facts.onClose === 'quit') return 'quit';
  return facts.explained ? 'hide' : 'explain';
}

export function createClosing(deps: {
  host: Pick<DesktopHost, 'ask' | 'quit' | 'facts'>;
  settings: ShellSettingsFile;
  quitting(): boolean;
  hasTray(): boolean;
  /** A center runs here, which would end with the app. */
  hosts(): boolean;
}): (window: HostWindow) => boolean {
  let asking = false;

  function putAway(window: HostWindow): void {
    // Without a tray, and but for the dock of macOS, a hidden window could not be found again.
    if (deps.hasTray() || deps.host.facts.platform === 'darwin') window.hide();
    else window.minimize();
  }

  async function explain(window: HostWindow): Promise<void> {
    if (asking) return;
    asking = true;
    const away = deps.hasTray()
      ? t`Closing the window puts it away in the tray.`
      : t`Closing the window puts it away in the taskbar.`;
    const quits = deps.hosts()
      ? t`Quit in its menu ends it, and the center on this computer with it: then that center pages nobody.`
      : t`Quit in its menu ends it: then nothing pages you on this machine.`;
    const chosen = await deps.host
      .ask({
        message: t`Tocsin goes on running, so that pages reach you`,
        detail: `${away} ${quits} ${t`Settings › Desktop app changes what closing means.`}`,
        buttons: [t`Keep it running`, t`Quit`],
        cancel: 0,
      })
      .finally(() => {
        asking = false;
      });
    deps.settings.change({ closeExplained: true });
    if (chosen === 1) deps.host.quit();
    else putAway(window);
  }

  return (window) => {
    const { onClose: wanted, closeExplained } = deps.settings.get();
    switch (onClose({ quitting: deps.quitting(), onClose: wanted, explained: closeExplained })) {
      case 'close':
        return true;
      case 'quit':
        deps.host.quit();
        return false;
      case 'hide':
        putAway(window);
        return false;
      case 'explain':
        void explain(window);
        return false;
    }
  };
}
