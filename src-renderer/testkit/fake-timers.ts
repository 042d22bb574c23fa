/** A clock whose timers run when the test says so, in order of their due time. */
export interface FakeTimers {
  now(): number;
  after(ms: number, callback: () => void): () => void;
  /** Runs everything due within `ms`, letting promises settle between. */
  advance(ms: number): Promise<void>;
}

export function createFakeTimers(startMs: number, settle: () => Promise<void> = settleOnce): FakeTimers {
  let time = startMs;
  let next = 1;
  const timers = new Map<number, { at: number; callback: () => void }>();
  return {
    now: () => time,
    after(ms, callback) {
      const key = next++;
      timers.set(key, { at: time + Math.max(0, ms), callback });
      return () => timers.delete(key);
    },
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        let due: [number, { at: number; callback: () => void }] | null = null;
        for (const entry of timers) if (entry[1].at <= end && (due === null || entry[1].at < due[1].at)) due = entry;
        if (due === null) break;
        timers.delete(due[0]);
        time = Math.max(time, due[1].at);
        due[1].callback();
        await settle();
      }
      time = end;
    },
  };
}

async function settleOnce(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
