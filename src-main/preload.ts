// Runs in the sandbox beside the page and hands it one frozen object. It knows channel names, nothing else.
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from './bridge.ts';
import type { Handlers, PageEvent, PageEvents, RequestName, WaitingEvent } from './ipc-table.ts';

type ArgsOf<Name extends RequestName> = Parameters<Handlers[Name]> extends [unknown, ...infer Args] ? Args : never;

function ask<Name extends RequestName>(
  name: Name,
  ...args: ArgsOf<Name>
): Promise<Awaited<ReturnType<Handlers[Name]>>> {
  return ipcRenderer.invoke(`tocsin:${name}`, ...args);
}

function hear<Name extends PageEvent>(name: Name, listener: (carried: PageEvents[Name]) => void): () => void {
  // The event object would hand the page a sender; only what it carries goes on.
  const handler = (_event: unknown, carried: PageEvents[Name]): void => listener(carried);
  ipcRenderer.on(`tocsin:${name}`, handler);
  void ask('pageListens', name, true);
  return () => {
    ipcRenderer.off(`tocsin:${name}`, handler);
    if (ipcRenderer.listenerCount(`tocsin:${name}`) === 0) void ask('pageListens', name, false);
  };
}

/** For what is kept until somebody does it: asked for, because a page that hangs is told nothing. */
function take<Name extends WaitingEvent>(
  name: Name,
  listener: (carried: PageEvents[Name]) => void | Promise<void>,
): () => void {
  return hear(name, async () => {
    for (const { number, carried } of await ask('pageTakes', name)) {
      const done = async (): Promise<void> => listener(carried as PageEvents[Name]);
      // One that failed before it told anything is told as unknown, in time.
      void done().then(
        () => ask('pageDid', number),
        () => undefined,
      );
    }
  });
}

const bridge = {
  host: () => ask('host'),
  notify: (notification) => ask('notify', notification),
  dismiss: (id) => ask('dismiss', id),
  session: {
    access: (url, refused) => ask('sessionAccess', url, refused),
    signIn: (url, login, password) => ask('sessionSignIn', url, login, password),
    redeem: (url, token) => ask('sessionRedeem', url, token),
    signOut: (url) => ask('sessionSignOut', url),
  },
  servers: {
    list: () => ask('serversList'),
    look: (address) => ask('serversLook', address),
    trust: (url, fingerprint) => ask('serversTrust', url, fingerprint),
    connect: (url, plain) => ask('serversConnect', url, plain),
    show: (url) => ask('serversShow', url),
    startHere: () => ask('serversStartHere'),
    remove: (url) => ask('serversRemove', url),
  },
  setBadge: (count) => ask('setBadge', count),
  setSignedIn: (signedIn) => ask('setSignedIn', signedIn),
  setLanguage: (id) => ask('setLanguage', id),
  tell: (state) => ask('tell', state),
  setCommands: (commands) => ask('setCommands', commands),
  openExternal: (url) => ask('openExternal', url),
  keepAwake: (on) => ask('keepAwake', on),
  walls: {
    list: () => ask('wallsList'),
    assign: (displayId, setup) => ask('wallsAssign', displayId, setup),
    openPresenter: () => ask('openPresenter'),
  },
  shell: {
    status: () => ask('shellStatus'),
    change: (change) => ask('shellChange', change),
    checkForUpdates: () => ask('checkForUpdates'),
    restartToUpdate: () => ask('restartToUpdate'),
    showCrashReports: () => ask('showCrashReports'),
    removeCrashReports: () => ask('removeCrashReports'),
  },
  onOpenPath: (listener) => take('openPath', listener),
  onCommand: (listener) => take('command', listener),
  onAnswer: (listener) => take('answer', listener),
  onWake: (listener) => hear('wake', () => listener()),
  onShellStatus: (listener) => hear('shellStatus', listener),
  onWalls: (listener) => hear('walls', listener),
} satisfies Bridge;

contextBridge.exposeInMainWorld('tocsin', bridge);

// In the page's own thread: when that hangs, this says nothing either (sign-of-life.ts).
const speak = (): void => void ask('alive').catch(() => undefined);
speak();
setInterval(speak, 5_000);
