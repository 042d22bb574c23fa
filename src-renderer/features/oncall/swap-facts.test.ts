import { describe, expect, it } from 'vitest';
import type { Swap } from '#server/contract/schedule.ts';
import { openSwaps, swapSide } from './swap-facts.ts';

const now = Date.parse('2026-11-21T14:00:00.000Z');
const swap = (id: string, change: Partial<Swap>): Swap => ({
  id,
  version: 1,
  findings: [],
  updatedAt: '2026-11-20T00:00:00.000Z',
  updatedBy: null,
  origin: 'ui',
  scheduleId: 'schedule',
  fromUserId: 'diego',
  toUserId: null,
  give: { startsAt: '2026-11-22T08:00:00.000Z', endsAt: '2026-11-22T20:00:00.000Z' },
  takeBack: null,
  reason: '',
  status: 'asked',
  answeredAt: null,
  ...change,
});

describe('swap requests', () => {
  it('that ask me come first; answered ones and those of yesterday are gone', () => {
    const all = [
      swap('other', { toUserId: 'kenji' }),
      swap('mine', { fromUserId: 'me' }),
      swap('open', {}),
      swap('to me', { toUserId: 'me' }),
      swap('done', { status: 'accepted' }),
      swap('over', { give: { startsAt: '2026-11-20T08:00:00.000Z', endsAt: '2026-11-20T20:00:00.000Z' } }),
    ];
    expect(openSwaps(all, 'me', now).map(({ id }) => id)).toEqual(['to me', 'open', 'mine', 'other']);
  });

  it('are answered by whom they ask, and withdrawn by who asks', () => {
    expect(swapSide(swap('a', { toUserId: 'me' }), 'me', false)).toBe('asked');
    expect(swapSide(swap('a', {}), 'me', false)).toBe('asked');
    expect(swapSide(swap('a', { fromUserId: 'me' }), 'me', false)).toBe('asking');
    expect(swapSide(swap('a', { toUserId: 'kenji' }), 'me', false)).toBe('other');
  });
});
