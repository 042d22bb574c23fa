// From nothing to a signed-in session: finds the server, takes up an earlier sign-in, opens the replica from this
// machine's copy, and only then waits for anything.
import { v7 } from 'uuid';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { helloOf } from '#server/contract/client.ts';
import type { Me as MeAnswer } from '#server/contract/session.ts';
import { version } from '../package.json';
import type { SignInAnswer } from '../src-main/bridge.ts';
import { type Access, createAccess } from './api/access.ts';
import { useBlocked } from './api/blocked.ts';
import { createApiClient } from './api/client.ts';
import type { Host } from './api/host.ts';
import { askCenter, createFeedTransport, sendIntents } from './api/transport.ts';
import { copyName, finishLeaving, leave, leaveBehind, remember, remembered } from './kept-here.ts';
import { t } from './language/words.ts';
import { navigate, parseHash } from './navigation.ts';
import { paths } from './paths.ts';
import { forgetPersonal } from './personal-state.ts';
import { createDexieStorage } from './replica/storage/dexie-storage.ts';
import { createMemoryStorage } from './replica/storage/memory-storage.ts';
import { createPacedFeed, inNextTask } from './replica/feed/paced-feed.ts';
import { systemRandom } from './replica/random.ts';
import { createReplica } from './replica/replica.ts';
import type { ReplicaNews } from './replica/replica-state.ts';
import { createAloneWindow, createWindows, type WindowMessage, type Windows } from './replica/windows/windows.ts';
import type { Me, Session } from './session.tsx';
import { after, deviceNow, useServerOffset } from './time.ts';
import { preferAt } from './ui/preferences.ts';
import { useToasts } from './ui/toast.tsx';
import { useUndoStack } from './undo.ts';

export interface BootState {
  /**
   * unchosen: no server yet. expired: the content stays, only a new sign-in lets it go on. unreachable: no server and
   * nobody known here.
   */
  phase: 'starting' | 'unchosen' | 'signed-out' | 'expired' | 'unreachable' | 'ready';
  session: Session | null;
  serverUrl: string;
}

export interface Boot {
  useState: UseBoundStore<StoreApi<BootState>>;
  start(): void;
  signIn(login: string, password: string): Promise<SignInAnswer>;
  retry(): void;
}

export function createBoot(host: Host): Boot {
  const useState = create<BootState>(() => ({ phase: 'starting', session: null, serverUrl: '' }));
  let access: Access | null = null;
  let running: { stop: () => void } | null = null;
  let cancelRetry: (() => void) | null = null;

  async function run(): Promise<void> {
    const serverUrl = await host.serverUrl();
    if (serverUrl === null) {
      useState.setState({ phase: 'unchosen' });
      return;
    }
    useState.setState({ serverUrl });
    access = createAccess({
      keeper: host.keeper(serverUrl),
      fetch: (input, init) => window.fetch(input, init),
      now: deviceNow,
      onSignedOut: () => useState.setState((state) => ({ phase: state.session === null ? 'signed-out' : 'expired' })),
    });
    const known = remembered(serverUrl);
    if (known !== null) open(known, serverUrl, access);
    const link = takeLinkToken();
    if (link !== null && (await access.redeem(link)).ok) return enter(serverUrl, access);
    if (link !== null && known === null) navigate(paths.usedLink(), { replace: true });
    await resume(serverUrl, access);
  }

  async function resume(serverUrl: string, with_: Access): Promise<void> {
    const state = await with_.resume();
    if (state === 'signed-in') return enter(serverUrl, with_);
    const { session } = useState.getState();
    if (state === 'signed-out') {
      useState.setState({ phase: session === null ? 'signed-out' : 'expired' });
      return;
    }
    // No answer: with a copy on this machine the work goes on, without one there is nothing to show yet.
    if (session === null) {
      useState.setState({ phase: 'unreachable' });
      cancelRetry = after(2_000, () => void resume(serverUrl, with_));
    }
  }

  async function enter(serverUrl: string, with_: Access): Promise<void> {
    const { session } = useState.getState();
    const api = session?.api ?? createApiClient(serverUrl, with_);
    let me: Me;
    try {
      me = meOf(await api.auth.me.query());
    } catch {
      if (session === null) {
        useState.setState({ phase: 'unreachable' });
        cancelRetry = after(2_000, () => void resume(serverUrl, with_));
      }
      return;
    }
    remember(serverUrl, me);
    if (session !== null && session.me.id === me.id) {
      useState.setState({ phase: 'ready' });
      session.replica.stream.kick();
      session.replica.outbox.pump();
      return;
    }
    running?.stop();
    if (session !== null) void leaveBehind(serverUrl, session.me.id).catch(() => undefined);
    open(me, serverUrl, with_);
  }

  function open(me: Me, serverUrl: string, with_: Access): void {
    const api = createApiClient(serverUrl, with_);
    const listeners = new Set<(news: ReplicaNews) => void>();
    const name = copyName(serverUrl, me.id);
    preferAt(serverUrl);
    // What somebody else did or was told here before is nothing to this person.
    useUndoStack.setState({ done: [] });
    useToasts.setState({ toasts: [] });
    const windows = openWindows(name);
    const storage = typeof indexedDB === 'undefined' ? createMemoryStorage() : createDexieStorage(name);
    const replica = createReplica({
      storage,
      transport: createPacedFeed(createFeedTransport(api, helloOf(version)), inNextTask),
      handshake: () => askCenter(api, () => new Date(deviceNow()).toISOString()),
      windows,
      send: (intents) => sendIntents(api, intents),
      me,
      uuid: v7,
      now: deviceNow,
      after,
      random: systemRandom,
      onServerTime: (offsetMs) => {
        // A jitter of the network is no reason to redraw every clock.
        if (Math.abs(useServerOffset.getState().offsetMs - offsetMs) > 250) useServerOffset.setState({ offsetMs });
      },
      news: (news) => {
        for (const listener of listeners) listener(news);
      },
    });
    const stopWatching = watchMachine(host, replica.stream);
    const stop = () => {
      stopWatching();
      stopListening();
      replica.stop();
      windows.stop();
      storage.close();
    };
    running = { stop };
    const session: Session = {
      me,
      serverUrl,
      serverName: serverNameOf(serverUrl, me.organisationName),
      api,
      host,
      replica,
      uuid: v7,
      onNews: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      signOut: async () => {
        // First of all: one that is cut short, or waits for a server that is away, shows nobody anything at the next start.
        leave(name);
        forgetPersonal(window.localStorage, serverUrl);
        await with_.signOut().catch(() => undefined);
        // Before the copy is deleted: another window that has it open would hold that up.
        windows.post({ kind: 'signed-out' });
        stop();
        await finishLeaving().catch(() => undefined);
        // What a window wrote meanwhile.
        forgetPersonal(window.localStorage, serverUrl);
        preferAt(serverUrl);
        running = null;
        useState.setState({ session: null, phase: 'signed-out' });
      },
    };
    const stopListening = windows.onMessage((message) => {
      if (message.kind !== 'signed-out') return;
      stop();
      running = null;
      useState.setState({ session: null, phase: 'signed-out' });
    });
    useState.setState({ session, phase: 'ready' });
    void replica.start();
  }

  async function signedIn(answer: SignInAnswer): Promise<SignInAnswer> {
    if (answer.ok && access !== null) await enter(useState.getState().serverUrl, access);
    return answer;
  }

  return {
    useState,
    start() {
      void finishLeaving().catch(() => undefined);
      // Before the first screen is drawn, or the notice would push it down a moment later.
      void host.blocked().then(
        (reason) => (reason === null ? undefined : useBlocked.setState({ reason })),
        () => undefined,
      );
      void run();
    },
    signIn: async (login, password) => (access === null ? notReady : signedIn(await access.signIn(login, password))),
    retry() {
      cancelRetry?.();
      if (access === null) void run();
      else void resume(useState.getState().serverUrl, access);
    },
  };
}

const notReady: SignInAnswer = { ok: false, message: t`The client is still starting. Try again in a second.` };

function openWindows(name: string): Windows {
  // Only where the page is trusted: a plain http address of another machine has no locks.
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') return createAloneWindow();
  const channel = new BroadcastChannel(name);
  return createWindows({
    name,
    locks: navigator.locks,
    channel: {
      post: (message) => channel.postMessage(message),
      listen: (listener) => {
        // Windows of another version are reloaded by the person who updated; until then both speak the same words.
        channel.onmessage = (event: MessageEvent<WindowMessage>) => listener(event.data);
      },
      close: () => channel.close(),
    },
  });
}

/** The machine's own signs: back online, woken up, looked at again, cut off. */
function watchMachine(host: Host, stream: { kick: () => void; lost: () => void }): () => void {
  const kick = () => stream.kick();
  const lost = () => stream.lost();
  const seen = () => {
    if (document.visibilityState === 'visible') stream.kick();
  };
  window.addEventListener('online', kick);
  window.addEventListener('offline', lost);
  window.addEventListener('pageshow', kick);
  document.addEventListener('visibilitychange', seen);
  const stopWaking = host.onWake(kick);
  return () => {
    stopWaking();
    window.removeEventListener('online', kick);
    window.removeEventListener('offline', lost);
    window.removeEventListener('pageshow', kick);
    document.removeEventListener('visibilitychange', seen);
  };
}

/** The token of a one-time link, taken out of the address so that it stays in no history. */
function takeLinkToken(): string | null {
  const { path, query } = parseHash(window.location.hash);
  const token = path === '/link' ? query.get('token') : null;
  if (token !== null) navigate(paths.now(), { replace: true });
  return token;
}

function meOf({ user, role, organisationName }: MeAnswer): Me {
  return { id: user.id, name: user.name, login: user.login, role, teamIds: user.teamIds, organisationName };
}

function serverNameOf(serverUrl: string, organisationName: string): string {
  if (organisationName !== '') return organisationName;
  const { hostname, host } = new URL(serverUrl);
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? t`This machine` : host;
}
