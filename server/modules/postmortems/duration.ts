import { durationParts } from '#server/contract/duration-parts.ts';

/** `41 s`, `12 min 30 s`, `2 h 5 min`, `3 d 4 h`: to the unit what the screen shows. */
export function duration(ms: number): string {
  return durationParts(ms)
    .map(({ count, unit }) => `${count} ${unit}`)
    .join(' ');
}
