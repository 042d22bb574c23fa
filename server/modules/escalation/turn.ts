// One look at one incident's paging: what happened to it, what is due, whom that pages, and what comes next. A function
// of values: everything it knows is handed in, everything it decides goes through the trace.
import type { TimelineEntry } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import type { StepInput, StepOutput } from '#server/modules/escalation/decide-step.ts';
import type { StopInput } from '#server/modules/escalation/decide-stop.ts';
import { type PagedIncident, type PagingWorld, subjectOf } from '#server/modules/escalation/facts.ts';
import { fallBack } from '#server/modules/escalation/fallback.ts';
import { isRunning, seenOf } from '#server/modules/escalation/notice.ts';
import {
  addTimeline,
  pageTargets,
  type FiringStep,
  type StepOfPages,
  type Turning,
  type TurnParts,
} from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { holdWords, routeWords, stepWords, stopWords } from '#server/modules/escalation/words.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';
import type { HoldInput } from '#server/modules/routing/decide-hold.ts';
import type { causesOf } from '#server/modules/routing/inhibit.ts';

export interface PagingFacts {
  incident: PagedIncident;
  world: PagingWorld;
  /** Counters of round-robin steps by step id; raised as turns are taken. */
  turns: Map<string, number>;
}

export interface TurnDeps extends TurnParts {
  decisions: Pick<Decisions, 'stop' | 'hold' | 'step'>;
  causesOf: typeof causesOf;
}

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

/** A held incident is looked at again so often, and a policy that waits for its hours. */
export const heldLookMs = 5_000;
const hoursLookMs = 30_000;
export const lateMs = 30_000;
/** Nobody to page is asked about again no sooner than this. */
const nobodyLookMs = 60_000;
/** Overdue steps of one turn; what a center that was down for weeks missed beyond that is left out. */
const overdueMax = 300;

export function decideTurn(
  facts: PagingFacts,
  state: EscalationState,
  now: string,
  trace: Trace<Decisions>,
  deps: TurnDeps,
): TurnResult {
  const { incident, world } = facts;
  const turning: Turning = { incident, world, trace, now, parts: deps, pages: [], notifications: [], timeline: [] };
  const work: Work = {
    facts,
    turning,
    deps,
    begun: false,
    forced: false,
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
    next = begin(work, next, stop.text, forcedStep);
  } else if (stop.action === 'rest') {
    next.nextAt = null;
    if (forcedStep && incident.status !== 'resolved' && incident.status !== 'mitigated') {
      next = whereItStopped(begin(work, next, `${forced.byName} asked for it`, true), state);
    }
  } else if (severityRank(incident.severity) < severityRank(state.seen.severity)) {
    next = routeAgain(work, next, state);
  }

  if (forced !== null) next = force(work, next, forced);
  if (isRunning(next)) next = runDue(work, next, now);
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

interface Work {
  facts: PagingFacts;
  turning: Turning;
  deps: TurnDeps;
  /** A run began in this turn. */
  begun: boolean;
  /** The next step fires now, whatever the delay and whatever holds it. */
  forced: boolean;
  steps: FiringStep[];
  tell: string[];
  service: string | null;
  /** Steps asked one after the other that reached nobody, those passed over among them. */
  unanswered: number;
  /** When the next step would have been due, had the last one reached somebody. */
  usualAt: string | null;
}

function begin(work: Work, state: EscalationState, why: string, atOnce: boolean): EscalationState {
  const { turning, facts } = work;
  const { trace, now, incident } = turning;
  const { title, severity, status } = incident;
  const facing = { incident: { number: incident.number, title, severity, status }, run: state.run + 1, why };
  trace.observe('trigger', facing, { title: `INC-${incident.number} ${title}, ${severity}`, detail: why });
  const route = decideRouting(work);
  const policy = route.policyId === null ? null : facts.world.config.get('policy', route.policyId);
  work.begun = true;
  work.tell = route.channelIds;
  work.service = route.service === '' || incident.services.length > 0 ? null : route.service;
  const base = state.nextAt !== null && state.nextAt < now ? state.nextAt : now;
  const dueAt = atOnce ? now : plus(base, route.holdSeconds * 1_000);
  const begun: EscalationState = {
    ...state,
    run: state.run + 1,
    status: 'waiting',
    reason: why,
    routeId: route.routeId,
    policyId: route.policyId,
    policyVersion: policy?.version ?? null,
    priority: route.priority,
    step: 0,
    stepId: policy?.draft.steps[0]?.id ?? null,
    stepCount: policy?.draft.steps.length ?? 0,
    loop: 0,
    nextAt: dueAt,
    acknowledgedBy: [],
    acknowledgementsNeeded: policy?.draft.acknowledgementsNeeded ?? 1,
  };
  if (route.routeId !== null && route.policyId === null) {
    const reason = `the route “${route.name ?? ''}” pages nobody`;
    addTimeline(turning, 'Nobody is paged', reason);
    return { ...begun, status: 'nobody', reason, nextAt: null };
  }
  return begun;
}

/** Who asks for more help after an answer wants those who were not paged yet, as the button says. */
function whereItStopped(begun: EscalationState, before: EscalationState): EscalationState {
  const goesOn = before.status === 'stopped' && begun.status === 'waiting' && begun.policyId === before.policyId;
  if (!goesOn || before.stepId === null) return begun;
  return { ...begun, step: before.step, stepId: before.stepId, loop: before.loop };
}

function decideRouting({ facts, turning: { trace } }: Work) {
  const { config } = facts.world;
  const lost = config.unreadable?.filter((document) => document.kind === 'route') ?? [];
  if (lost.length > 0) {
    const names = lost.map((route) => route.name).join(', ');
    const words = { title: `Passed over, because they cannot be read: ${names}`, detail: lost[0]?.why ?? '' };
    trace.observe('trigger', { unreadable: lost.map((route) => route.id) }, words);
  }
  return trace.decide('route', { subject: subjectOf(facts.incident), routes: config.list('route') }, (route) => {
    const policy = route.policyId === null ? null : config.get('policy', route.policyId);
    return routeWords(route, policy === null ? null : { name: policy.draft.name, version: policy.version });
  });
}

/** It grew worse while it pages: another policy begins anew, the same one goes on with the new priority. */
function routeAgain(work: Work, state: EscalationState, before: EscalationState): EscalationState {
  const rose = `its severity rose from ${before.seen.severity} to ${work.facts.incident.severity}`;
  const route = decideRouting(work);
  if (route.policyId === before.policyId) return { ...state, routeId: route.routeId, priority: route.priority };
  return begin(work, state, `${rose}, and its route chooses another policy`, false);
}

function force(work: Work, state: EscalationState, forced: NonNullable<EscalationState['forced']>): EscalationState {
  const { turning } = work;
  const { trace, now, incident } = turning;
  const actor = { id: forced.by, name: forced.byName };
  const what = forced.target === null ? 'the next step now' : `a ${forced.target.type} now`;
  trace.observe('forced', { ...forced }, { title: `${forced.byName} escalated`, detail: what }, { userId: forced.by });
  if (incident.status === 'resolved') return state;
  if (forced.target === null) {
    if (!isRunning(state)) return state;
    addTimeline(turning, `${forced.byName} escalated to the next step`, null, actor);
    work.forced = true;
    return { ...state, status: 'waiting', nextAt: now };
  }
  const step = { run: Math.max(1, state.run), step: state.step, loop: state.loop, policyId: state.policyId };
  const name = `${forced.byName} escalated`;
  const paged = pageTargets(
    turning,
    [forced.target],
    { ...step, priority: 'important', dueAt: now, late: false, name },
    [],
  );
  if (paged === 0) addTimeline(turning, `${forced.byName} escalated, and that reached nobody`, null, actor);
  return { ...state, run: step.run };
}

/** Fires what is due. Overdue steps go one after the other, and everybody gets one page for all of them. */
function runDue(work: Work, state: EscalationState, now: string): EscalationState {
  const due = state.nextAt !== null && state.nextAt <= now;
  if (!due && state.status !== 'held') return state;
  const held = work.forced ? null : hold(work, state, now);
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
    if (work.turning.pages.length > before) work.unanswered = 0;
    const wholeRound = work.unanswered >= policy.draft.steps.length && work.turning.pages.length === 0;
    if (wholeRound && next.status !== 'nobody' && !waitsForHours(next)) return roundOfNobody(work, next, policy, now);
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
  const fallen = fallBack(work.turning, state, `no step of ${name} reaches anybody`, work.steps);
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

function hold(work: Work, state: EscalationState, now: string): EscalationState | null {
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

function oneStep(work: Work, state: EscalationState, policy: StoredDocument<'policy'>, now: string): EscalationState {
  const { facts, turning, deps } = work;
  const { incident, turns } = facts;
  const { name, steps } = policy.draft;
  const dueAt = state.nextAt ?? now;
  const input: StepInput = {
    policy,
    place: { stepId: state.stepId, index: state.step, loop: state.loop },
    severity: incident.severity,
    dueAt,
    at: now,
    turns: turnsOf(policy, turns),
  };
  const peek = deps.decisions.step(input);
  const asBefore = { policyVersion: policy.version, stepCount: steps.length };
  if (peek.result === 'none' && peek.until === 'hours' && waitsForHours(state)) {
    return { ...state, nextAt: plus(now, hoursLookMs) };
  }
  const step = turning.trace.decide('step', input, (output) => stepWords(output, { name, steps: steps.length }));
  work.unanswered += step.skipped.length;
  if (step.result === 'exhausted') {
    const reason = `every step of ${name} was done, and nobody acknowledged`;
    addTimeline(turning, 'Paging ran out', reason);
    return { ...state, ...asBefore, status: 'exhausted', reason, nextAt: null };
  }
  if (step.result === 'none') {
    const why = `no step of ${name} is for ${incident.severity}`;
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
  const pages: StepOfPages = {
    run,
    step: step.index,
    loop: step.loop,
    policyId: policy.id,
    priority: step.priority === 'by-route' ? state.priority : step.priority,
    dueAt,
    late: Date.parse(now) - Date.parse(dueAt) > lateMs,
    name: `step ${step.index + 1} of ${name}`,
  };
  let paged = pageTargets(turning, step.targets, pages, state.acknowledgedBy);
  // Whoever's turn it is may have left, or be off duty: then it is the next one's, not nobody's.
  for (let asked = 1; step.turn !== null && paged === 0 && asked < step.turn.of; asked += 1) {
    const next = turning.trace.decide('step', { ...input, turns: turnsOf(policy, turns) }, (output) =>
      stepWords(output, { name, steps: policy.draft.steps.length }),
    );
    if (next.result !== 'fire') break;
    turns.set(step.stepId, (turns.get(step.stepId) ?? 0) + 1);
    paged = pageTargets(turning, next.targets, pages, state.acknowledgedBy);
  }
  work.forced = false;
  work.unanswered += 1;
  work.usualAt = step.next?.dueAt ?? null;
  const pageIds = turning.pages.slice(pagedBefore).map((page) => page.id);
  work.steps.push({ ...key, dueAt, firedAt: now, pageIds });
  const reason = paged === 0 ? `${pages.name} reached nobody` : pages.name;
  if (step.next === null) {
    // The last step gets its wait too, so that who was paged by it has the time to answer.
    const nextAt = lastWait(policy, step, dueAt, paged);
    return { ...state, reason, step: 0, stepId: null, loop: step.loop + 1, nextAt };
  }
  const { place } = step.next;
  // Who was not there cannot be waited for.
  const nextAt = paged === 0 && turning.pages.length === 0 ? dueAt : step.next.dueAt;
  return { ...state, reason, step: place.index, stepId: place.stepId, loop: place.loop, nextAt };
}

function lastWait(policy: StoredDocument<'policy'>, step: { index: number }, dueAt: string, paged: number): string {
  return paged === 0 ? dueAt : plus(dueAt, (policy.draft.steps[step.index]?.delayMinutes ?? 0) * 60_000);
}

const hoursReason = 'no step of its policy is for this hour; it waits for the next';

function waitsForHours({ reason }: EscalationState): boolean {
  return reason === hoursReason;
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

function plus(at: string, ms: number): string {
  return ms === 0 ? at : new Date(Date.parse(at) + ms).toISOString();
}
