import { expect, test } from 'vitest';
import { addressKey, createRateLimit } from '#server/api/rate-limit.ts';
import { createFakeClock } from '#server/testkit/clock.ts';

test('never more than the limit in any stretch of the window', () => {
  const clock = createFakeClock(0);
  const limit = createRateLimit({ clock, limit: 5, windowMs: 60_000 });
  const taken: number[] = [];
  for (let at = 0; at < 600_000; at += 700) {
    if (limit.take('a') === 0) taken.push(at);
    clock.advance(700);
  }
  for (const start of taken)
    expect(taken.filter((at) => at >= start && at < start + 60_000).length).toBeLessThanOrEqual(5);
  expect(taken.length).toBeGreaterThanOrEqual(45);
});

test('says how long to wait, and takes places back', () => {
  const clock = createFakeClock(0);
  const limit = createRateLimit({ clock, limit: 2, windowMs: 60_000 });
  limit.take('a');
  clock.advance(20_000);
  limit.take('a');
  expect(limit.take('a')).toBe(40);
  expect(limit.take('b')).toBe(0);
  limit.giveBack('a');
  expect(limit.take('a')).toBe(0);
});

test('an IPv6 network of one customer is one caller', () => {
  expect(addressKey('203.0.113.9')).toBe('203.0.113.9');
  expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('2001:db8:1:2::1'));
  expect(addressKey('2001:db8:1:3::1')).not.toBe(addressKey('2001:db8:1:2::1'));
  expect(addressKey('::1')).toBe('0:0:0:0');
});
