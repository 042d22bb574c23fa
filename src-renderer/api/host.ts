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
  /** Whether a page can be shown outside the window; asks for the right to, where the machine wants to be asked. */
  allowNotifications(): Promise<boolean>;
  /** Things that need this person; 0 removes the badge. */
  setBadge(count: number): void;
  /** Paths to show that come from outside: deep links and clicked notifications. */
  onOpenPath(listener: (path: string) => void): () => void;
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
    allowNotifications: async () => (await bridge.host()).notifications,
    setBadge: (count) => void bridge.setBadge(count).catch(() => undefined),
    onOpenPath: (listener) => bridge.onOpenPath(listener),
  };
}

function browserHost(window: Window): Host {
  return {
    kind: 'browser',
    serverUrl: async () => window.location.origin,
    refreshTokens: null,
    notify: async (notification) => showInBrowser(window, notification),
    async allowNotifications() {
      if (!('Notification' in window)) return false;
      if (Notification.permission !== 'default') return Notification.permission === 'granted';
      return (await Notification.requestPermission()) === 'granted';
    },
    setBadge(count) {
      window.document.title = count === 0 ? 'Tocsin' : `(${count > 99 ? '99+' : count}) Tocsin`;
    },
    onOpenPath: () => () => undefined,
  };
}

function showInBrowser(window: Window, { id, title, body, path, visible, tier }: DesktopNotification): NotifyOutcome {
  if (visible) return { kind: 'suppressed', reason: 'it is on screen' };
  if (!('Notification' in window)) return { kind: 'failed', reason: 'this browser shows no notifications' };
  if (Notification.permission !== 'granted')
    return { kind: 'failed', reason: 'this browser was not allowed to notify' };
  try {
    const shown = new Notification(title, { body, tag: id, requireInteraction: tier === 'page' });
    shown.addEventListener('click', () => {
      window.focus();
      window.location.hash = `#${path}`;
    });
    return { kind: 'shown' };
  } catch (error) {
    return { kind: 'failed', reason: String(error) };
  }
}
