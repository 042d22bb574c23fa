import { expect, it } from 'vitest';
import { fetchedOnce } from './load-graph.ts';

it('fetches once, and asks again for what could not be fetched', async () => {
  let asked = 0;
  const load = fetchedOnce(async () => {
    asked += 1;
    if (asked === 1) throw new Error('no network');
    return 'picture';
  });
  await expect(load()).rejects.toThrow('no network');
  expect(await Promise.all([load(), load()])).toEqual(['picture', 'picture']);
  expect(await load()).toBe('picture');
  expect(asked).toBe(2);
});
