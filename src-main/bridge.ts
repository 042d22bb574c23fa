/** What the page can ask of the desktop; `window.tocsin` in Electron, absent in a browser. One method a message. */
export interface Bridge {
  host(): Promise<HostInfo>;
  notify(notification: DesktopNotification): Promise<NotifyOutcome>;
  /** Takes away the notification with this id, if it is still there. */
  dismiss(id: string): Promise<void>;
  /** The long-lived half of a sign-in, kept in the system's safe storage where there is one. */
  readonly session: {
    get(): Promise<string | null>;
    set(token: string): Promise<void>;
    clear(): Promise<void>;
  };
  /** How many things need this person; 0 removes the badge. */
  setBadge(count: number): Promise<void>;
  /** Opens https, http, tel and mailto links outside; answers false for any other. */
  openExternal(url: string): Promise<boolean>;
  /**
   * Tells of paths to show: deep links, clicked notifications. Those that came before the page listened come first.
   * The returned function stops listening.
   */
  onOpenPath(listener: (path: string) => void): () => void;
}

export interface HostInfo {
  /** Where the center is, without a trailing slash. */
  centerUrl: string;
  platform: 'darwin' | 'linux' | 'win32';
  electronVersion: string;
  appVersion: string;
  /** `memory`: this system has no safe place, so the sign-in lasts as long as the app runs. */
  sessionStorage: 'safe' | 'memory';
  notifications: boolean;
}

export interface DesktopNotification {
  /** Of the incident and kind: a later one with the same id replaces it. */
  id: string;
  title: string;
  body: string;
  tier: 'page' | 'direct';
  /** Shown when it is clicked, e.g. /incidents/0198…  */
  path: string;
  /** The page shows what this is about right now. */
  visible: boolean;
}

/** `shown` says that the system took it, never that a person saw it. */
export type NotifyOutcome =
  | { kind: 'shown' }
  | { kind: 'suppressed'; reason: string }
  | { kind: 'failed'; reason: string };

declare global {
  interface Window {
    readonly tocsin?: Bridge;
  }
}
