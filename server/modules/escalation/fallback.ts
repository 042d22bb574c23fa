// When the ordinary way pages nobody or fails: everyone who could do something about it is told. Never silent (R5).
import type { PagedPerson } from '#server/modules/escalation/facts.ts';
import {
  addPage,
  addPlanned,
  addTimeline,
  type StepOfPages,
  type Turning,
} from '#server/modules/escalation/paging-step.ts';
import type { EscalationState, FiredStep } from '#server/modules/escalation/state.ts';
import type { PlannedNotification } from '#server/modules/notify/state.ts';

/** In place of a step's id in the key: the fallback of a run fires once. */
const fallbackStepId = '00000000-0000-4000-8000-00000000fa11';

/** Pages the administrators, each in every way they have; of a restricted incident the people who may see it. */
export function fallBack(
  turning: Turning,
  state: EscalationState,
  why: string,
  steps: FiredStep[],
  options: { decides: boolean } = { decides: true },
): EscalationState {
  const { incident, world, now, trace, parts } = turning;
  const people = fallbackPeople(turning);
  const step: StepOfPages = {
    run: state.run,
    step: state.step,
    loop: state.loop,
    policyId: state.policyId,
    priority: 'important',
    dueAt: now,
    late: false,
    name: why,
  };
  const names = people.map((person) => person.name);
  const facts = { why, people: people.map((person) => person.id) };
  const detail = names.length === 0 ? 'There is nobody to page' : names.join(', ');
  trace.observe('trigger', facts, { title: `Paging fell back: ${why}`, detail });
  steps.push({
    incidentId: incident.id,
    run: state.run,
    policyVersion: 0,
    stepId: fallbackStepId,
    loop: 0,
    dueAt: now,
    firedAt: now,
  });
  const role = incident.restrictedTo === null ? 'administrator' : 'member of its teams';
  for (const { id, name } of people) {
    const target = { type: 'user', id, responder: world.config.get('responder', id) } as const;
    if (options.decides) addPage(turning, target, name, role, step, [desktop(now)]);
    else addPlanned(turning, parts.newId(), target, `${why}; ${role}`, step, [desktop(now)]);
  }
  const channelId = world.fallbackChannelId;
  if (channelId !== null && incident.restrictedTo === null && options.decides) {
    addPage(turning, { type: 'channel', id: channelId }, 'the fallback channel', 'fallback channel', step);
  }
  addTimeline(turning, names.length === 0 ? 'Nobody could be paged' : `Paged ${names.join(', ')} instead`, why);
  return { ...state, status: 'nobody', reason: why, nextAt: null };
}

function fallbackPeople({ incident, world }: Turning): PagedPerson[] {
  const { restrictedTo } = incident;
  const wanted = (person: PagedPerson) =>
    restrictedTo === null ? person.role === 'admin' : restrictedTo.some((team) => person.teamIds.includes(team));
  return [...world.people.values()].filter((person) => !person.disabled && wanted(person));
}

function desktop(at: string): PlannedNotification {
  return { methodId: null, channelId: null, via: 'desktop', label: 'desktop', place: 0, dueAt: at };
}
