// Whether a silence or an inhibition holds a step that is due.
import { subjectOf } from '#server/expressions/route-subject.ts';
import { addTimeline } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { plus, type Work } from '#server/modules/escalation/turn-work.ts';
import { holdWords } from '#server/modules/escalation/words.ts';
import type { HoldInput } from '#server/modules/routing/decide-hold.ts';

/** A held incident is looked at again so often. */
const heldLookMs = 5_000;

/** The held state, or null when nothing holds it. */
export function hold(work: Work, state: EscalationState, now: string): EscalationState | null {
  const { facts, turning, deps } = work;
  const { incident, world } = facts;
  const subject = subjectOf(incident);
  const inhibitions = world.config.list('inhibition');
  const input: HoldInput = {
    incidentId: incident.id,
    subject,
    firing: incident.firing,
    suppressed: incident.suppressed,
    silences: world.silences.map((silence) => ({ ...silence, suppresses: incident.suppressedBy[silence.id] ?? 0 })),
    inhibitions,
    causes: deps.causesOf(inhibitions, incident, subject, world.open),
  };
  const output = deps.decisions.hold(input);
  const again = plus(now, heldLookMs);
  // Still held for the same reason: nothing new to write down.
  if (output.held && state.status === 'held' && state.reason === output.text) return { ...state, nextAt: again };
  turning.trace.decide('hold', input, holdWords);
  if (!output.held) return null;
  addTimeline(turning, 'Its pages are held', output.text);
  return { ...state, status: 'held', reason: output.text, nextAt: again };
}
