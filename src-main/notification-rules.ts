// Whether, and with which words, something becomes a notification of the system (UX.md 4). Pure.
import { t } from '../src-renderer/language/words.ts';
import type { DesktopNotification, QuietHours, ShellSettings } from './bridge.ts';

export interface Circumstances {
  windowFocused: boolean;
  quiet: QuietHours | null;
  now: Date;
  /** Null: nothing says so. */
  onCall: boolean | null;
}

/** Null means it is to be shown. */
export function reasonToSuppress(
  notification: Pick<DesktopNotification, 'visible' | 'tier' | 'muted' | 'outcome'>,
  { windowFocused, quiet, now, onCall }: Circumstances,
): string | null {
  if (notification.visible && windowFocused) return 'it is on screen in the window in front';
  // What a person pressed a moment ago is answered whatever the hour.
  if (notification.outcome === true) return null;
  if (notification.muted === true) return 'you muted it';
  if (quiet === null || !isQuiet(quiet, now)) return null;
  if (notification.tier === 'page') {
    // Not knowing is no reason to keep a page back.
    return onCall === false ? `it is quiet until ${quiet.to}, and you are not on call` : null;
  }
  return `it is quiet until ${quiet.to}`;
}

/** From 22:00 to 07:00 is a night; from and to the same is the whole day. */
export function isQuiet({ from, to, zone }: QuietHours, now: Date): boolean {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(now);
  if (from === to) return true;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** `locked` null: this system does not say, so the screen counts as locked. */
export function wordsFor(
  { title, body, tier }: Pick<DesktopNotification, 'title' | 'body' | 'tier'>,
  lockScreen: ShellSettings['lockScreen'],
  locked: boolean | null,
): { title: string; body: string } {
  if (lockScreen === 'full' || locked === false) return { title, body };
  if (lockScreen === 'title') return { title, body: '' };
  return { title: 'Tocsin', body: tier === 'page' ? t`You are paged.` : t`Something needs you.` };
}

/** macOS shows one button, Windows both, Linux none: there the click opens the answer and the tray offers both. */
export function buttonsOf(
  notification: Pick<DesktopNotification, 'answer'>,
  platform: NodeJS.Platform,
): ('acknowledge' | 'escalate')[] {
  const { answer } = notification;
  if (answer === undefined || platform === 'linux') return [];
  return answer.escalateTo === null || platform === 'darwin' ? ['acknowledge'] : ['acknowledge', 'escalate'];
}
