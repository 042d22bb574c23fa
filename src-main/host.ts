// What the shell asks of the machine, and nothing of Electron: electron-host.ts answers it in the app, fake-host.ts in
// tests. What an Electron or a system may lack is null or answers so.
import type { CertificateFacts, HostInfo } from './bridge.ts';
import type { Display } from './display-roles.ts';
import type { Place } from './window-place.ts';

export interface DesktopHost {
  readonly facts: HostFacts;
  readonly clock: HostClock;
  /** False: another one runs already, and hears of it. */
  takeSingleInstance(): boolean;
  listen(events: AppEvents): void;
  ready(): Promise<void>;
  quit(): void;

  openWindow(options: WindowOptions, events: WindowEvents): HostWindow;
  workAreas(): [Place, ...Place[]];
  displays(): Display[];
  /** One was added, removed, moved or set to another size. */
  onDisplays(listener: () => void): void;
  servePages(policy: () => string): void;
  /** As the page itself would: through the machine's proxies, with `judgeCertificates` in force. */
  readonly request: NetworkRequest;
  /** Asked for the certificate of every server; called again, earlier answers are forgotten. */
  judgeCertificates(verdict: (shown: ShownCertificate) => 'accept' | 'refuse' | 'usual'): void;
  /** Runs a center in a process of its own; a word for why this app cannot. */
  readonly forkCenter: ForkCenter | NoLocalCenter;
  freePort(from: number): Promise<number>;
  /** What a server shows to whoever connects, trusted or not. */
  certificateOf(url: string): Promise<CertificateFacts>;
  /** Asked for every permission of every page. */
  guardPermissions(mayUse: (permission: string, url: string) => boolean): void;
  /** Every message of a page under this name. */
  answerPages(name: string, handler: (sender: Sender, args: unknown[]) => Promise<unknown>): void;

  setMenu(items: MenuItem[]): void;
  /** Null where there is no place for one. */
  createTray(events: { clicked(): void }): HostTray | null;
  setBadge(badge: Badge): void;
  readonly notifications: HostNotifications;
  ask(question: Question): Promise<number>;
  openOutside(url: string): Promise<void>;
  copyText(text: string): void;
  showFolder(path: string): void;

  onPower(events: PowerEvents): void;
  /** Whether `locked` and `unlocked` ever come on this system. */
  readonly knowsLock: boolean;
  keepAwake(): () => void;

  safeStorage(): Promise<StorageOffer>;
  /** Starts the system's own reports, kept on this machine; answers their folder, null where it has none. */
  startCrashReports(): string | null;
  onCrash(listener: (crash: Crash) => void): void;
  /** Null where this build names nowhere to look for updates. Rejects when the updater cannot be loaded. */
  loadUpdater(events: UpdaterEvents): Promise<HostUpdater | null>;
}

export interface HostFacts {
  platform: HostInfo['platform'];
  electronVersion: string;
  appVersion: string;
  packaged: boolean;
  args: readonly string[];
  env: Record<string, string | undefined>;
  userData: string;
  home: string;
}

/** JSON, without cookies and without following anybody elsewhere. Rejects when no answer came. */
export type NetworkRequest = (wanted: {
  method: 'GET' | 'POST';
  url: string;
  body?: string;
}) => Promise<{ status: number; text: string }>;

export type NoLocalCenter = 'old-electron' | 'not-packed';
export type ForkCenter = (options: { port: number; dataDir: string }) => CenterProcess;

export interface CenterProcess {
  /** `loginToken`: signs in once. */
  onReady(listener: (url: string, loginToken: string | null) => void): void;
  /** `why`: its own last words. */
  onExit(listener: (why: string) => void): void;
  /** Asks it to stop in order. */
  stop(): void;
  kill(): void;
}

export interface ShownCertificate {
  host: string;
  /** SHA-256, `AB:CD:…`. */
  fingerprint: string;
}

export interface HostClock {
  now(): Date;
  after(ms: number, run: () => void): () => void;
}

export interface AppEvents {
  secondInstance(args: readonly string[]): void;
  openUrl(url: string): void;
  /** The dock icon was clicked. */
  activate(): void;
  /** A page wants this shown in a window of its own, which it never gets. */
  linkFollowed(url: string): void;
  /** Whoever asked for it: from here on windows close. */
  quitting(): void;
  /** The app ends when this is done. */
  ending(): Promise<void>;
}

export interface WindowOptions extends Place {
  maximized: boolean;
  /** Nothing but the page, over the whole display. */
  fills?: boolean;
}

export interface WindowEvents {
  /** Answers whether it may close; else the shell did something instead. */
  closing(): boolean;
  closed(): void;
  /** Another document is loaded: nothing listens yet. */
  navigated(): void;
  crashed(reason: string): void;
  /** It takes nothing that a person does in it. */
  hung(): void;
  answers(): void;
}

export interface HostWindow {
  /** Of its page. */
  readonly id: number;
  send(channel: string, carried: unknown): void;
  load(url: string): void;
  reload(): void;
  /** Loads it anew in a process of its own, also when its page answers nothing any more. */
  restart(): void;
  /** Asks it to close, as its own button does. */
  close(): void;
  show(): void;
  hide(): void;
  minimize(): void;
  isFocused(): boolean;
  /** Asks for a look in the taskbar, until it is looked at. */
  flash(): void;
  place(): Place & { maximized: boolean };
}

export interface Sender {
  id: number;
  /** Of the frame that sent it; empty for a frame within a page. */
  url: string;
}

export interface MenuItem {
  label?: string;
  separator?: boolean;
  /** One that the system knows how to do: `copy`, `togglefullscreen`. */
  role?: string;
  /** As the system writes it; shown, and never taken from the page. */
  accelerator?: string;
  /** The system runs it itself, also while no page has the focus. */
  takesKey?: boolean;
  enabled?: boolean;
  run?(): void;
  items?: MenuItem[];
}

export type TrayLook = 'calm' | 'needs' | 'unknown';
export interface HostTray {
  show(look: TrayLook, tooltip: string, items: MenuItem[]): void;
}

export interface Badge {
  /** `99+`, `!`, or empty. */
  text: string;
  count: number;
  /** For those who do not see it. */
  words: string;
}

export interface HostNotifications {
  supported(): boolean;
  create(options: NotificationOptions, events: NotificationEvents): NativeNotification;
  /** What was pressed, in the system's own words, also before this start; Windows alone tells it. */
  onActivation(listener: (pressed: { text: string; action: number | null }) => void): void;
}

export interface NotificationOptions {
  id: string;
  group: string;
  title: string;
  body: string;
  urgent: boolean;
  silent: boolean;
  actions: string[];
}

export interface NotificationEvents {
  clicked(): void;
  action(index: number): void;
  /** Somebody put it away, or the system did. */
  gone(): void;
}

export interface NativeNotification {
  /** Resolves with null when the system took it, else with the reason why not. */
  show(): Promise<string | null>;
  close(): void;
}

export interface Question {
  message: string;
  detail: string;
  buttons: [string, ...string[]];
  /** What Escape means. */
  cancel: number;
  /** Then there is nothing to be asked any more, and it is answered as by Escape, where the system can take it back. */
  withdrawn?: Promise<void>;
}

export interface PowerEvents {
  suspended(): void;
  resumed(): void;
  locked(): void;
  unlocked(): void;
}

/** What the system offers to keep a secret in. */
export interface SafeStorage {
  encrypt(text: string): Promise<Buffer>;
  decrypt(data: Buffer): Promise<string>;
}

export type StorageOffer =
  | { kind: 'safe'; storage: SafeStorage }
  /** Linux without a keyring: whoever reads the file reads the secret. */
  | { kind: 'plain'; storage: SafeStorage; why: string }
  | { kind: 'none'; why: string };

export interface Crash {
  process: 'main' | 'page' | 'helper';
  reason: string;
  stack: string | null;
}

export interface UpdaterEvents {
  found(version: string): void;
  nothing(): void;
  ready(version: string): void;
  failed(why: string): void;
}

export interface HostUpdater {
  check(): Promise<void>;
  restart(): void;
  /** Whether what is here takes over when the app quits. */
  atQuit(takesOver: boolean): void;
}
