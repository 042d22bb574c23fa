// The quiet hours of a person's profile: what is no page is muted on the screen as it is on the phone (UX.md 4). Pure.
import type { Responder } from '#server/contract/responder.ts';
import { localTime } from './zone-time.ts';

/** In the person's own zone; from 22:00 to 07:00 is a night, from and to the same is the whole day. */
export function isQuietAt(profile: Pick<Responder, 'quietHours' | 'timeZone'> | undefined, atMs: number): boolean {
  if (profile === undefined || profile.quietHours === null) return false;
  const { from, to } = profile.quietHours;
  const time = localTime(profile.timeZone, atMs);
  return from < to ? time >= from && time < to : time >= from || time < to;
}
