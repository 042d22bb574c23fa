import type { Display, WallRole, WallSetup } from './display-roles.ts';

/** What the page can ask of the desktop; `window.tocsin` in Electron, absent in a browser. One method a message. */
export interface Bridge {
  host(): Promise<HostInfo>;
  notify(notification: DesktopNotification): Promise<NotifyOutcome>;
  /** Takes away the notification with this id, if it is still there. */
  dismiss(id: string): Promise<void>;
  /**
   * The sign-in at the server that is shown. Its long-lived half stays in the main process, which renews it for all
   * windows: two that did so at once would end each other's. Named, because a page may still be of the server before.
   */
  readonly session: {
    /** `refused`: the token that the server did not take. */
    access(url: string, refused: string | null): Promise<Access>;
    signIn(url: string, login: string, password: string): Promise<SignInAnswer>;
    /** With the token of a one-time link. */
    redeem(url: string, token: string): Promise<SignInAnswer>;
    signOut(url: string): Promise<void>;
  };
  readonly servers: {
    list(): Promise<ServerList>;
    /** What answers at an address, and who says that it is the one. Nothing is kept. */
    look(address: string): Promise<Looked>;
    /** Takes exactly this certificate for its host from now on; the last look has to have shown it. */
    trust(url: string, fingerprint: string): Promise<Looked>;
    /** Keeps it and shows it; the page is loaded anew. `plain`: the person knows that anyone between can listen. */
    connect(url: string, plain: boolean): Promise<void>;
    /** Shows one that is kept. */
    show(url: string): Promise<void>;
    /** Runs a center on this computer and shows it; resolves when it runs, or has failed to. */
    startHere(): Promise<LocalCenter>;
    /** Its sign-in, its certificate and its name are forgotten here. */
    remove(url: string): Promise<void>;
  };
  /** How many things need this person; 0 removes the badge. */
  setBadge(count: number): Promise<void>;
  /** Whether somebody is signed in; signed out, the badge is `!`, and tray and menu offer nothing of the page's. */
  setSignedIn(signedIn: boolean): Promise<void>;
  /** The language of the page, BCP 47: tray, native menu and questions follow it. */
  setLanguage(id: string): Promise<void>;
  /** What the tray says and the updater has to know, at each change. */
  tell(state: PageState): Promise<void>;
  /** The commands in force, for the native menu. */
  setCommands(commands: MenuCommand[]): Promise<void>;
  /** Opens https, tel and mailto links outside, and http ones after a yes; answers whether it did. */
  openExternal(url: string): Promise<boolean>;
  /** Keeps the display on while true, e.g. for a wall with an open incident. */
  keepAwake(on: boolean): Promise<void>;
  /** Walls on the displays of this machine. */
  readonly walls: {
    list(): Promise<WallDisplays>;
    /** Null: this display shows no wall. */
    assign(displayId: string, setup: WallSetup | null): Promise<WallDisplays>;
    openPresenter(): Promise<void>;
  };
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
  /**
   * Acknowledge or Escalate was pressed in a notification or in the tray. What the listener answers lasts until the person
   * was told what came of it: a page that stops before has not done it.
   */
  onAnswer(listener: (answer: Answer) => Promise<void>): () => void;
  /** The machine woke up or was unlocked: what was connected may be so no longer. */
  onWake(listener: () => void): () => void;
  onShellStatus(listener: (status: ShellStatus) => void): () => void;
  onWalls(listener: (walls: WallDisplays) => void): () => void;
}

export type Access =
  | { kind: 'granted'; token: string; lastsMs: number }
  | { kind: 'signed-out' }
  /** The server did not answer. */
  | { kind: 'unknown' };

export type SignInAnswer = { ok: true } | { ok: false; message: string };

export interface KnownServer {
  url: string;
  /** As it calls itself; its address until it has said. */
  name: string;
  lastUsed: string;
  /** Whoever started the app named it; it is not kept. */
  given: boolean;
  /** When a person chose to trust its very certificate. */
  pinnedSince: string | null;
  /** This app runs it. */
  local: boolean;
}

/** The center that this app runs itself. */
export type LocalCenter =
  | { kind: 'absent'; why: 'old-electron' | 'not-packed' }
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'running'; url: string }
  /** `why`: its own last words. */
  | { kind: 'failed'; why: string; againAt: string };

export interface ServerList {
  /** Null: none yet. */
  shown: string | null;
  servers: KnownServer[];
  local: LocalCenter;
}

export type Looked =
  | {
      kind: 'center';
      url: string;
      /** Why it is believed to be the one. */
      way: 'this-machine' | 'plain' | 'certified' | 'pinned';
      name: string;
      version: string;
      oldestClient: string;
    }
  /** Somebody answers who cannot prove to be the one; `pinnedSince`: it was another certificate since then. */
  | { kind: 'untrusted'; url: string; certificate: CertificateFacts; pinnedSince: string | null }
  | { kind: 'none'; url: string; why: NoCenter }
  /** The one that this app runs, while it does not. */
  | { kind: 'local'; url: string; state: LocalCenter }
  | { kind: 'not-an-address' };

/** Why nothing could be made of what is at an address. */
export type NoCenter =
  | 'unknown-name'
  | 'refused'
  | 'timeout'
  | 'no-network'
  | 'no-tls'
  | 'broken'
  | 'wrong-host'
  | 'redirect'
  | 'busy'
  | 'not-a-center';

export interface CertificateFacts {
  /** SHA-256 of the whole certificate, `AB:CD:…`. */
  fingerprint: string;
  issuer: string;
  subject: string;
  names: string[];
  validFrom: string;
  validTo: string;
  problem: 'self-signed' | 'unknown-authority' | 'expired' | 'not-yet' | 'other-name' | 'refused';
}

export interface WallDisplays {
  displays: { display: Display; setup: WallSetup | null }[];
  /** Displays that have a role and are not there now. */
  away: { name: string; role: WallRole }[];
}

export interface HostInfo {
  /** Where the center is, without a trailing slash; null until a person has chosen one. */
  centerUrl: string | null;
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
  serverUrl: string;
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
