// Notices a page that has stopped. Put away in the tray it would page nobody, and nobody would see why: so it is loaded
// anew by itself when the question stays unanswered.
import { t } from '../src-renderer/language/words.ts';
import type { DesktopHost, HostWindow } from './host.ts';

/** How long a page that runs may say nothing; it speaks every few seconds (preload.ts). */
const silentMs = 30_000;
const lookEveryMs = 5_000;
const unansweredMs = 60_000;

export interface SignOfLife {
  /** The page said that it runs, or the system says so of it. */
  heard(pageId: number): void;
  /** The system says that it does not answer. */
  hung(pageId: number): void;
  /** It is closed, crashed or loads another document: nothing is expected of it before it speaks. */
  left(pageId: number): void;
  hasStopped(pageId: number): boolean;
  start(): void;
}

interface Life {
  heardAt: number;
  stopped: boolean;
  /** Takes the question back; null: nothing is asked. */
  takeBack: (() => void) | null;
}

export function createSignOfLife(deps: {
  host: Pick<DesktopHost, 'ask' | 'clock'>;
  windowOf(pageId: number): HostWindow | null;
  /** One has stopped, or goes on. */
  changed(): void;
  stopped(why: string): void;
}): SignOfLife {
  const { host, windowOf } = deps;
  const lives = new Map<number, Life>();
  const now = (): number => host.clock.now().getTime();
  let lookedAt = 0;

  function settle(pageId: number): void {
    const life = lives.get(pageId);
    lives.delete(pageId);
    life?.takeBack?.();
    if (life?.stopped === true) deps.changed();
  }

  function heard(pageId: number): void {
    settle(pageId);
    lives.set(pageId, { heardAt: now(), stopped: false, takeBack: null });
  }

  async function stop(pageId: number, why: string): Promise<void> {
    const window = windowOf(pageId);
    if (window === null || (lives.get(pageId)?.takeBack ?? null) !== null) return;
    let withdraw = (): void => undefined;
    const withdrawn = new Promise<void>((resolve) => (withdraw = resolve));
    const startAnew = (): void => {
      life.takeBack?.();
      // Stopped until another document is there; without one it is asked about again.
      lives.set(pageId, { heardAt: now(), stopped: true, takeBack: null });
      window.restart();
    };
    const cancel = host.clock.after(unansweredMs, startAnew);
    const life: Life = {
      heardAt: now(),
      stopped: true,
      takeBack() {
        cancel();
        withdraw();
      },
    };
    lives.set(pageId, life);
    deps.stopped(why);
    deps.changed();
    const chosen = await host.ask({
      message: t`A window of Tocsin does not answer`,
      detail: t`It may be busy, or it may have stopped. Until it goes on no page reaches you through it; your phone still rings. Drafts and what waits to be sent are kept, a form that was not saved is not. Unless you choose to wait, it is loaded anew in one minute.`,
      buttons: [t`Wait`, t`Load it anew`],
      cancel: 0,
      withdrawn,
    });
    // Else it spoke meanwhile, or is gone, or was loaded anew already.
    if (lives.get(pageId) !== life) return;
    if (chosen === 1) startAnew();
    else {
      cancel();
      // Asked again when it goes on saying nothing.
      lives.set(pageId, { heardAt: now(), stopped: true, takeBack: null });
    }
  }

  function look(): void {
    const at = now();
    // The machine slept, or this process stood still: then nobody could speak.
    const slept = at - lookedAt > 3 * lookEveryMs;
    lookedAt = at;
    for (const [pageId, life] of lives) {
      if (slept) life.heardAt = at;
      else if (at - life.heardAt > silentMs) void stop(pageId, 'it said nothing for 30 s');
    }
    host.clock.after(lookEveryMs, look);
  }

  return {
    heard,
    hung: (pageId) => void stop(pageId, 'the system says that it does not answer'),
    left: settle,
    hasStopped: (pageId) => lives.get(pageId)?.stopped ?? false,
    start() {
      lookedAt = now();
      host.clock.after(lookEveryMs, look);
    },
  };
}
