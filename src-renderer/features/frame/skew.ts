/** From here on a clock time that somebody reads off this machine means another minute than it says. */
const shownFromMs = 60_000;

/** What there is to say of the difference between the clocks; to the minute, so that the words stand still. */
export function skewShown(offsetMs: number): { minutes: number; way: 'ahead' | 'behind' } | null {
  if (Math.abs(offsetMs) < shownFromMs) return null;
  return { minutes: Math.round(Math.abs(offsetMs) / 60_000), way: offsetMs < 0 ? 'ahead' : 'behind' };
}
