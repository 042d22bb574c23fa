// A backup that is put back is another past: the changes made after it was taken are gone, and the places in the feed
// that they had are given once more. Where this database stood at each start of a server tells the two apart.
import { z } from 'zod';
import type { FeedPosition } from '#server/contract/replica.ts';
import { comparePositions } from '#server/modules/replica/position.ts';

export const FeedStart = z.object({
  at: z.string(),
  /** Every place that was handed out until then is below it. */
  xid: z.string(),
  /** Of PostgreSQL itself, where another one counts its transactions anew, and of the feed's table, which a dump makes anew. */
  cluster: z.string(),
});
export type FeedStart = z.infer<typeof FeedStart>;

/** Clocks of two servers differ by less. */
const jitterMs = 1_000;

/**
 * Whether a reader, who heard the server last at `heardAt` with this place, heard it in another past: whoever was told a
 * place before a start has one from below that start. A start that is yet to come was noted by a clock that ran ahead: by
 * it, all that is told from now on until then would be of another past, and each reader start over again and again.
 */
export function isOtherPast(
  starts: readonly FeedStart[],
  position: FeedPosition,
  heardAt: string,
  now: string,
): boolean {
  const before = Date.parse(heardAt) + jitterMs;
  return starts.some(
    ({ at, xid, cluster }, index) =>
      before < Date.parse(at) &&
      Date.parse(at) <= Date.parse(now) &&
      (comparePositions(position, `${xid}.0`) > 0 || (starts[index - 1]?.cluster ?? cluster) !== cluster),
  );
}
