// The step of a run that is due: which one that is now, whom it pages, and when the one after it is.
import { severityInWords } from '#server/contract/severity.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import type { StepInput, StepOutput } from '#server/modules/escalation/decide-step.ts';
import { addTimeline, pageTargets, type StepOfPages } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { plus, toldSince, type Work } from '#server/modules/escalation/turn-work.ts';
import { stepWords } from '#server/modules/escalation/words.ts';

/** A policy that waits for its hours is looked at again so often. */
const hoursLookMs = 30_000;
const lateMs = 30_000;
const hoursReason = 'no step of its policy is for this hour; it waits for the next';

export function waitsForHours({ reason }: Pick<EscalationState, 'reason'>): boolean {
  return reason === hoursReason;
}

export function stepInput(
  { facts: { incident, turns }, turning: { now } }: Work,
  state: EscalationState,
  policy: StoredDocument<'policy'>,
): StepInput {
  return {
    policy,
    place: { stepId: state.stepId, index: state.step, loop: state.loop },
    severity: incident.severity,
    dueAt: state.nextAt ?? now,
    at: now,
    turns: turnsOf(policy, turns),
  };
}

export function oneStep(
  work: Work,
  state: EscalationState,
  policy: StoredDocument<'policy'>,
  now: string,
): EscalationState {
  const { facts, turning, deps } = work;
  const { name, steps } = policy.draft;
  const input = stepInput(work, state, policy);
  const asBefore = { policyVersion: policy.version, stepCount: steps.length };
  if (waitsForHours(state)) {
    const still = deps.decisions.step(input);
    if (still.result === 'none' && still.until === 'hours') return { ...state, nextAt: plus(now, hoursLookMs) };
  }
  const step = turning.trace.decide('step', input, (output) => stepWords(output, { name, steps: steps.length }));
  work.unanswered += step.skipped.length;
  if (step.result === 'exhausted') {
    const reason = `every step of ${name} was done, and nobody acknowledged`;
    addTimeline(turning, 'Paging ran out', reason);
    return { ...state, ...asBefore, status: 'exhausted', reason, nextAt: null };
  }
  if (step.result === 'none') {
    const why = `no step of ${name} is for ${severityInWords(facts.incident.severity)}`;
    if (step.until === 'severity') {
      addTimeline(turning, 'Nobody is paged', why);
      return { ...state, ...asBefore, status: 'nobody', reason: why, nextAt: null };
    }
    addTimeline(turning, 'Nobody is paged yet', `${why} at this hour`);
    return { ...state, ...asBefore, reason: hoursReason, nextAt: plus(now, hoursLookMs) };
  }
  return fireStep(work, { ...state, ...asBefore }, policy, step, input, now);
}

function turnsOf(policy: StoredDocument<'policy'>, turns: ReadonlyMap<string, number>): Record<string, number> {
  const inTurn = policy.draft.steps.filter((step) => step.roundRobin);
  return Object.fromEntries(inTurn.map((step) => [step.id, turns.get(step.id) ?? 0]));
}

function fireStep(
  work: Work,
  state: EscalationState,
  policy: StoredDocument<'policy'>,
  step: Extract<StepOutput, { result: 'fire' }>,
  input: StepInput,
  now: string,
): EscalationState {
  const { dueAt } = input;
  const { facts, turning } = work;
  const { incident, turns } = facts;
  const { name } = policy.draft;
  if (step.turn !== null) turns.set(step.stepId, (turns.get(step.stepId) ?? 0) + 1);
  const { run } = state;
  const key = { incidentId: incident.id, run, policyVersion: policy.version, stepId: step.stepId, loop: step.loop };
  const pagedBefore = turning.pages.length;
  const stepName = `step ${step.index + 1} of ${name}`;
  const pages: StepOfPages = {
    run,
    step: step.index,
    loop: step.loop,
    policyId: policy.id,
    priority: step.priority === 'by-route' ? state.priority : step.priority,
    dueAt,
    late: Date.parse(now) - Date.parse(dueAt) > lateMs,
    name: work.byHand === null ? stepName : `${stepName}, ${work.byHand}`,
  };
  let paged = pageTargets(turning, step.targets, pages, state.acknowledgedBy);
  const told = () => toldSince(work, pagedBefore);
  // Whoever's turn it is may have left, or be off duty: then it is the next one's, not nobody's.
  for (let asked = 1; step.turn !== null && told() === 0 && asked < step.turn.of; asked += 1) {
    const next = turning.trace.decide('step', { ...input, turns: turnsOf(policy, turns) }, (output) =>
      stepWords(output, { name, steps: policy.draft.steps.length }),
    );
    if (next.result !== 'fire') break;
    turns.set(step.stepId, (turns.get(step.stepId) ?? 0) + 1);
    paged += pageTargets(turning, next.targets, pages, state.acknowledgedBy);
  }
  work.unanswered += 1;
  work.usualAt = step.next?.dueAt ?? null;
  const pageIds = turning.pages.slice(pagedBefore).map((page) => page.id);
  work.steps.push({ ...key, dueAt, firedAt: now, pageIds });
  const passed = told() === 0;
  if (passed && paged > 0) tellHeld(work, step, pageIds);
  const reason = paged === 0 ? `${stepName} reached nobody` : passed ? `${stepName} told nobody` : stepName;
  // Who was not there cannot be waited for. After the last step of a round that is held, the next round would ask the same
  // people at once; but a run that has told nobody at all, or is asked for by hand, does not wait.
  const endsRound = step.next === null || step.next.place.loop > step.loop;
  const waits = endsRound && paged > 0 && !work.begun && work.byHand === null;
  const atOnce = toldSince(work, 0) === 0 && !waits;
  if (step.next === null) {
    // The last step gets its wait too, so that who was told by it has the time to answer.
    const wait = paged === 0 || atOnce ? 0 : (policy.draft.steps[step.index]?.delayMinutes ?? 0) * 60_000;
    return { ...state, reason, step: 0, stepId: null, loop: step.loop + 1, nextAt: plus(dueAt, wait) };
  }
  const { place } = step.next;
  const nextAt = atOnce ? dueAt : step.next.dueAt;
  return { ...state, reason, step: place.index, stepId: place.stepId, loop: place.loop, nextAt };
}

/** Their pages stand until they may be disturbed; the next step does not wait for that. */
function tellHeld({ turning }: Work, step: Extract<StepOutput, { result: 'fire' }>, pageIds: string[]): void {
  const title = `Do-not-disturb holds everybody of step ${step.index + 1}`;
  const detail = step.next === null ? 'It was the last step.' : 'The next step is due now.';
  const { stepId, index, loop } = step;
  turning.trace.observe('trigger', { stepId, step: index, loop, pageIds }, { title, detail });
  addTimeline(turning, title, detail);
}
