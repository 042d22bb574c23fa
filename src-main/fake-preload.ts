// What preload.ts does in the window of a page: asks for what waits for it, has it done, and says so.
import type { FakeWindow } from './fake-window.ts';
import type { PageMessage, WaitingEvent } from './ipc-table.ts';

/** stops: it takes what waits, and does no more. */
export type FakePage = 'runs' | 'hangs' | 'stops';

export function createFakePreload(ask: (pageId: number, name: string, args: unknown[]) => Promise<unknown>) {
  let page: FakePage = 'runs';
  let unread: (() => void)[] = [];

  async function take(window: FakeWindow, name: WaitingEvent): Promise<void> {
    for (const { number, carried } of (await ask(window.id, 'pageTakes', [name])) as PageMessage[]) {
      window.sent.push({ name, carried });
      if (page === 'runs') await ask(window.id, 'pageDid', [number]);
    }
  }

  return {
    nudged(window: FakeWindow, name: WaitingEvent): void {
      if (page === 'hangs') unread.push(() => void take(window, name));
      else void take(window, name);
    },
    set(now: FakePage): void {
      page = now;
      if (now === 'hangs') return;
      for (const read of unread) read();
      unread = [];
    },
    /** Another document: what was sent to the one before is lost. */
    navigated: () => void (unread = []),
  };
}
