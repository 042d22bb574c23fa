// What was pressed outside of the page and is for it to do. It waits here until a page asks for it, so a page that hangs,
// crashes or loads has it neither lost nor done twice; what no page does in time is told as not done.
import type { HostClock } from './host.ts';
import type { PageEvents, PageMessage, WaitingEvent } from './ipc-table.ts';

export interface PageMessages {
  tell<Name extends WaitingEvent>(name: Name, carried: PageEvents[Name]): void;
  /** In order, for the page that asks: it is that page's to do, and nobody else's. */
  take(name: WaitingEvent): PageMessage[];
  /** The page has done it, and told what came of it. */
  did(number: number): void;
  /** The page that took some is gone: closed, crashed or loaded anew. */
  left(): void;
  /** What waited for somebody who is here no longer is nobody else's. */
  forget(name: WaitingEvent): void;
}

/**
 * late: no page has taken it yet. expired: none did in time, so none will. stopped: a page took it and then stopped.
 * gone: there is nobody any more for whom it could be done. parted: the same, and a page was at it.
 */
export type Undone = 'late' | 'expired' | 'stopped' | 'gone' | 'parted';

export type Told = { [Name in WaitingEvent]: { name: Name; carried: PageEvents[Name] } }[WaitingEvent];

type Waiting = Told & { number: number; at: number; taken: boolean; cancel: () => void };

/** A person looks at a notification this long before they want to know. */
const lateMs = 5_000;
/** As long as an acknowledgement is sent without asking again; a command is about what was on screen. */
const keptMs: Record<WaitingEvent, number> = { answer: 5 * 60_000, command: 60_000, openPath: Infinity };

export function createPageMessages(deps: {
  clock: HostClock;
  /** Has the page that listens, if there is one, ask for them. */
  nudge(name: WaitingEvent): void;
  undone(message: Told, why: Undone): void;
}): PageMessages {
  const { clock, nudge, undone } = deps;
  let waiting: Waiting[] = [];
  let numbers = 0;
  const now = (): number => clock.now().getTime();

  function drop(message: Waiting, why: Undone | null): void {
    message.cancel();
    waiting = waiting.filter((other) => other !== message);
    if (why !== null) undone(message, why);
  }

  /** By the clock as well: the timers of a machine that slept are behind. */
  function isOver({ name, at }: Waiting): boolean {
    return now() - at >= keptMs[name];
  }

  function watch(message: Waiting): void {
    const late = clock.after(lateMs, () => {
      if (!message.taken && !isOver(message)) undone(message, 'late');
    });
    const over = clock.after(keptMs[message.name], () => drop(message, message.taken ? 'stopped' : 'expired'));
    message.cancel = () => {
      late();
      over();
    };
  }

  return {
    tell(name, carried) {
      numbers += 1;
      const message = { name, carried, number: numbers, at: now(), taken: false, cancel: () => undefined } as Waiting;
      waiting.push(message);
      if (Number.isFinite(keptMs[name])) watch(message);
      nudge(name);
    },
    take(name) {
      const due: PageMessage[] = [];
      for (const message of waiting.filter((one) => one.name === name && !one.taken)) {
        if (isOver(message)) {
          drop(message, 'expired');
          continue;
        }
        message.taken = true;
        due.push({ number: message.number, carried: message.carried });
      }
      return due;
    },
    did(number) {
      const message = waiting.find((one) => one.number === number);
      if (message !== undefined) drop(message, null);
    },
    left() {
      for (const message of waiting.filter(({ taken }) => taken)) {
        // How far it came nobody knows; what is the same when it is done twice goes to the next page.
        if (isRepeatable(message)) message.taken = false;
        else drop(message, 'stopped');
      }
    },
    forget(name) {
      for (const message of waiting.filter((one) => one.name === name))
        drop(message, message.taken ? 'parted' : 'gone');
    },
  };
}

/** A second escalation would page somebody else. */
function isRepeatable(message: Told): boolean {
  return message.name === 'openPath' || (message.name === 'answer' && message.carried.kind === 'acknowledge');
}
