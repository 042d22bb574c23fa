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
  /** Whether somebody is signed in; signed out, the badge is `!`, and tray and menu offer nothing of the page's. */
  setSignedIn(signedIn: boolean): Promise<void>;
  /** What the tray says and the updater has to know, at each change. */
  tell(state: PageState): Promise<void>;
  /** The commands in force, for the native menu. */
  setCommands(commands: MenuCommand[]): Promise<void>;
  /** Opens https, http, tel and mailto links outside; answers false for any other. */
  openExternal(url: string): Promise<boolean>;
  /** Keeps the display on while true, e.g. for a wall with an open incident. */
  keepAwake(on: boolean): Promise<void>;
  readonly shell: {
    status(): Promise<ShellStatus>;
    change(change: Partial<ShellSettings>): Promise<ShellStatus>;
    checkForUpdates(): Promise<ShellStatus>;
    /** Restarts into an update that is ready; the answer's `updates` says why it did not, where it may not. */
    restartToUpdate(): Promise<ShellStatus>;
    showCrashReports(): Promise<void>;
    removeCrashReports(): Promise<ShellStatus>;
  };
  /**
   * Tells of paths to show: deep links, clicked notifications. Those that came before the page listened come first; so
   * it is for every `on…` here. The returned function stops listening.
   */
  onOpenPath(listener: (path: string) => void): () => void;
  /** A command of the native menu was chosen; its id. */
  onCommand(listener: (id: string) => void): () => void;
  /** Acknowledge or Escalate was pressed in a notification or in the tray. */
  onAnswer(listener: (answer: Answer) => void): () => void;
  /** The machine woke up or was unlocked: what was connected may be so no longer. */
  onWake(listener: () => void): () => void;
  onShellStatus(listener: (status: ShellStatus) => void): () => void;
}

export interface HostInfo {
  /** Where the center is, without a trailing slash. */
  centerUrl: string;
  platform: 'darwin' | 'linux' | 'win32';
  electronVersion: string;
  appVersion: string;
  /** `memory`: the sign-in lasts as long as the app runs. */
  sessionStorage: 'safe' | 'plain' | 'memory';
  /** Why it is not `safe`, as a sentence; null where it is. */
  sessionStorageWhy: string | null;
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
  /** What can be answered from the notification itself; left out where nothing can. */
  answer?: Answerable;
  /** The person muted what this is about. */
  muted?: boolean;
  /** Says what came of an action pressed in a notification: shown whatever the hour. */
  outcome?: boolean;
}

export interface Answerable {
  incidentId: string;
  /** Shown in the button: `Diego Santos`; null where nobody would be paged next. */
  escalateTo: string | null;
}

export interface Answer {
  kind: 'acknowledge' | 'escalate';
  incidentId: string;
  /** Whom the button named: the page escalates to nobody else than the person read there. */
  escalateTo: string | null;
}

/** `shown` says that the system took it, never that a person saw it. */
export type NotifyOutcome =
  | { kind: 'shown' }
  | { kind: 'suppressed'; reason: string }
  | { kind: 'failed'; reason: string };

export interface PageState {
  serverName: string;
  freshness: 'live' | 'lagging' | 'stale' | 'offline';
  /** The newest page of mine that nobody has answered. */
  latest: (Answerable & { title: string; path: string }) | null;
  /** `Payments primary until 20:00 Berlin`; null: not on call. */
  onCall: string | null;
  /** `Commander of INC-12`: a role in an open incident; an update never restarts under it. */
  heldRole: string | null;
}

export interface MenuCommand {
  id: string;
  label: string;
  group: string;
  /** In tinykeys' notation. */
  keys: string | null;
  /** Why it cannot be done now. */
  unavailable: string | null;
}

export interface ShellSettings {
  /** How much of a notification may be read on a locked screen. */
  lockScreen: 'full' | 'title' | 'none';
  quiet: QuietHours | null;
  onClose: 'hide' | 'quit';
  updates: 'auto' | 'off';
  /** Keep the sign-in although this machine can only store it readably; null: not asked yet. */
  plainSession: boolean | null;
}

/** Local times of the zone, `22:00` to `07:00`. */
export interface QuietHours {
  from: string;
  to: string;
  zone: string;
}

export type UpdateState =
  | { kind: 'off'; why: string }
  | { kind: 'idle'; checkedAt: string | null }
  | { kind: 'checking' }
  | { kind: 'downloading'; version: string }
  /** `waitsFor`: why it does not restart now. */
  | { kind: 'ready'; version: string; waitsFor: string | null }
  | { kind: 'failed'; why: string };

export interface ShellStatus {
  settings: ShellSettings;
  updates: UpdateState;
  /** Reports of crashes, kept on this machine only. */
  crashReports: number;
  /** Whether closing the window can hide to a tray here. */
  tray: boolean;
  /** Whether the system says when the screen is locked; where it does not, lock-screen content applies always. */
  knowsLock: boolean;
}

declare global {
  interface Window {
    readonly tocsin?: Bridge;
  }
}
