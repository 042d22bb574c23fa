// Web Locks and a BroadcastChannel between windows of one test, over its own clock.
import type { Channel, Locks, WindowMessage } from '../replica/windows/windows.ts';
import type { FakeTimers } from './fake-timers.ts';

interface Holder {
  end: () => void;
  owner: object;
}

interface Waiter {
  grant: () => void;
  owner: object;
}

export interface FakeMachine {
  /** The locks as one window sees them, and its end of the channel. */
  window(): { locks: Locks; channel: Channel; kill: () => void; freeze: () => void };
}

export function createFakeMachine(timers: Pick<FakeTimers, 'after'>): FakeMachine {
  let holder: Holder | null = null;
  let queue: Waiter[] = [];
  const ends = new Set<{ hear: (message: WindowMessage) => void }>();

  function next(): void {
    if (holder !== null) return;
    const first = queue.shift();
    first?.grant();
  }

  return {
    window() {
      const owner = {};
      let alive = true;
      let frozen = false;
      let listener: (message: WindowMessage) => void = () => undefined;
      const end = { hear: (message: WindowMessage) => (alive && !frozen ? listener(message) : undefined) };
      ends.add(end);
      const run = async (held: (lock: unknown) => Promise<void> | void): Promise<void> => {
        let stolen = false;
        const lost = new Promise<void>((_resolve, reject) => {
          holder = {
            owner,
            end: () => {
              stolen = true;
              reject(new Error('the lock was taken'));
            },
          };
        });
        const mine = holder;
        try {
          await Promise.race([held({}), lost]);
        } finally {
          if (!stolen && holder === mine) {
            holder = null;
            next();
          }
        }
      };
      const locks: Locks = {
        async request(_name, options, held) {
          if (options.steal === true) {
            holder?.end();
            holder = null;
            return run(held);
          }
          if (holder === null) return run(held);
          if (options.ifAvailable === true) return held(null);
          return new Promise<void>((resolve, reject) => {
            const waiter: Waiter = { owner, grant: () => void run(held).then(resolve, reject) };
            queue.push(waiter);
            options.signal?.addEventListener('abort', () => {
              queue = queue.filter((other) => other !== waiter);
              reject(new Error('aborted'));
            });
          });
        },
      };
      const channel: Channel = {
        post(message) {
          if (!alive || frozen) return;
          const copy = structuredClone(message);
          for (const other of ends) if (other !== end) timers.after(1, () => other.hear(copy));
        },
        listen: (hear) => {
          listener = hear;
        },
        close: () => ends.delete(end),
      };
      return {
        locks,
        channel,
        kill() {
          alive = false;
          ends.delete(end);
          queue = queue.filter((waiter) => waiter.owner !== owner);
          if (holder?.owner !== owner) return;
          holder = null;
          next();
        },
        freeze() {
          frozen = true;
        },
      };
    },
  };
}
