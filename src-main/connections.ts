// Which center the windows belong to, and who is signed in there: one at a time, each with a sign-in of its own.
import type { Looked, ServerList, ShellSettings } from './bridge.ts';
import type { DesktopHost, StorageOffer } from './host.ts';
import type { Handlers } from './ipc-table.ts';
import { createLocalCenter } from './local-center.ts';
import { createLook } from './look.ts';
import { isPlain, serverAddress } from './server-address.ts';
import type { Servers } from './servers.ts';
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts';
import { createSessionToken, sessionFile, type SessionToken } from './session-token.ts';
import { verdictOn } from './trust.ts';

type Answers = Pick<Handlers, Extract<keyof Handlers, `session${string}` | `servers${string}`>>;

export interface Connections {
  answers: Answers;
  storage(): SessionToken['storage'];
  /** The center that runs here, if one does. */
  hosts(): boolean;
  stopLocal(): Promise<void>;
  /** If it is wanted here. */
  resumeLocal(): void;
  /** Every sign-in goes where the settings now say. */
  storeAnew(kept: ShellSettings['plainSession']): Promise<void>;
}

export function createConnections(deps: {
  host: Pick<
    DesktopHost,
    'request' | 'judgeCertificates' | 'certificateOf' | 'forkCenter' | 'freePort' | 'clock' | 'facts'
  >;
  servers: Servers;
  offer: StorageOffer;
  plainAllowed(): boolean;
  /** Somebody signed in by hand. */
  signedIn(keep: () => Promise<void>): void;
  /** Another center is shown from here on, or none. */
  switched(): void;
}): Connections {
  const { host, servers, offer } = deps;
  const keepers = new Map<string, { token: SessionToken; keeper: SessionKeeper }>();
  /** What the last look at an address found: nothing else can be trusted or connected to. */
  const found = new Map<string, Looked>();

  const applyPins = (): void => host.judgeCertificates((shown) => verdictOn(shown, servers.pins()));
  applyPins();
  const lookAt = createLook({
    request: host.request,
    certificateOf: (url) => host.certificateOf(url),
    pins: servers.pins,
  });

  function of(url: string): { token: SessionToken; keeper: SessionKeeper } {
    const there = keepers.get(url);
    if (there !== undefined) return there;
    const token = createSessionToken(offer, deps.plainAllowed, sessionFile(host.facts.userData, url));
    const keeper = createSessionKeeper({
      url,
      token,
      request: host.request,
      now: () => host.clock.now().getTime(),
      signedIn: () =>
        deps.signedIn(async () => {
          const newest = await token.get();
          if (newest !== null) await token.set(newest);
        }),
    });
    keepers.set(url, { token, keeper });
    return { token, keeper };
  }

  /** A page of the server before must not get, nor end, the sign-in of the next. */
  function shownKeeper(url: string): SessionKeeper {
    if (url !== servers.shown()) throw new Error('The sign-in was refused: another server is shown by now.');
    return of(url).keeper;
  }

  const local = createLocalCenter({
    host,
    async ready(url, loginToken) {
      const { token, keeper } = of(url);
      if (loginToken !== null && (await token.get()) === null) await keeper.redeem(loginToken);
    },
  });
  local.resume();
  const isComing = (url: string): boolean =>
    url === local.url() && (local.state().kind === 'starting' || local.state().kind === 'failed');

  async function look(address: string): Promise<Looked> {
    const url = serverAddress(address);
    if (url !== null && isComing(url)) return { kind: 'local', url, state: local.state() };
    const looked = await lookAt(address);
    if (looked.kind !== 'not-an-address') found.set(looked.url, looked);
    return looked;
  }

  function known(url: string): void {
    if (servers.list().servers.every((server) => server.url !== url))
      throw new Error('This server is not among those that are kept. Connect to it first.');
  }

  const answers: Answers = {
    // Before it runs nobody can say whether the sign-in holds.
    sessionAccess: async (_window, url, refused) =>
      isComing(url) ? { kind: 'unknown' } : shownKeeper(url).access(refused),
    sessionSignIn: (_window, url, login, password) => shownKeeper(url).signIn(login, password),
    sessionRedeem: (_window, url, link) => shownKeeper(url).redeem(link),
    sessionSignOut: (_window, url) => shownKeeper(url).signOut(),
    serversList(): ServerList {
      const { shown, servers: kept } = servers.list();
      const here = local.state().kind === 'absent' ? null : local.url();
      return { shown, servers: kept.map((one) => ({ ...one, local: one.url === here })), local: local.state() };
    },
    serversLook: (_window, address) => look(address),
    serversTrust(_window, url, fingerprint) {
      const seen = found.get(url);
      if (seen?.kind !== 'untrusted' || seen.certificate.fingerprint !== fingerprint)
        throw new Error('This certificate was not looked at. Look at the server again.');
      servers.pin(url, fingerprint);
      applyPins();
      return look(url);
    },
    serversConnect(_window, url, plain) {
      if (found.get(url)?.kind !== 'center')
        throw new Error('No center answered there the last time. Look at the server again.');
      if (isPlain(url) && !plain) throw new Error('Anyone between could listen, and nobody said that this is wanted.');
      servers.show(url);
      deps.switched();
    },
    serversShow(_window, url) {
      known(url);
      servers.show(url);
      deps.switched();
    },
    async serversStartHere() {
      const state = await local.start();
      if (state.kind === 'running') {
        servers.show(state.url);
        deps.switched();
      }
      return state;
    },
    async serversRemove(_window, url) {
      known(url);
      const wasShown = servers.shown() === url;
      await of(url).keeper.signOut();
      keepers.delete(url);
      if (url === local.url()) await local.dismiss();
      servers.remove(url);
      applyPins();
      if (wasShown) deps.switched();
    },
  };

  return {
    answers,
    hosts: () => local.state().kind === 'running',
    stopLocal: local.stop,
    resumeLocal: local.resume,
    storage: () => createSessionToken(offer, deps.plainAllowed, '').storage,
    async storeAnew(kept) {
      if (kept !== false) return;
      for (const { url } of servers.list().servers) {
        const { token } = of(url);
        const text = await token.get();
        await token.clear();
        if (text !== null && url === servers.shown()) await token.set(text);
      }
    },
  };
}
