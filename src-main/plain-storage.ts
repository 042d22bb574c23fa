import { t } from '../src-renderer/language/words.ts';
import type { DesktopHost, StorageOffer } from './host.ts';
import type { ShellSettingsFile } from './shell-settings.ts';

/** Asked once, at the first sign-in on a machine that could only keep it readably. Answers whether it was allowed now. */
export async function askForPlainStorage(
  host: Pick<DesktopHost, 'ask'>,
  offer: StorageOffer,
  settings: ShellSettingsFile,
): Promise<boolean> {
  if (offer.kind !== 'plain' || settings.get().plainSession !== null) return false;
  // Said before the answer: a token that is renewed meanwhile asks no second time.
  settings.change({ plainSession: false });
  const chosen = await host.ask({
    message: t`This machine has no keyring to keep your sign-in in`,
    detail: t`${offer.why} You can sign in anew after each start, or let Tocsin keep the sign-in in a file that whoever can read your files can use.`,
    buttons: [t`Sign in anew each time`, t`Keep it readable`],
    cancel: 0,
  });
  if (chosen === 1) settings.change({ plainSession: true });
  return chosen === 1;
}
