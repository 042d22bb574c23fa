// When the ordinary way pages nobody or fails: everyone who could do something about it is told. Never silent (R5).
import type { PagedPerson } from '#server/modules/escalation/facts.ts';
import {
  addPage,
  addPlanned,
  addTimeline,
  type FiringStep,
  type StepOfPages,
  type Turning,
} from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import type { PlannedNotification } from '#server/modules/notify/state.ts';

/** In place of a step's id in the key: the fallback of a run fires once. */
const fallbackStepId = '00000000-0000-4000-8000-00000000fa11';

/**
 * Pages the administrators, each in every way they have; of a restricted incident the people who may see it. Once a run:
 * after that it only says why. Without `decides` no decision is asked, so that none can fail: desktop, and the channel.
 */
export function fallBack(
  turning: Turning,
  state: EscalationState,
  why: string,
  steps: FiringStep[],
  options: { decides: boolean } = { decides: true },
): EscalationState {
  const { incident, now, trace, pages } = turning;
  const fallen = { ...state, status: 'nobody', reason: why, nextAt: null, fallbackRun: state.run } as const;
  if (state.fallbackRun === state.run) return fallen;
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
  const pagedBefore = pages.length;
  tellPeople(turning, people, step, options.decides);
  if (incident.restrictedTo === null) tellChannel(turning, step, options.decides);
  steps.push({
    incidentId: incident.id,
    run: state.run,
    policyVersion: 0,
    stepId: fallbackStepId,
    loop: 0,
    dueAt: now,
    firedAt: now,
    pageIds: pages.slice(pagedBefore).map((page) => page.id),
  });
  addTimeline(turning, names.length === 0 ? 'Nobody could be paged' : `Paged ${names.join(', ')} instead`, why);
  return fallen;
}

function tellPeople(turning: Turning, people: readonly PagedPerson[], step: StepOfPages, decides: boolean): void {
  const { world, parts, incident, now } = turning;
  const role = incident.restrictedTo === null ? 'administrator' : 'member of its teams';
  for (const { id, name } of people) {
    if (decides) {
      const target = { type: 'user', id, responder: world.config.get('responder', id) } as const;
      addPage(turning, target, name, role, step, [desktop(now)]);
    } else {
      const target = { type: 'user', id, responder: null } as const;
      addPlanned(turning, parts.newId(), target, `${step.name}; ${role}`, step, [desktop(now)]);
    }
  }
}

function tellChannel(turning: Turning, step: StepOfPages, decides: boolean): void {
  const { world, parts, now } = turning;
  const id = world.fallbackChannelId;
  if (id === null) return;
  const target = { type: 'channel', id } as const;
  if (decides) {
    addPage(turning, target, 'the fallback channel', 'fallback channel', step);
    return;
  }
  // Its id is all that is known; the sender finds the channel by it.
  const way = { methodId: null, channelId: id, via: 'webhook', label: 'the fallback channel', place: 0, dueAt: now };
  addPlanned(turning, parts.newId(), target, `${step.name}; fallback channel`, step, [way as PlannedNotification]);
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
