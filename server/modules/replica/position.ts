// A place in the change feed: transaction id and sequence, as decimal text, because both can exceed a double.
import { FeedPosition } from '#server/contract/replica.ts';

export const firstPosition: FeedPosition = '0.0';

export function comparePositions(a: FeedPosition, b: FeedPosition): number {
  const [axid = '0', aseq = '0'] = a.split('.');
  const [bxid = '0', bseq = '0'] = b.split('.');
  return compareDecimals(axid, bxid) || compareDecimals(aseq, bseq);
}

export function splitPosition(position: FeedPosition): [xid: string, seq: string] {
  const [xid = '0', seq = '0'] = position.split('.');
  return [xid, seq];
}

function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
