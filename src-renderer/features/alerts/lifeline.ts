// The 60-minute column: how many of a row's alerts were firing, moment by moment. Nothing in it is guessed.
import type { Alert } from '#server/contract/alert.ts';

export const lifelineMinutes = 60;

/** How many were firing at each of `points` moments of the hour, the last one now. */
export function firingCounts(
  alerts: readonly Pick<Alert, 'firstSeenAt' | 'resolvedAt'>[],
  nowMs: number,
  points: number,
): number[] {
  const spanMs = lifelineMinutes * 60_000;
  const startMs = nowMs - spanMs;
  const changes = Array.from({ length: points + 1 }, () => 0);
  const step = spanMs / (points - 1);
  const pointAt = (ms: number): number => Math.max(0, Math.min(points, Math.ceil((ms - startMs) / step)));
  for (const alert of alerts) {
    const from = pointAt(Date.parse(alert.firstSeenAt));
    const to = alert.resolvedAt === null ? points : pointAt(Date.parse(alert.resolvedAt));
    changes[from] = (changes[from] as number) + 1;
    changes[to] = (changes[to] as number) - 1;
  }
  let running = 0;
  return changes.slice(0, points).map((change) => {
    running += change;
    return running;
  });
}
