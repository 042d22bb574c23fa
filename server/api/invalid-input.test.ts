import { expect, it } from 'vitest';
import { z } from 'zod';
import { invalidInputMessage } from '#server/api/invalid-input.ts';
import { Id } from '#server/contract/primitives.ts';

const said = (id: unknown) => invalidInputMessage(z.object({ id: Id }).safeParse({ id }).error!);

it('says of an id that was cut off what one looks like, and what to do', () => {
  expect(said('019a0000-0000-7000-80')).toBe(
    'The input is not valid. id: not a whole id: one has 36 characters, as in 019a0000-0000-7000-8000-0000000000ff. Copy all of it again from where it was written',
  );
  expect(said(undefined)).not.toContain('36 characters');
});
