import { expect, it } from 'vitest';
import { duration } from '#server/modules/postmortems/duration.ts';

it.each([
  [0, '0 s'],
  [2_700, '2 s'],
  [59_999, '59 s'],
  [12 * 60_000 + 30_900, '12 min 30 s'],
  [60 * 60_000 - 1, '59 min 59 s'],
  [2 * 3_600_000 + 5 * 60_000 + 59_999, '2 h 5 min'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
  [76 * 3_600_000, '3 d 4 h'],
])('%i ms is %s in the Markdown of a review, as on the screen', (ms, words) => {
  expect(duration(ms)).toBe(words);
});
