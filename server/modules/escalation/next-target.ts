// Whom escalating by hand would page at this moment, in words for a button. Asks the same decision as the turn does.
import { severityInWords } from '#server/contract/severity.ts';
import type { Target } from '#server/contract/policy.ts';
import type { PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { decideStep, type Place, type StepOutput } from '#server/modules/escalation/decide-step.ts';
import { isRunning } from '#server/modules/escalation/notice.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { inWords } from '#server/modules/escalation/words.ts';

export interface NextTargetFacts {
  config: PagingConfig;
  people: ReadonlyMap<string, { name: string; disabled: boolean; teamIds: readonly string[] }>;
  teams: ReadonlyMap<string, { name: string }>;
  /** Who is on call on a schedule at that instant. */
  onCall(scheduleId: string, at: string): string[];
}

type Standing = Pick<
  EscalationState,
  | 'run'
  | 'status'
  | 'reason'
  | 'routeId'
  | 'policyId'
  | 'step'
  | 'stepId'
  | 'loop'
  | 'acknowledgedBy'
  | 'seen'
  | 'fallbackRun'
  | 'audience'
>;

/**
 * Follows "Escalate to": "Ben Okri (payments-secondary)"; after the last step "…, from the first step again"; where no
 * step reaches anybody, who is paged instead. Null: it is not known yet.
 */
export function nextTargetInWords(state: Standing | null, at: string, facts: NextTargetFacts): string | null {
  if (state === null || state.run === 0) return null;
  const policy = state.policyId === null ? null : facts.config.get('policy', state.policyId);
  if (policy === null) {
    const pagesNobody = state.routeId !== null && state.policyId === null;
    return pagesNobody ? `nobody: ${state.reason}` : insteadOf(state, 'it has no policy', !isRunning(state));
  }
  const ask = (place: Place) => decideStep({ policy, place, severity: state.seen.severity, dueAt: at, at, turns: {} });
  const here = { stepId: state.stepId, index: state.step, loop: state.loop };
  const goesOn = isRunning(state) || (state.status === 'stopped' && state.stepId !== null);
  const left = goesOn ? ask(here).result : 'exhausted';
  const again = left === 'exhausted' || (left === 'none' && !isRunning(state));
  const { name, steps } = policy.draft;
  let place: Place = again ? { stepId: null, index: 0, loop: 0 } : here;
  for (let asked = 0; asked < steps.length; asked += 1) {
    const step = ask(place);
    if (step.result === 'none') return `nobody: no step of ${name} is for ${severityInWords(state.seen.severity)} now`;
    if (step.result === 'exhausted') break;
    const answered = isRunning(state) && !again ? state.acknowledgedBy : [];
    const reached = reachedBy(step, policy, at, answered, facts);
    if (reached !== null) return again ? `${reached}, from the first step again` : reached;
    if (step.next === null) break;
    place = step.next.place;
  }
  return insteadOf(state, `no step of ${name} reaches anybody now`, again || !isRunning(state));
}

function insteadOf({ run, fallbackRun, audience }: Standing, why: string, newRun: boolean): string {
  const whom = audience === null ? 'every administrator' : 'everybody of its teams';
  if (fallbackRun === run && !newRun) return `nobody: ${why}, and ${whom} was paged already`;
  return `${whom}, because ${why}`;
}

/** Null when nobody is there: then the step is passed over. */
function reachedBy(
  step: Extract<StepOutput, { result: 'fire' }>,
  policy: StoredDocument<'policy'>,
  at: string,
  answered: readonly string[],
  facts: NextTargetFacts,
): string | null {
  // Whose turn it is, is known when it fires.
  const targets = step.turn === null ? step.targets : (policy.draft.steps[step.index]?.targets ?? step.targets);
  const words = targets.flatMap((target) => wordsOf(target, at, answered, facts));
  if (words.length === 0) return null;
  return step.turn !== null && words.length > 1 ? `one of ${inWords(words)}` : inWords(words);
}

function wordsOf(
  { type, id }: Target,
  at: string,
  answered: readonly string[],
  { config, people, teams, onCall }: NextTargetFacts,
): string[] {
  const reached = (ids: readonly string[]) =>
    ids.flatMap((userId) => {
      const person = people.get(userId);
      return person === undefined || person.disabled || answered.includes(userId) ? [] : [person.name];
    });
  switch (type) {
    case 'user':
      return reached([id]);
    case 'channel': {
      const channel = config.get('channel', id);
      return channel === null || !channel.draft.enabled ? [] : [channel.draft.name];
    }
    case 'team': {
      const members = [...people].flatMap(([userId, { teamIds }]) => (teamIds.includes(id) ? [userId] : []));
      return reached(members).length === 0 ? [] : [teams.get(id)?.name ?? 'a team'];
    }
    case 'schedule': {
      const names = reached(onCall(id, at));
      return names.length === 0
        ? []
        : [`${inWords(names)} (${config.get('schedule', id)?.draft.name ?? 'a schedule'})`];
    }
  }
}
