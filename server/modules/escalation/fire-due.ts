// Fires what is due of a run, and sees to it that a run which tells nobody tells the administrators.
import type { StoredDocument } from '#server/modules/config/state.ts';
import { fallBack } from '#server/modules/escalation/fallback.ts';
import { oneStep, waitsForHours } from '#server/modules/escalation/fire-step.ts';
import { hold } from '#server/modules/escalation/hold-run.ts';
import { isRunning } from '#server/modules/escalation/notice.ts';
import { addTimeline } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { plus, toldSince, type Work } from '#server/modules/escalation/turn-work.ts';

/** Nobody to page is asked about again no sooner than this. */
const nobodyLookMs = 60_000;
/** Overdue steps of one turn; what a center that was down for weeks missed beyond that is left out. */
const overdueMax = 300;

/** Overdue steps go one after the other, and everybody gets one page for all of them. */
export function fireDue(work: Work, state: EscalationState, now: string): EscalationState {
  const due = state.nextAt !== null && state.nextAt <= now;
  if (!due && state.status !== 'held') return state;
  const held = work.byHand === null ? hold(work, state, now) : null;
  if (held !== null) return held;
  let next = state.status === 'held' ? { ...state, status: 'waiting' as const, nextAt: now } : state;
  if (state.status === 'held') addTimeline(work.turning, 'Nothing holds its pages any more', state.reason);

  for (let fired = 0; isRunning(next) && next.nextAt !== null && next.nextAt <= now; fired += 1) {
    const policy = next.policyId === null ? null : work.facts.world.config.get('policy', next.policyId);
    if (policy === null) {
      return withoutPolicy(work, next, now);
    }
    if (fired >= overdueMax) return { ...next, nextAt: plus(now, 60_000) };
    const before = work.turning.pages.length;
    next = oneStep(work, next, policy, now);
    if (toldSince(work, before) > 0) work.unanswered = 0;
    if (toldSince(work, 0) > 0 || next.status === 'nobody' || waitsForHours(next)) continue;
    const wholeRound = work.unanswered >= policy.draft.steps.length;
    // One that begins in its midst is over before it was around; and who escalates by hand gets somebody.
    const nobodyAtAll = (work.begun || work.byHand !== null) && next.status === 'exhausted';
    if (wholeRound || nobodyAtAll) return roundOfNobody(work, next, policy, now);
  }
  return next;
}

/**
 * The administrators hear of it, and the run goes on while its policy repeats: a gap of some minutes between two shifts
 * must not end what was to go on until somebody answers.
 */
function roundOfNobody(
  work: Work,
  state: EscalationState,
  policy: StoredDocument<'policy'>,
  now: string,
): EscalationState {
  const { name, repeat } = policy.draft;
  const held = work.turning.silent.size > 0;
  const why = held ? `do-not-disturb holds everybody whom ${name} reaches` : `no step of ${name} reaches anybody`;
  const fallen = fallBack(work.turning, state, why, work.steps);
  if (!isRunning(state) || (repeat !== null && state.loop > repeat)) return fallen;
  const soonest = plus(now, nobodyLookMs);
  const nextAt = work.usualAt !== null && work.usualAt > soonest ? work.usualAt : soonest;
  return { ...fallen, status: 'waiting', nextAt };
}

/** One that cannot be read comes back with the next save or version of Tocsin; one that is gone does not. */
function withoutPolicy(work: Work, state: EscalationState, now: string): EscalationState {
  const { turning, facts } = work;
  const lost = facts.world.config.unreadable?.find(({ kind, id }) => kind === 'policy' && id === state.policyId);
  if (lost !== undefined) {
    const fallen = fallBack(turning, state, `its policy ${lost.name} cannot be read`, work.steps);
    return { ...fallen, status: 'waiting', nextAt: plus(now, nobodyLookMs) };
  }
  const why = state.routeId === null ? 'no route took it' : 'its policy was deleted';
  return fallBack(turning, state, why, work.steps);
}
