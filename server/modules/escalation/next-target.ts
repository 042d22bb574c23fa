import type { PagingConfig } from '#server/modules/config/state.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';

export interface NextTargetFacts {
  config: PagingConfig;
  names: ReadonlyMap<string, string>;
  /** Who is on call on a schedule at that instant. */
  onCall(scheduleId: string, at: string): string[];
}

/** Whom the next step pages, in words: "Ben Okri (payments-secondary)"; null when there is no next step. */
export function nextTargetInWords(
  state: Pick<EscalationState, 'policyId' | 'stepId' | 'nextAt'> | null,
  at: string,
  { config, names, onCall }: NextTargetFacts,
): string | null {
  if (state === null || state.policyId === null) return null;
  const steps = config.get('policy', state.policyId)?.draft.steps ?? [];
  const step = steps.find(({ id }) => id === state.stepId) ?? steps[0];
  if (step === undefined) return null;
  const nameOf = (userId: string) => names.get(userId) ?? 'somebody';
  const words = step.targets.map(({ type, id }) => {
    if (type === 'user') return nameOf(id);
    if (type === 'team') return names.get(id) ?? 'a team';
    if (type === 'channel') return config.get('channel', id)?.draft.name ?? 'a channel';
    const schedule = config.get('schedule', id)?.draft.name ?? 'a schedule';
    const people = onCall(id, state.nextAt !== null && state.nextAt > at ? state.nextAt : at);
    return people.length === 0 ? `nobody (${schedule})` : `${people.map(nameOf).join(', ')} (${schedule})`;
  });
  return words.join(', ');
}
