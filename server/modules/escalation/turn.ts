// One look at one incident's paging: what happened to it, what is due, whom that pages, and what comes next. A function
// of values: everything it knows is handed in, everything it decides goes through the trace.
import type { TimelineEntry } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import { begin, routeAgain, whereItStopped } from '#server/modules/escalation/begin-run.ts';
import { escalateByHand } from '#server/modules/escalation/by-hand.ts';
import type { StopInput } from '#server/modules/escalation/decide-stop.ts';
import { fireDue } from '#server/modules/escalation/fire-due.ts';
import { waitsForHours } from '#server/modules/escalation/fire-step.ts';
import { isRunning, seenOf } from '#server/modules/escalation/notice.ts';
import type { FiringStep, Turning } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import type { PagingFacts, TurnDeps, Work } from '#server/modules/escalation/turn-work.ts';
import { stopWords } from '#server/modules/escalation/words.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';

export interface TurnResult {
  next: EscalationState;
  /** Clients see a difference. */
  shown: boolean;
  /** Each with its pages; a page of none was asked for by hand. */
  steps: FiringStep[];
  /** Page numbers are 0 until the store gives them. */
  pages: PageState[];
  notifications: NotificationState[];
  timeline: TimelineEntry[];
  /** Channels that are told of a run that began. */
  tell: string[];
  /** What the route says the incident counts for, when its alerts name nothing. */
  service: string | null;
}

export function decideTurn(
  facts: PagingFacts,
  state: EscalationState,
  now: string,
  trace: Trace<Decisions>,
  deps: TurnDeps,
): TurnResult {
  const { incident, world } = facts;
  const made = { pages: [], silent: new Set<string>(), notifications: [], timeline: [] };
  const turning: Turning = { incident, world, trace, now, parts: deps, ...made };
  const work: Work = {
    facts,
    turning,
    deps,
    begun: false,
    byHand: null,
    steps: [],
    tell: [],
    service: null,
    unanswered: 0,
    usualAt: null,
  };
  const forced = state.forced;
  let next: EscalationState = {
    ...state,
    changed: false,
    forced: null,
    seen: seenOf(incident),
    audience: incident.restrictedTo,
  };

  const input = stopInput(facts, state);
  const stop = deps.decisions.stop(input);
  const forcedStep = forced !== null && forced.target === null;
  if (stop.action === 'stop') {
    trace.decide('stop', input, stopWords);
    next = { ...next, status: 'stopped', reason: stop.text, nextAt: null, acknowledgedBy: stop.acknowledgedBy };
  } else if (stop.action === 'begin') {
    trace.decide('stop', input, stopWords);
    const opens = stop.cause === 'opened' || stop.cause === 'reopened';
    next = begin(work, next, { why: stop.text, atOnce: forcedStep, opens });
  } else if (stop.action === 'rest') {
    next.nextAt = null;
    if (forcedStep && incident.status !== 'resolved' && incident.status !== 'mitigated') {
      const wish = { why: `${forced.byName} asked for it`, atOnce: true, opens: state.run === 0 };
      next = whereItStopped(work, begin(work, next, wish), state);
    }
  } else if (severityRank(incident.severity) < severityRank(state.seen.severity)) {
    next = routeAgain(work, next, state);
  }

  if (forced !== null) next = escalateByHand(work, next, forced);
  if (isRunning(next)) next = fireDue(work, next, now);
  const shown = isDifferent(state, next) || turning.pages.length > 0;
  return {
    next: shown ? { ...next, version: state.version + 1 } : next,
    shown,
    steps: work.steps,
    pages: turning.pages,
    notifications: turning.notifications,
    timeline: turning.timeline,
    tell: incident.restrictedTo === null ? work.tell : [],
    service: work.service,
  };
}

function stopInput({ incident, world }: PagingFacts, state: EscalationState): StopInput {
  const { status, severity, alertCount } = incident;
  const { run, acknowledgedBy, acknowledgementsNeeded } = state;
  const policy = state.policyId === null ? null : world.config.get('policy', state.policyId);
  return {
    incident: { status, severity, alertCount },
    seen: { status: state.seen.status, severity: state.seen.severity, alertCount: state.seen.alertCount },
    paging: { status: state.status, run, acknowledgedBy, acknowledgementsNeeded },
    pageAgain: policy?.draft.pageAgain ?? 'severity-rises',
    acknowledgement: null,
  };
}

const shownFields = [
  'run',
  'status',
  'reason',
  'routeId',
  'policyId',
  'policyVersion',
  'priority',
  'step',
  'stepCount',
  'loop',
  'acknowledgementsNeeded',
] as const;

function isDifferent(before: EscalationState, after: EscalationState): boolean {
  if (shownFields.some((field) => before[field] !== after[field])) return true;
  if (before.acknowledgedBy.length !== after.acknowledgedBy.length) return true;
  // A held row's next look is nothing that anybody waits for.
  return before.nextAt !== after.nextAt && after.status === 'waiting' && !waitsForHours(after);
}
