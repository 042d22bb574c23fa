import type { CenterProcess, ForkCenter } from './host.ts';

export interface FakeLocal {
  fork: ForkCenter;
  /** Every process that was started, the newest last. */
  started: {
    port: number;
    dataDir: string;
    asked: 'nothing' | 'stop' | 'kill';
    ready(): void;
    exit(why: string): void;
  }[];
}

/** Processes of a center that do what a test says. */
export function createFakeLocal(): FakeLocal {
  const started: FakeLocal['started'] = [];
  return {
    started,
    fork({ port, dataDir }) {
      let onReady: Parameters<CenterProcess['onReady']>[0] = () => undefined;
      let onExit: Parameters<CenterProcess['onExit']>[0] = () => undefined;
      const one: FakeLocal['started'][number] = {
        port,
        dataDir,
        asked: 'nothing',
        ready: () => onReady(`http://127.0.0.1:${port}`, 'one-time'),
        exit: (why) => onExit(why),
      };
      started.push(one);
      return {
        onReady(listener) {
          onReady = listener;
        },
        onExit(listener) {
          onExit = listener;
        },
        stop() {
          one.asked = 'stop';
        },
        kill() {
          one.asked = 'kill';
          onExit('killed');
        },
      };
    },
  };
}
