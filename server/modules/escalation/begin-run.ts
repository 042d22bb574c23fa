// A run begins: its route, its policy, where in the policy, and which channels hear of it.
import { subjectOf } from '#server/expressions/route-subject.ts';
import { severityInWords } from '#server/contract/severity.ts';
import { stepInput } from '#server/modules/escalation/fire-step.ts';
import { addTimeline } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { plus, type Work } from '#server/modules/escalation/turn-work.ts';
import { routeWords } from '#server/modules/escalation/words.ts';

export interface Beginning {
  why: string;
  /** Without the hold of its route: a person asked for it. */
  atOnce: boolean;
  /** It opened, or is open again: every channel of its route hears of it. Else those that had not heard before. */
  opens: boolean;
}

export function begin(work: Work, state: EscalationState, { why, atOnce, opens }: Beginning): EscalationState {
  const { turning, facts } = work;
  const { trace, now, incident } = turning;
  const { title, severity, status } = incident;
  const facing = { incident: { number: incident.number, title, severity, status }, run: state.run + 1, why };
  trace.observe('trigger', facing, {
    title: `INC-${incident.number} ${title}, ${severityInWords(severity)}`,
    detail: why,
  });
  const route = decideRouting(work);
  const policy = route.policyId === null ? null : facts.world.config.get('policy', route.policyId);
  work.begun = true;
  work.tell = opens ? route.channelIds : newChannels(work, route.channelIds, state.routeId);
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

/**
 * Who asks for more help after an answer wants those who were not paged yet, as the button says; where no step is left,
 * the first one again.
 */
export function whereItStopped(work: Work, begun: EscalationState, before: EscalationState): EscalationState {
  const goesOn = before.status === 'stopped' && begun.status === 'waiting' && begun.policyId === before.policyId;
  if (!goesOn || before.stepId === null) return begun;
  const there = { ...begun, step: before.step, stepId: before.stepId, loop: before.loop };
  const policy = begun.policyId === null ? null : work.facts.world.config.get('policy', begun.policyId);
  if (policy === null || work.deps.decisions.step(stepInput(work, there, policy)).result !== 'fire') return begun;
  return there;
}

/** It grew worse while it pages: another policy begins anew, the same one goes on with the new priority. */
export function routeAgain(work: Work, state: EscalationState, before: EscalationState): EscalationState {
  const rose = `its severity rose from ${severityInWords(before.seen.severity)} to ${severityInWords(work.facts.incident.severity)}`;
  const route = decideRouting(work);
  if (route.policyId === before.policyId) return { ...state, routeId: route.routeId, priority: route.priority };
  return begin(work, state, { why: `${rose}, and its route chooses another policy`, atOnce: false, opens: false });
}

/** What stands in a channel about the incident is kept up to date: a new run of it is no second opening. */
function newChannels({ facts, turning }: Work, channelIds: string[], before: string | null): string[] {
  const { config } = facts.world;
  const told = new Set(before === null ? [] : (config.get('route', before)?.draft.channelIds ?? []));
  const again = channelIds.filter((id) => told.has(id));
  if (again.length > 0) {
    const names = again.map((id) => config.get('channel', id)?.draft.name ?? 'a deleted channel').join(', ');
    const words = {
      title: `Not told again: ${names}`,
      detail: 'told when it opened; what stands there is kept up to date',
    };
    turning.trace.observe('trigger', { notToldAgain: again }, words);
  }
  return channelIds.filter((id) => !told.has(id));
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
