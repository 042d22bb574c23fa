// Links leave the app by the system's own programs, and only those that can do no harm there. http is asked about first:
// in-house tools often have nothing better, and a person has to know that others can read along.
import { t } from '../src-renderer/language/words.ts';
import type { DesktopHost } from './host.ts';
import { wayOutside } from './own-page.ts';

const shownMax = 300;

/** Answers whether it was opened. */
export function createOutsideLinks(
  host: Pick<DesktopHost, 'ask' | 'openOutside' | 'copyText'>,
): (url: string) => Promise<boolean> {
  // Until the app ends: a responder who follows ten links to one Prometheus is asked once.
  const allowed = new Set<string>();
  let asking = false;

  async function allow(url: string): Promise<boolean> {
    const { host: name } = new URL(url);
    if (allowed.has(name)) return true;
    // A page that opens one after the other does not bury the screen in questions.
    if (asking) return false;
    asking = true;
    const chosen = await host
      .ask({
        message: t`Open ${name} in your browser, unencrypted?`,
        detail: `${url.length <= shownMax ? url : `${url.slice(0, shownMax)}…`}\n\n${t`The address begins with http://, so whoever is on the way between can read and change what you see there. Once opened, links to ${name} are not asked about again until Tocsin is quit.`}`,
        buttons: [t`Open`, t`Copy the address`, t`Cancel`],
        cancel: 2,
      })
      .finally(() => {
        asking = false;
      });
    if (chosen === 0) allowed.add(name);
    if (chosen === 1) host.copyText(url);
    return chosen === 0;
  }

  return async (asked) => {
    // As it was read and judged, without the line breaks that could pass for words of ours.
    const url = URL.canParse(asked) ? new URL(asked).href : asked;
    const way = wayOutside(url);
    if (way === 'refused' || (way === 'ask' && !(await allow(url)))) return false;
    await host.openOutside(url);
    return true;
  };
}
