import { expect, test } from 'vitest';
import { isOtherPast } from '#server/modules/replica/starts.ts';

const start = (at: string, xid: string, cluster = 'a') => ({ at: `2026-11-22T${at}:00.000Z`, xid, cluster });
const heard = (at: string) => `2026-11-22T${at}:00.000Z`;
const now = heard('14:00');

test('a place that was told before a start lies below it', () => {
  const starts = [start('10:00', '100'), start('12:00', '500')];
  expect(isOtherPast(starts, '400.7', heard('11:00'), now)).toBe(false);
  expect(isOtherPast(starts, '500.0', heard('11:59'), now)).toBe(false);
  expect(isOtherPast(starts, '900.0', heard('12:30'), now)).toBe(false);
});

test('one that lies above it was told by a future that a backup has undone, however far this one has come since', () => {
  // Backup of 9:00, changes until 11:00, restored at 12:00 and started twice.
  const starts = [start('08:00', '100'), start('12:00', '200'), start('13:00', '9000')];
  expect(isOtherPast(starts, '300.0', heard('11:00'), now)).toBe(true);
  expect(isOtherPast(starts, '200.1', heard('11:00'), now)).toBe(true);
  expect(isOtherPast(starts, '300.0', heard('12:10'), now)).toBe(false);
});

test('in another PostgreSQL, which counts otherwise, nothing told before counts', () => {
  const starts = [start('08:00', '100'), start('12:00', '90000', 'b')];
  expect(isOtherPast(starts, '300.0', heard('11:00'), now)).toBe(true);
  expect(isOtherPast(starts, '90001.0', heard('12:30'), now)).toBe(false);
});

test('clocks of two servers may differ a little', () => {
  expect(isOtherPast([start('12:00', '500')], '501.0', '2026-11-22T11:59:59.500Z', now)).toBe(false);
});

test('a start that was noted by a clock which ran ahead, and was then set right, makes nobody start over all the time', () => {
  const starts = [start('08:00', '100'), start('16:00', '200', 'b')];
  expect(isOtherPast(starts, '300.0', heard('13:59'), now)).toBe(false);
  expect(isOtherPast(starts, '300.0', heard('16:10'), heard('16:11'))).toBe(false);
});
