import { TRPCClientError } from '@trpc/client';
import { expect, it } from 'vitest';
import { apiFailure } from './client.ts';

function refusal(message: string, data: object): TRPCClientError<never> {
  return TRPCClientError.from({
    error: { message, code: -32_004, data: { httpStatus: 404, traceId: 'abc', ...data } },
  });
}

it('says of a procedure that an older center does not have what to do, not what it is called', () => {
  const missing = apiFailure(
    refusal('No procedure found on path "insights.next"', { code: 'NOT_FOUND', appCode: null }),
  );
  expect(missing).toMatchObject({ status: 404, traceId: 'abc', unreachable: false });
  expect(missing.message).toMatch(/older than this client/);
});

it('leaves its own words to a center that does not find a thing', () => {
  const gone = apiFailure(refusal('This incident is gone.', { code: 'NOT_FOUND', appCode: 'not-found' }));
  expect([gone.code, gone.message]).toEqual(['not-found', 'This incident is gone.']);
});
