// What is said of something that was pressed and that no page did. Pure.
import { t } from '../src-renderer/language/words.ts';
import type { Answer, DesktopNotification } from './bridge.ts';
import type { Told, Undone } from './page-messages.ts';

/** Null where the next page shows it, or nobody waits for it. `labelOf` says how a command is called. */
export function wordsOfUndone(
  message: Told,
  why: Undone,
  labelOf: (commandId: string) => string,
): DesktopNotification | null {
  switch (message.name) {
    case 'openPath':
      return null;
    case 'command':
      if (why === 'late' || why === 'gone' || why === 'parted') return null;
      return told('command', '/', t`Not done: ${labelOf(message.carried)}`, commandBody(why));
    case 'answer': {
      const { incidentId } = message.carried;
      const path = why === 'gone' || why === 'parted' ? '/' : `/incidents/${incidentId}/answer`;
      return told(`page ${incidentId}`, path, answerTitle(message.carried, why), answerBody(why));
    }
  }
}

function told(id: string, path: string, title: string, body: string): DesktopNotification {
  return { id, title, body, tier: 'direct', path, visible: false, outcome: true };
}

function commandBody(why: 'expired' | 'stopped'): string {
  return why === 'expired'
    ? t`The window of Tocsin did not answer for a minute.`
    : t`The window of Tocsin stopped while it was at it.`;
}

/** Never more than is known: only the server says that somebody was acknowledged or paged. */
function answerTitle({ kind }: Answer, why: Undone): string {
  const acknowledges = kind === 'acknowledge';
  switch (why) {
    case 'late':
      return acknowledges ? t`Not acknowledged yet` : t`Not escalated yet`;
    case 'stopped':
    case 'parted':
      return acknowledges ? t`Not known whether it was acknowledged` : t`Not known whether it was escalated`;
    case 'expired':
    case 'gone':
      return acknowledges ? t`Not acknowledged` : t`Not escalated`;
  }
}

function answerBody(why: Undone): string {
  switch (why) {
    case 'late':
      return t`The window of Tocsin does not answer. It is done as soon as the window does, within 5 minutes; until then paging goes on.`;
    case 'expired':
      return t`The window of Tocsin did not answer for 5 minutes, so nothing was done and paging goes on. Open it, or answer by phone.`;
    case 'stopped':
      return t`The window of Tocsin stopped while it was at it. Look at the incident before you do it again.`;
    case 'gone':
      return t`Nobody is signed in any more, or another server was chosen, so nothing was done.`;
    case 'parted':
      return t`Nobody is signed in any more, or another server was chosen, while it was being done. Look at the incident before you do it again.`;
  }
}
