import { type PermissionRole, roleAtLeast } from '#server/contract/people.ts';

/** Teams that may see something; null is everyone. */
export type Audience = readonly string[] | null;

/** Stand in an audience like teams: everybody who may be paged, and those who only look. */
export const respondersAudience = '00000000-0000-4000-8000-000000000001';
export const viewersAudience = '00000000-0000-4000-8000-000000000002';

/** The teams of a reader, and the audience of the role. */
export function audiencesOf(reader: { role: PermissionRole; teamIds: readonly string[] }): string[] {
  return [...reader.teamIds, roleAtLeast(reader.role, 'responder') ? respondersAudience : viewersAudience];
}

/** True when somebody who could see it before cannot any more. */
export function isNarrowed(before: Audience, after: Audience): boolean {
  return after !== null && (before === null || before.some((team) => !after.includes(team)));
}

/** True when somebody who could not see it before can now. */
export function isWidened(before: Audience, after: Audience): boolean {
  return isNarrowed(after, before);
}

export function canSee(audience: Audience, teamIds: readonly string[]): boolean {
  return audience === null || audience.some((team) => teamIds.includes(team));
}

export function sameAudience(a: Audience, b: Audience): boolean {
  return !isNarrowed(a, b) && !isNarrowed(b, a);
}
