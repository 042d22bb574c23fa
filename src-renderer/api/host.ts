// What the machine around the page can do: the Electron bridge where there is one, a browser's means otherwise.
import type { Bridge, DesktopNotification, NotifyOutcome } from '../../src-main/bridge.ts';
import type { RefreshTokens } from './access.ts';

export interface Host {
  kind: 'electron' | 'browser';
  /** Origin of the server, without a slash at the end. */
  serverUrl(): Promise<string>;
  /** Null in a browser, where a cookie holds the long-lived half of a sign-in. */
  refreshTokens: RefreshTokens | null;
  notify(notification: DesktopNotification): Promise<NotifyOutcome>;
  /** Takes away the notification with this id, if it is still there: somebody answered it. */
  dismiss(id: string): void;
  /** A short sound, for a page that cannot be shown outside the window; nothing where the machine refuses it. */
  alarm(): void;
  /** Whether a page can be shown outside the window; asks for the right to, where the machine wants to be asked. */
  allowNotifications(): Promise<boolean>;
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
  return {
    kind: 'electron',
    serverUrl: async () => (await bridge.host()).centerUrl,
    refreshTokens: bridge.session,
    notify: (notification) => bridge.notify(notification),
    dismiss: (id) => void bridge.dismiss(id).catch(() => undefined),
    alarm: beep,
    allowNotifications: async () => (await bridge.host()).notifications,
    setBadge: (count) => void bridge.setBadge(count).catch(() => undefined),
    setSignedIn: (signedIn) => void bridge.setSignedIn(signedIn).catch(() => undefined),
    onWake: (listener) => bridge.onWake(listener),
    desktop: bridge,
  };
}

function browserHost(window: Window): Host {
  const shown = new Map<string, Notification>();
  return {
    kind: 'browser',
    serverUrl: async () => window.location.origin,
    refreshTokens: null,
    notify: async (notification) => showInBrowser(window, shown, notification),
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
  if (visible) return { kind: 'suppressed', reason: 'it is on screen' };
  if (!('Notification' in window)) return { kind: 'failed', reason: 'this browser shows no notifications' };
  if (Notification.permission !== 'granted')
    return { kind: 'failed', reason: 'this browser was not allowed to notify' };
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
