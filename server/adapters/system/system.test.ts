import { describe, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createStderrLogger } from '#server/adapters/system/logger.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const noon = Date.parse('2026-11-21T12:00:00.000Z');

describe('ids', () => {
  test('are UUIDv7 of the clock, all different, and grow even within a millisecond and when the clock is set back', () => {
    const clock = createFakeClock(noon);
    const random = createSystemRandom(clock);
    const ids = Array.from({ length: 5_000 }, () => random.uuid());
    clock.set(noon - 3_600_000);
    ids.push(random.uuid());
    expect(new Set(ids).size).toBe(5_001);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(ids[0]?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(noon);
  });

  test('a seed gives the same values again, another seed others', () => {
    const draw = (seed: number) => {
      const random = createSeededRandom(seed, createFakeClock(noon));
      return [random.number(), random.uuid(), [...random.bytes(4)].join(' ')];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('numbers fill [0, 1)', () => {
    const random = createSystemRandom(createSystemClock());
    const numbers = Array.from({ length: 10_000 }, () => random.number());
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((sum, number) => sum + number, 0) / 10_000).toBeCloseTo(0.5, 1);
  });
});

describe('fake clock', () => {
  test('runs timers in the order of their time, also those set on the way, and leaves them alone when the wall clock is set', () => {
    const clock = createFakeClock(noon);
    const ran: string[] = [];
    clock.setTimer(20, () => ran.push('second'));
    clock.setTimer(10, () => {
      ran.push(`first at ${clock.now() - noon}`);
      clock.setTimer(5, () => ran.push('on the way'));
    });
    clock.setTimer(15, () => ran.push('cancelled'))();
    clock.set(noon + 1_000_000);
    clock.set(noon);
    clock.advance(30);
    expect(ran).toEqual(['first at 10', 'on the way', 'second']);
    expect(clock.now()).toBe(noon + 30);
  });
});

describe('sleep', () => {
  test('ends early when it is called off', async () => {
    const clock = createSystemClock();
    const stop = new AbortController();
    const begun = clock.monotonic();
    const sleeping = clock.sleep(10_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(10_000, stop.signal);
    expect(clock.monotonic() - begun).toBeLessThan(1_000);
  });
});

describe('log', () => {
  test('writes one JSON object a line, with bound fields and errors, from its level on', () => {
    const lines: string[] = [];
    const logger = createStderrLogger('info', createFakeClock(noon), (line) => lines.push(line));
    logger.debug('too small');
    logger.child({ part: 'log' }).warn('lost', { error: new Error('cause\nin two lines'), count: 2 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      at: '2026-11-21T12:00:00.000Z',
      level: 'warn',
      message: 'lost',
      part: 'log',
      count: 2,
      error: { message: 'cause\nin two lines' },
    });
  });
});
