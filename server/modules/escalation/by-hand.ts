// A person escalates: the next step now, or somebody named.
import { begin } from '#server/modules/escalation/begin-run.ts';
import { stepInput } from '#server/modules/escalation/fire-step.ts';
import { isRunning } from '#server/modules/escalation/notice.ts';
import { addTimeline, pageTargets } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState, Forced } from '#server/modules/escalation/state.ts';
import type { Work } from '#server/modules/escalation/turn-work.ts';
import { stepWords } from '#server/modules/escalation/words.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';

export function escalateByHand(work: Work, state: EscalationState, forced: Forced): EscalationState {
  const { turning } = work;
  const { trace, now, incident } = turning;
  const { by, byName, target } = forced;
  const actor = { id: by, name: byName };
  const over = incident.status === 'resolved' || incident.status === 'mitigated';
  const but = over ? `; the incident is ${incident.status} by then, so nobody is paged` : '';
  noteWish(trace, forced, but);
  if (over) return state;
  const byHand = `escalated by hand by ${byName}${viaWords(forced)}`;
  if (target === null) {
    const next = isRunning(state) ? fromTheFirstIfDone(work, state, byName) : state;
    if (!isRunning(next)) return next;
    addTimeline(turning, `${byName} escalated to the next step`, null, actor);
    work.byHand = byHand;
    return { ...next, status: 'waiting', nextAt: now };
  }
  const step = { run: Math.max(1, state.run), step: state.step, loop: state.loop, policyId: state.policyId };
  const pages = { ...step, priority: 'important', dueAt: now, late: false, name: byHand } as const;
  const paged = pageTargets(turning, [target], pages, [], byName);
  if (paged === 0) addTimeline(turning, `${byName} escalated, and that reached nobody`, null, actor);
  return { ...state, run: step.run };
}

/** What was asked for, and why it is not done where it is not. */
export function noteWish(trace: Pick<Trace<Decisions>, 'observe'>, forced: Forced, but: string): void {
  const { by, byName, target } = forced;
  const what = target === null ? 'the next step now' : `a ${target.type} now`;
  const detail = `${what}${viaWords(forced)}${but}`;
  trace.observe('forced', { ...forced }, { title: `${byName} escalated`, detail }, { userId: by });
}

/** Who asks for help gets somebody: after the last step that is a new run, not its end. */
function fromTheFirstIfDone(work: Work, state: EscalationState, byName: string): EscalationState {
  const policy = state.policyId === null ? null : work.facts.world.config.get('policy', state.policyId);
  if (policy === null) return state;
  const input = stepInput(work, state, policy);
  if (work.deps.decisions.step(input).result !== 'exhausted') return state;
  const { name, steps } = policy.draft;
  work.turning.trace.decide('step', input, (output) => stepWords(output, { name, steps: steps.length }));
  return begin(work, state, { why: `${byName} asked for it after the last step`, atOnce: true, opens: false });
}

function viaWords({ via }: Forced): string {
  return via === undefined || via === null ? '' : ` via ${via}`;
}
