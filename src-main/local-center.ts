// The center that this app runs itself: started with the app, started again when it ends, stopped in order when the app
// quits. The program's own lock keeps two from one data folder.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LocalCenter } from './bridge.ts';
import type { CenterProcess, DesktopHost } from './host.ts';

const Kept = z.object({ wanted: z.boolean(), port: z.int().min(1).max(65_535).nullable() });
type Kept = z.infer<typeof Kept>;

const firstPort = 7_300;
const stopWithinMs = 35_000;
/** One that ran this long and then ended is started again at once. */
const goodWhileMs = 10 * 60_000;

export interface LocalCenters {
  state(): LocalCenter;
  /** Null where it has never been started here. */
  url(): string | null;
  /** If it was wanted when the app ran last. */
  resume(): void;
  /** Resolves when it runs, or has failed to. */
  start(): Promise<LocalCenter>;
  /** In order; it is started again with the app. */
  stop(): Promise<void>;
  /** Stopped, and not started again. Its data stay. */
  dismiss(): Promise<void>;
}

export function createLocalCenter(deps: {
  host: Pick<DesktopHost, 'forkCenter' | 'freePort' | 'clock' | 'facts'>;
  /** `loginToken`: signs in once. */
  ready(url: string, loginToken: string | null): Promise<void>;
}): LocalCenters {
  const { host } = deps;
  const { forkCenter } = host;
  const file = join(host.facts.userData, 'local-center.json');
  let kept = read(file);
  let state: LocalCenter = typeof forkCenter === 'string' ? { kind: 'absent', why: forkCenter } : { kind: 'off' };
  let running: { process: CenterProcess; since: number; gone: Promise<void>; stopping: boolean } | null = null;
  let cancelAgain: () => void = () => undefined;
  let failures = 0;
  let wanted = false;
  const settled: ((state: LocalCenter) => void)[] = [];

  const now = (): number => host.clock.now().getTime();
  function keep(change: Partial<Kept>): void {
    kept = { ...kept, ...change };
    try {
      writeFileSync(`${file}.partial`, JSON.stringify(kept));
      renameSync(`${file}.partial`, file);
    } catch {
      // It runs all the same; the next start of the app does not know of it.
    }
  }
  function settle(next: LocalCenter): void {
    state = next;
    for (const resolve of settled.splice(0)) resolve(next);
  }

  async function launch(): Promise<void> {
    if (typeof forkCenter === 'string') return;
    state = { kind: 'starting' };
    // One that was told to stop still holds the port and the data.
    await running?.gone;
    const port = kept.port ?? (await host.freePort(firstPort));
    keep({ port });
    // Stopped meanwhile, or started by another call that waited for the same.
    if (!wanted || running !== null) return;
    const process = forkCenter({ port, dataDir: join(host.facts.userData, 'center') });
    let tellGone = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      tellGone = resolve;
    });
    const own = { process, since: now(), gone, stopping: false };
    running = own;
    process.onReady((url, loginToken) => {
      // Without a sign-in it runs all the same, and the page asks for one.
      void deps
        .ready(url, loginToken)
        .catch(() => undefined)
        .then(() => (running === own && !own.stopping ? settle({ kind: 'running', url }) : undefined));
    });
    process.onExit((why) => {
      running = null;
      tellGone();
      if (wanted && !own.stopping) again(why, now() - own.since);
    });
  }

  function again(why: string, ranMs: number): void {
    failures = ranMs > goodWhileMs ? 1 : failures + 1;
    const waitMs = Math.min(60_000, 1_000 * 2 ** (failures - 1));
    settle({ kind: 'failed', why, againAt: new Date(now() + waitMs).toISOString() });
    cancelAgain = host.clock.after(waitMs, () => void launch());
  }

  async function stop(): Promise<void> {
    wanted = false;
    cancelAgain();
    if (state.kind !== 'absent') settle({ kind: 'off' });
    if (running === null) return;
    const { process, gone } = running;
    running.stopping = true;
    process.stop();
    const cancel = host.clock.after(stopWithinMs, () => process.kill());
    await gone;
    cancel();
  }

  function start(): Promise<LocalCenter> {
    if (state.kind === 'absent' || state.kind === 'running') return Promise.resolve(state);
    const answer = new Promise<LocalCenter>((resolve) => settled.push(resolve));
    if (state.kind !== 'starting') {
      wanted = true;
      keep({ wanted });
      cancelAgain();
      void launch();
    }
    return answer;
  }

  return {
    state: () => state,
    url: () => (kept.port === null ? null : `http://127.0.0.1:${kept.port}`),
    resume() {
      if (kept.wanted) void start();
    },
    start,
    stop,
    async dismiss() {
      keep({ wanted: false });
      await stop();
    },
  };
}

function read(file: string): Kept {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { wanted: false, port: null };
  }
}
