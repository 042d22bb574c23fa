import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inboxExceptionsMax } from '#server/contract/preference.ts';
import { allRead, isRead, type Marked, withRead } from './inbox-marks.ts';

const item = (minute: number): Marked => ({ key: `item ${minute}`, at: new Date(minute * 60_000).toISOString() });
const nothing = { readAt: null, except: [] };

it('all is read up to now, one is unread again, and what comes later is unread', () => {
  const marks = withRead(allRead(10 * 60_000), [item(3)], false);
  expect([1, 3, 10, 11].map((minute) => isRead(item(minute), marks))).toEqual([true, false, true, false]);
  expect(withRead(marks, [item(3)], true)).toEqual(allRead(10 * 60_000));
});

it('after any marking an item is as it was marked last', () => {
  const marking = fc.record({ minute: fc.nat(20), read: fc.boolean(), all: fc.boolean() });
  fc.assert(
    fc.property(fc.array(marking, { maxLength: 40 }), (markings) => {
      let marks: Parameters<typeof withRead>[0] = nothing;
      const last = new Map<number, boolean>();
      for (const { minute, read, all } of markings) {
        if (all) {
          marks = allRead(20 * 60_000);
          for (let each = 0; each <= 20; each += 1) last.set(each, true);
        } else {
          marks = withRead(marks, [item(minute)], read);
          last.set(minute, read);
        }
      }
      for (const [minute, read] of last) expect(isRead(item(minute), marks)).toBe(read);
    }),
  );
});

it('never grows beyond what is kept of a person', () => {
  const many = Array.from({ length: inboxExceptionsMax + 50 }, (_, minute) => item(minute));
  const { except } = withRead(nothing, many, true);
  expect(except).toHaveLength(inboxExceptionsMax);
  expect(except.at(-1)).toBe(many.at(-1)?.key);
});
