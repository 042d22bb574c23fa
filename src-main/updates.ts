// Updates: found and fetched by themselves, put in place when the app quits or a person asks, and never by a restart
// under somebody who holds a role in an open incident.
import { t } from '../src-renderer/language/words.ts';
import type { UpdateState } from './bridge.ts';
import type { DesktopHost, HostUpdater } from './host.ts';

export interface Updates {
  state(): UpdateState;
  start(): void;
  check(): Promise<void>;
  restart(): void;
  /** What the rule looks at has changed. */
  reconsider(): void;
}

const firstAfterMs = 60_000;
const everyMs = 6 * 3_600_000;

/** Pure: null lets it restart. */
export function reasonToWait(facts: { heldRole: string | null; signedIn: boolean; known: boolean }): string | null {
  if (facts.heldRole !== null) return t`you are ${facts.heldRole}; hand it over or resolve the incident first`;
  // Signed in but without a word from the page, nobody knows what this person holds.
  return facts.signedIn && !facts.known ? t`the page has not said yet whether you hold a role` : null;
}

export function createUpdates(deps: {
  host: Pick<DesktopHost, 'loadUpdater' | 'clock' | 'facts'>;
  wanted(): boolean;
  waitsFor(): string | null;
  changed(): void;
  /** Windows close and what runs here stops; whoever is replaced must not be in the way. */
  leaving(): Promise<void>;
  /** It could not be replaced, and goes on. */
  stayed(): void;
}): Updates {
  const { host } = deps;
  let state: UpdateState = { kind: 'idle', checkedAt: null };
  let updater: Promise<HostUpdater | null> | null = null;
  let started = false;
  let leaving = false;

  function become(next: UpdateState): void {
    state = next;
    deps.changed();
  }

  function load(): Promise<HostUpdater | null> {
    updater ??= host.loadUpdater({
      found: (version) => become({ kind: 'downloading', version }),
      nothing: () => become({ kind: 'idle', checkedAt: host.clock.now().toISOString() }),
      ready: (version) => become({ kind: 'ready', version, waitsFor: deps.waitsFor() }),
      failed,
    });
    // One that could not be loaded is tried again; one that was hears each event once.
    updater.catch(() => {
      updater = null;
    });
    return updater;
  }

  function failed(why: string): void {
    if (leaving) deps.stayed();
    leaving = false;
    become({ kind: 'failed', why });
  }

  async function replace(): Promise<void> {
    if (leaving) return;
    leaving = true;
    try {
      await deps.leaving();
      (await load())?.restart();
    } catch (error) {
      failed(wordsOf(error));
    }
  }

  async function check(): Promise<void> {
    // What is ready stays ready, whatever a later look at the server says.
    if (!deps.wanted() || state.kind === 'ready' || state.kind === 'downloading') return;
    try {
      become({ kind: 'checking' });
      const loaded = await load();
      if (loaded === null) become({ kind: 'off', why: t`this build names no place to look for updates` });
      else await loaded.check();
    } catch (error) {
      become({ kind: 'failed', why: wordsOf(error) });
    }
  }

  const again = (ms: number): void => {
    host.clock.after(ms, () => {
      void check();
      again(everyMs);
    });
  };

  return {
    state: () => (deps.wanted() ? state : { kind: 'off', why: t`you switched them off` }),
    start() {
      if (started) return;
      started = true;
      again(firstAfterMs);
    },
    check,
    restart() {
      if (state.kind !== 'ready') return;
      const waitsFor = deps.waitsFor();
      become({ ...state, waitsFor });
      if (waitsFor === null) void replace();
    },
    reconsider() {
      // Switched off means off, also for what was fetched before.
      void updater?.then((loaded) => loaded?.atQuit(deps.wanted())).catch(() => undefined);
      const waitsFor = deps.waitsFor();
      if (state.kind === 'ready' && state.waitsFor !== waitsFor) become({ ...state, waitsFor });
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
