import type { Swap } from '#server/contract/schedule.ts';

/** Still to be answered, and not over: those that ask me first, then by when the shift begins. */
export function openSwaps(swaps: Iterable<Swap>, me: string, nowMs: number): Swap[] {
  const now = new Date(nowMs).toISOString();
  const rank = (swap: Swap): number =>
    swap.toUserId === me ? 0 : swap.fromUserId === me ? 2 : swap.toUserId === null ? 1 : 3;
  return [...swaps]
    .filter((swap) => swap.status === 'asked' && swap.give.endsAt > now)
    .toSorted((a, b) => rank(a) - rank(b) || (a.give.startsAt < b.give.startsAt ? -1 : 1));
}

/** What I can do about a request: answer it, withdraw it, or only see it. */
export function swapSide(swap: Swap, me: string, manages: boolean): 'asked' | 'asking' | 'other' {
  if (swap.fromUserId === me) return 'asking';
  if (swap.toUserId === me || swap.toUserId === null) return 'asked';
  return manages ? 'asking' : 'other';
}
