// What the machine around the page can do: the Electron bridge where there is one, a browser's means otherwise.
import type { Bridge, DesktopNotification, NotifyOutcome, SignInAnswer } from '../../src-main/bridge.ts';
import { currentLanguage } from '../language/start.ts';
import { t } from '../language/words.ts';
import type { TokenKeeper } from './access.ts';
import { hearing } from './blocked.ts';
import { createCookieKeeper } from './cookie-keeper.ts';

export interface Host {
  kind: 'electron' | 'browser';
  /** Origin of the server, without a slash at the end; null until a person has chosen one, in the desktop app alone. */
  serverUrl(): Promise<string | null>;
  keeper(serverUrl: string): TokenKeeper;
  notify(notification: DesktopNotification): Promise<NotifyOutcome>;
  /** Takes away the notification with this id, if it is still there: somebody answered it. */
  dismiss(id: string): void;
  /** A short sound, for a page that cannot be shown outside the window; nothing where the machine refuses it. */
  alarm(): void;
  /** Whether a page can be shown outside the window; asks for the right to, where the machine wants to be asked. */
  allowNotifications(): Promise<boolean>;
  /** Why notifications are not shown outside the window, as far as the machine says; null: it says nothing. */
  blocked(): Promise<string | null>;
  /** Things that need this person; 0 removes the badge. */
  setBadge(count: number): void;
  /** Whether somebody is signed in, as far as the machine shows it. */
  setSignedIn(signedIn: boolean): void;
  /** The machine woke up or was unlocked. */
  onWake(listener: () => void): () => void;
  /** Tray, native menu, deep links, updates and the like; null in a browser. */
  desktop: Bridge | null;
}

export function createHost(window: Window): Host {
  const bridge = window.tocsin;
  return bridge === undefined ? browserHost(window) : electronHost(bridge);
}

function electronHost(bridge: Bridge): Host {
  void bridge.setLanguage(currentLanguage().id).catch(() => undefined);
  return {
    kind: 'electron',
    serverUrl: async () => (await bridge.host()).centerUrl,
    keeper: (url) => ({
      access: (refused) => bridge.session.access(url, refused),
      signIn: (login, password) => bridge.session.signIn(url, login, password).catch(onlyInMain),
      redeem: (token) => bridge.session.redeem(url, token).catch(onlyInMain),
      signOut: () => bridge.session.signOut(url),
    }),
    notify: hearing((notification) =>
      bridge.notify(notification).catch((error: unknown): NotifyOutcome => ({ kind: 'failed', reason: String(error) })),
    ),
    dismiss: (id) => void bridge.dismiss(id).catch(() => undefined),
    alarm: beep,
    allowNotifications: async () => (await bridge.host()).notifications,
    blocked: async () => ((await bridge.host()).notifications ? null : t`this system shows no notifications`),
    setBadge: (count) => void bridge.setBadge(count).catch(() => undefined),
    setSignedIn: (signedIn) => void bridge.setSignedIn(signedIn).catch(() => undefined),
    onWake: (listener) => bridge.onWake(listener),
    desktop: bridge,
  };
}

/** A wall or a presenter's window follows the sign-in of the main one. */
function onlyInMain(): SignInAnswer {
  return { ok: false, message: t`This window only shows. Sign in in the main window of the app, then it follows.` };
}

function browserHost(window: Window): Host {
  const shown = new Map<string, Notification>();
  return {
    kind: 'browser',
    serverUrl: async () => window.location.origin,
    keeper: (serverUrl) =>
      createCookieKeeper({
        serverUrl,
        fetch: (input, init) => window.fetch(input, init),
        storage: window.localStorage,
      }),
    notify: hearing(async (notification) => showInBrowser(window, shown, notification)),
    dismiss(id) {
      shown.get(id)?.close();
      shown.delete(id);
    },
    alarm: beep,
    async allowNotifications() {
      if (!('Notification' in window)) return false;
      if (Notification.permission !== 'default') return Notification.permission === 'granted';
      return (await Notification.requestPermission()) === 'granted';
    },
    // One that was not asked yet blocks nothing.
    async blocked() {
      if (!('Notification' in window)) return t`this browser shows no notifications`;
      return Notification.permission === 'denied' ? t`this browser blocks notifications` : null;
    },
    setBadge(count) {
      window.document.title = count === 0 ? 'Tocsin' : `(${count > 99 ? '99+' : count}) Tocsin`;
    },
    setSignedIn: () => undefined,
    onWake: () => () => undefined,
    desktop: null,
  };
}

function showInBrowser(
  window: Window,
  open: Map<string, Notification>,
  { id, title, body, path, visible, tier }: DesktopNotification,
): NotifyOutcome {
  if (visible) return { kind: 'suppressed', reason: t`it is on screen` };
  if (!('Notification' in window)) return { kind: 'failed', reason: t`this browser shows no notifications` };
  if (Notification.permission !== 'granted')
    return { kind: 'failed', reason: t`this browser was not allowed to notify` };
  try {
    // The same tag replaces quietly, but a page that comes again has to be heard again.
    const options = { body, tag: id, requireInteraction: tier === 'page', renotify: tier === 'page' };
    const shown = new Notification(title, options);
    open.set(id, shown);
    shown.addEventListener('close', () => {
      if (open.get(id) === shown) open.delete(id);
    });
    shown.addEventListener('click', () => {
      window.focus();
      window.location.hash = `#${path}`;
    });
    return { kind: 'shown' };
  } catch (error) {
    return { kind: 'failed', reason: String(error) };
  }
}

function beep(): void {
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.2;
    tone.frequency.value = 880;
    tone.connect(volume).connect(audio.destination);
    tone.addEventListener('ended', () => void audio.close());
    tone.start();
    tone.stop(audio.currentTime + 0.4);
  } catch {
    // No sound here: the banner is there all the same.
  }
}
