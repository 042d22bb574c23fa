import { expect, it } from 'vitest';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { createRowWriter } from './row-writer.ts';
import type { Commit } from '../storage.ts';

function setUp() {
  const timers = createFakeTimers(0);
  const stored: (string | null | undefined)[] = [];
  let full = false;
  const rows = createRowWriter({
    storage: {
      async commit({ position }: Commit) {
        await new Promise<void>((resolve) => timers.after(100, resolve));
        if (full) throw new Error('quota exceeded');
        stored.push(position);
      },
    },
    now: timers.now,
    after: timers.after,
    writes: () => true,
    total: () => 0,
  });
  return { timers, stored, rows, setFull: (now: boolean) => (full = now) };
}

it('under a stream that never rests, a flush waits for what is there and not for its end', async () => {
  const { timers, stored, rows } = setUp();
  let place = 0;
  const hear = (): void => {
    rows.write({ rows: [], position: String((place += 1)) });
    if (timers.now() < 10_000) timers.after(30, hear);
  };
  hear();
  await timers.advance(2_000);
  const asked = place;
  let flushed = 0;
  void rows.flush().then(() => (flushed = timers.now()));
  await timers.advance(8_000);
  expect([flushed > 0, flushed < 4_000]).toEqual([true, true]);
  expect(stored.filter((each) => Number(each) >= asked).length).toBeGreaterThan(0);
});

it('a flush fails as long as the disk refuses what waits', async () => {
  const { timers, stored, rows, setFull } = setUp();
  setFull(true);
  rows.write({ rows: [], position: '1' });
  const flush = rows.flush().then(
    () => 'stored',
    () => 'refused',
  );
  await timers.advance(1_000);
  expect(await flush).toBe('refused');
  await expect(rows.flush()).rejects.toThrow('refuses');
  setFull(false);
  rows.write({ rows: [], position: '2' });
  const flushed = rows.flush();
  await timers.advance(1_000);
  await flushed;
  expect(stored).toEqual(['2']);
});
