// A machine in memory, so that every rule of the shell runs in tests: what was asked of it is recorded, what a person or
// the system would do is a method.
import type { Display } from './display-roles.ts';
import type { FakeLocal } from './fake-local.ts';
import type { BridgeEvent, FakeWindow } from './fake-window.ts';
import { createFakePreload, type FakePage } from './fake-preload.ts';
import { createFakeWindow } from './fake-window.ts';
import type { CertificateFacts } from './bridge.ts';
import type {
  AppEvents,
  Badge,
  Crash,
  DesktopHost,
  HostFacts,
  MenuItem,
  NetworkRequest,
  NotificationEvents,
  NotificationOptions,
  PowerEvents,
  Question,
  Sender,
  StorageOffer,
  TrayLook,
  UpdaterEvents,
} from './host.ts';
import type { Place } from './window-place.ts';

export interface ShownNotification extends NotificationOptions, NotificationEvents {
  closed: boolean;
}

export type FakeHost = ReturnType<typeof createFakeHost>;

export const fakeOrigin = 'app://tocsin/index.html';

export function fakeDisplay(id: string, change: Partial<Display> = {}): Display {
  return { id, name: `TV ${id}`, x: 0, y: 0, width: 1_920, height: 1_080, primary: false, ...change };
}

export function createFakeHost(options: {
  userData: string;
  facts?: Partial<HostFacts>;
  knowsLock?: boolean;
  tray?: boolean;
  storage?: StorageOffer;
  /** Null: this build has no updates. */
  updater?: 'there' | 'none' | 'broken';
  notifications?: 'work' | 'missing' | 'denied';
  firstInstance?: boolean;
  displays?: Display[];
  /** Left out: there is no network. */
  request?: NetworkRequest;
  certificateOf?: (url: string) => Promise<CertificateFacts>;
  /** Left out: this Electron cannot run a center. */
  center?: FakeLocal;
}) {
  const handlers = new Map<string, (sender: Sender, args: unknown[]) => Promise<unknown>>();
  const timers: { at: number; run: () => void }[] = [];
  let nowMs = Date.parse('2026-11-21T12:00:00Z');
  let app: AppEvents | null = null;
  let power: PowerEvents | null = null;
  let mayUse: (permission: string, url: string) => boolean = () => false;
  let activation: (pressed: { text: string; action: number | null }) => void = () => undefined;
  let crash: (crash: Crash) => void = () => undefined;
  let updater: UpdaterEvents | null = null;
  let answers: (number | 'nobody')[] = [];
  let displays: Display[] = options.displays ?? [fakeDisplay('1', { primary: true })];
  let displaysChanged: () => void = () => undefined;

  const preload = createFakePreload((id, name, args) => call(name, args, { id }));

  /** A message as the page of a window sends it. */
  function call(name: string, args: unknown[] = [], sender: Partial<Sender> = {}): Promise<unknown> {
    const handler = handlers.get(name);
    if (handler === undefined) throw new Error(`nothing answers ${name}`);
    return handler({ id: 1, url: fakeOrigin, ...sender }, args);
  }

  const seen = {
    windows: [] as FakeWindow[],
    menu: [] as MenuItem[],
    tray: null as { look: TrayLook; tooltip: string; items: MenuItem[]; clicked(): void } | null,
    badge: null as Badge | null,
    notifications: [] as ShownNotification[],
    questions: [] as Question[],
    openedOutside: [] as string[],
    copied: [] as string[],
    quits: 0,
    restarts: 0,
    checks: 0,
    takesOverAtQuit: true,
    awake: 0,
    policy: () => '',
    verdict: (_shown: { host: string; fingerprint: string }): string => '',
    judged: 0,
  };

  const host: DesktopHost = {
    facts: {
      platform: 'linux',
      electronVersion: '45.0.0',
      appVersion: '0.1.0',
      packaged: true,
      args: ['/usr/bin/tocsin'],
      env: {},
      userData: options.userData,
      home: '/home/ada',
      ...options.facts,
    },
    clock: {
      now: () => new Date(nowMs),
      after(ms, run) {
        const timer = { at: nowMs + ms, run };
        timers.push(timer);
        return () => {
          if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
        };
      },
    },
    takeSingleInstance: () => options.firstInstance ?? true,
    listen(events) {
      app = events;
    },
    ready: () => Promise.resolve(),
    quit() {
      seen.quits += 1;
      app?.quitting();
    },
    openWindow(wanted, events) {
      const navigated = (): void => {
        preload.navigated();
        events.navigated();
      };
      const id = seen.windows.length + 1;
      const window = createFakeWindow(id, wanted, { ...events, navigated }, preload.nudged);
      seen.windows.push(window);
      return window;
    },
    workAreas: (): [Place, ...Place[]] => [{ x: 0, y: 0, width: 1_920, height: 1_080 }],
    displays: () => displays,
    onDisplays(listener) {
      displaysChanged = listener;
    },
    servePages(policy) {
      seen.policy = policy;
    },
    request: options.request ?? (() => Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED'))),
    judgeCertificates(verdict) {
      seen.verdict = verdict;
      seen.judged += 1;
    },
    forkCenter: options.center?.fork ?? 'old-electron',
    freePort: async (from) => from + 1,
    certificateOf: options.certificateOf ?? (() => Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED'))),
    guardPermissions(rule) {
      mayUse = rule;
    },
    answerPages: (name, handler) => void handlers.set(name, handler),
    setMenu(items) {
      seen.menu = items;
    },
    createTray({ clicked }) {
      if (options.tray === false) return null;
      return {
        show(look, tooltip, items) {
          seen.tray = { look, tooltip, items, clicked };
        },
      };
    },
    setBadge(badge) {
      seen.badge = badge;
    },
    notifications: {
      supported: () => options.notifications !== 'missing',
      create(wanted, events) {
        const shown: ShownNotification = { ...wanted, ...events, closed: false };
        return {
          async show() {
            if (options.notifications === 'denied') return 'the system blocks them';
            seen.notifications.push(shown);
            return null;
          },
          close() {
            shown.closed = true;
          },
        };
      },
      onActivation(listener) {
        activation = listener;
      },
    },
    async ask(question) {
      seen.questions.push(question);
      const answer = answers.shift() ?? question.cancel;
      if (answer === 'nobody') await (question.withdrawn ?? new Promise(() => undefined));
      return answer === 'nobody' ? question.cancel : answer;
    },
    async openOutside(url) {
      seen.openedOutside.push(url);
    },
    copyText: (text) => void seen.copied.push(text),
    showFolder: () => undefined,
    onPower(events) {
      power = events;
    },
    knowsLock: options.knowsLock ?? true,
    keepAwake() {
      seen.awake += 1;
      return () => {
        seen.awake -= 1;
      };
    },
    safeStorage: async () => options.storage ?? { kind: 'none', why: 'This machine keeps no secrets.' },
    startCrashReports: () => null,
    onCrash(listener) {
      crash = listener;
    },
    async loadUpdater(events) {
      updater = events;
      if (options.updater === 'broken') throw new Error('the updater cannot be read');
      if (options.updater !== 'there') return null;
      return {
        async check() {
          seen.checks += 1;
        },
        // As on macOS: the windows first, and only then does the app say that it quits.
        restart() {
          seen.restarts += 1;
          for (const window of seen.windows) if (window.state !== 'closed') window.close();
        },
        atQuit(takesOver) {
          seen.takesOverAtQuit = takesOver;
        },
      };
    },
  };

  return {
    host,
    seen,
    /** What the next questions are answered with, by button; by nobody, they stand until they are taken back. */
    willAnswer(...buttons: (number | 'nobody')[]) {
      answers = [...answers, ...buttons];
    },
    call,
    pageNow: (page: FakePage) => preload.set(page),
    told: (name: string): unknown[] =>
      seen.windows
        .flatMap((window) => window.sent.filter((one: BridgeEvent) => one.name === name))
        .map((one) => one.carried),
    mayUse: (permission: string, url = fakeOrigin) => mayUse(permission, url),
    /** The windows are closed, and the app would end. */
    end: () => app?.ending(),
    activate: () => app?.activate(),
    follow: (url: string) => app?.linkFollowed(url),
    secondInstance: (...args: string[]) => app?.secondInstance(args),
    openUrl: (url: string) => app?.openUrl(url),
    /** Cables are plugged in or pulled out. */
    setDisplays(now: Display[]) {
      displays = now;
      displaysChanged();
    },
    sleep: () => power?.suspended(),
    wake: () => power?.resumed(),
    lock: () => power?.locked(),
    unlock: () => power?.unlocked(),
    press: (text: string, action: number | null) => activation({ text, action }),
    crash: (told: Crash) => crash(told),
    updater: (): UpdaterEvents => {
      if (updater === null) throw new Error('no updater was loaded');
      return updater;
    },
    setNow(text: string) {
      nowMs = Date.parse(text);
    },
    /** Time passes, and what was due is done. */
    pass(ms: number) {
      nowMs += ms;
      for (const timer of timers.filter(({ at }) => at <= nowMs)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.run();
      }
    },
  };
}
