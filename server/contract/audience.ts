/** Teams that may see something; null is everyone. */
export type Audience = readonly string[] | null;

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
