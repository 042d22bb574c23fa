// Which step of a policy comes now, and when the one after it. Pure.
import type { EscalationStep, Target } from '#server/contract/policy.ts';
import type { Severity } from '#server/contract/severity.ts';
import { severityInWords } from '#server/contract/severity.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { isWorkingTime } from '#server/modules/escalation/working-hours.ts';

/** Where a run stands: the step that comes next, by its id, and the repeat it belongs to. */
export interface Place {
  stepId: string | null;
  /** Where it was when last looked at, for the case that it was deleted. */
  index: number;
  loop: number;
}

export interface StepInput {
  policy: StoredDocument<'policy'>;
  place: Place;
  severity: Severity;
  /** When the step was due; the wait to the next one counts from here, so lateness does not add up. */
  dueAt: string;
  /** Now: what working hours are asked about. */
  at: string;
  /** How often each round-robin step had its turn before, by step id. */
  turns: Record<string, number>;
}

export interface SkippedStep {
  stepId: string;
  index: number;
  why: string;
}

export type StepOutput =
  | {
      result: 'fire';
      stepId: string;
      index: number;
      loop: number;
      /** All targets, or the one whose turn it is. */
      targets: Target[];
      /** Of a round-robin step: which of how many. */
      turn: { index: number; of: number } | null;
      priority: EscalationStep['priority'];
      skipped: SkippedStep[];
      /** Null when this was the last one. */
      next: { place: { stepId: string; index: number; loop: number }; dueAt: string } | null;
    }
  /** Every step and repeat was done. */
  | { result: 'exhausted'; skipped: SkippedStep[] }
  /** No step is for this severity at this hour. `hours`: one will be when the working hours change. */
  | { result: 'none'; until: 'hours' | 'severity'; skipped: SkippedStep[] };

/** Between two repeats there is at least this, whatever the delays say. */
const shortestLoopMs = 60_000;

export function decideStep({ policy, place, severity, dueAt, at, turns }: StepInput): StepOutput {
  const { steps, repeat, workingHours } = policy.draft;
  const start = findPlace(steps, place);
  if (isPast(repeat, start.loop)) return { result: 'exhausted', skipped: [] };

  const skipped: SkippedStep[] = [];
  const within = workingHours === null ? null : isWorkingTime(workingHours, at);
  let { index, loop } = start;
  // Once around is enough to have asked every step.
  for (let asked = 0; asked < steps.length; asked += 1) {
    const step = steps[index]!;
    const why = whyNot(step, severity, within);
    if (why === null) return fire(policy, step, index, loop, dueAt, turns, skipped);
    skipped.push({ stepId: step.id, index, why });
    index += 1;
    if (index < steps.length) continue;
    index = 0;
    loop += 1;
    if (isPast(repeat, loop)) {
      // Steps before the place were not asked; in an earlier repeat they had their turn.
      if (start.loop > 0 || asked + 1 < steps.length) return { result: 'exhausted', skipped };
      break;
    }
  }
  const byHours = steps.some((step) => isForSeverity(step, severity));
  return { result: 'none', until: byHours ? 'hours' : 'severity', skipped };
}

function fire(
  policy: StoredDocument<'policy'>,
  step: EscalationStep,
  index: number,
  loop: number,
  dueAt: string,
  turns: Record<string, number>,
  skipped: SkippedStep[],
): StepOutput {
  const { steps, repeat } = policy.draft;
  const turn = step.roundRobin ? { index: (turns[step.id] ?? 0) % step.targets.length, of: step.targets.length } : null;
  const isLast = index === steps.length - 1;
  const nextLoop = isLast ? loop + 1 : loop;
  const nextIndex = isLast ? 0 : index + 1;
  const total = steps.reduce((sum, other) => sum + other.delayMinutes, 0);
  const waitMs = Math.max(step.delayMinutes * 60_000, isLast && total === 0 ? shortestLoopMs : 0);
  return {
    result: 'fire',
    stepId: step.id,
    index,
    loop,
    targets: turn === null ? [...step.targets] : [step.targets[turn.index]!],
    turn,
    priority: step.priority,
    skipped,
    next: isPast(repeat, nextLoop)
      ? null
      : {
          place: { stepId: steps[nextIndex]!.id, index: nextIndex, loop: nextLoop },
          dueAt: new Date(Date.parse(dueAt) + waitMs).toISOString(),
        },
  };
}

/** By its id; a step that was deleted gives its place to the one now there, else to the next repeat. */
function findPlace(steps: readonly EscalationStep[], { stepId, index, loop }: Place): { index: number; loop: number } {
  const found = stepId === null ? -1 : steps.findIndex((step) => step.id === stepId);
  if (found >= 0) return { index: found, loop };
  return index < steps.length ? { index, loop } : { index: 0, loop: loop + 1 };
}

function isPast(repeat: number | null, loop: number): boolean {
  return repeat !== null && loop > repeat;
}

function isForSeverity({ when }: EscalationStep, severity: Severity): boolean {
  return when.severities.length === 0 || when.severities.includes(severity);
}

/** `within` is null when the policy has no working hours: then every hour is one. */
function whyNot(step: EscalationStep, severity: Severity, within: boolean | null): string | null {
  if (!isForSeverity(step, severity))
    return `it is for ${step.when.severities.map(severityInWords).join(', ')}, and this is ${severityInWords(severity)}`;
  if (step.when.hours === 'working' && within === false) return 'it is for working hours, and these are not';
  if (step.when.hours === 'outside' && within !== false) return 'it is for outside working hours, and these are not';
  return null;
}
