import type { ActionOf } from '#server/contract/intent.ts';
import type { FollowUp, Postmortem } from '#server/contract/postmortem.ts';

const parts = [
  ['summary', 'summary'],
  ['causes', 'causes'],
  ['wentWell', 'what went well'],
  ['wentBadly', 'what went badly'],
] as const;

export type EditDecision =
  | { outcome: 'noop' }
  /** `replaced` are another person's words that this edit, made from an older copy, overwrote. */
  | { outcome: 'applied'; next: Postmortem; replaced: string | null };

/** The last one to write wins; nobody's words are lost, because what an older copy overwrites goes on the timeline. */
export function decideEdit(
  current: Postmortem | null,
  action: ActionOf<'postmortem.edit'>,
  facts: { userId: string; at: string; baseVersion: number | null; newId: string; incidentId: string },
): EditDecision {
  const { summary, causes, wentWell, wentBadly } = action;
  const followUps = action.followUps.filter(
    (followUp, place) => action.followUps.findIndex((other) => other.id === followUp.id) === place,
  );
  const next: Postmortem = {
    id: current?.id ?? facts.newId,
    version: (current?.version ?? 0) + 1,
    incidentId: facts.incidentId,
    summary,
    causes,
    wentWell,
    wentBadly,
    followUps,
    updatedAt: facts.at,
    updatedBy: facts.userId,
    state: current?.state ?? 'draft',
  };
  if (current === null) return { outcome: 'applied', next, replaced: null };
  const textChanged = parts.filter(([part]) => current[part] !== next[part]);
  if (textChanged.length === 0 && sameFollowUps(current.followUps, followUps)) return { outcome: 'noop' };
  const stale = facts.baseVersion !== null && current.version > facts.baseVersion;
  const words = textChanged
    .filter(([part]) => current[part] !== '')
    .map(([part, title]) => `${title}: ${current[part]}`);
  const gone = current.followUps.filter((followUp) => !followUps.some((other) => other.id === followUp.id));
  words.push(...gone.map((followUp) => `follow-up: ${followUp.title}`));
  return { outcome: 'applied', next, replaced: stale && words.length > 0 ? words.join('\n') : null };
}

function sameFollowUps(a: readonly FollowUp[], b: readonly FollowUp[]): boolean {
  const key = ({ id, title, ownerId, dueAt, doneAt }: FollowUp) => JSON.stringify([id, title, ownerId, dueAt, doneAt]);
  return a.length === b.length && a.every((followUp, place) => key(followUp) === key(b[place]!));
}
