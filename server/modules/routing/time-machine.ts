// The paging time machine: whom the incidents that really came would have paged under some configuration. Pure; the
// decisions are those of the real thing, handed in. docs/time-machine.md says what is simplified.
import type { TrialPage } from '#server/contract/paging-trial.ts';
import type { Target } from '#server/contract/policy.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { RouteSubject } from '#server/expressions/cel.ts';
import type { PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import type { decideRecipients, RecipientPerson } from '#server/modules/escalation/decide-recipients.ts';
import type { decideStep, Place } from '#server/modules/escalation/decide-step.ts';
import { findRoute, priorityOf } from '#server/modules/routing/decide-route.ts';
import { causesOf, hasInhibitions, inhibitedBy, type OpenIncident } from '#server/modules/routing/inhibit.ts';
import { createAgenda } from '#server/modules/routing/agenda.ts';

/** An incident as it really was. */
export interface PastIncident {
  id: string;
  number: number;
  title: string;
  /** The one it had last. */
  severity: Severity;
  startedAt: string;
  /** Each person's first acknowledgement, in order. */
  acknowledgements: readonly { userId: string | null; at: string }[];
  /** Mitigated or resolved; null while it is open. */
  endedAt: string | null;
  restrictedTo: string[] | null;
  subject: RouteSubject;
}

export interface TrialWorld {
  config: PagingConfig;
  people: readonly RecipientPerson[];
  teams: readonly { id: string; name: string; memberIds: string[] }[];
  /** Who is on call on the schedule at that instant. */
  onCall(scheduleId: string, at: string): string[];
  decideStep: typeof decideStep;
  decideRecipients: typeof decideRecipients;
}

export interface TrialOutcome {
  pages: TrialPage[];
  reason: string;
}

/** "Until acknowledged" would page for weeks where nobody ever did. */
const pagesMax = 100;
const stepsMax = 300;
/** When no step is for this hour, the hour is asked about again so much later. */
const hourMs = 3_600_000;
const stretch = 500;
const noTurns: Record<string, number> = {};
const nobodyNow = { userIds: [], channelIds: [] };

interface Run {
  incident: PastIncident;
  outcome: TrialOutcome;
  policy: StoredDocument<'policy'>;
  place: Place;
  dueAt: string;
  steps: number;
  heldBy: string | null;
}

/** By incident id. `incidents` are oldest first; `until` is when the replay ends. */
export async function replayPaging(
  world: TrialWorld,
  incidents: readonly PastIncident[],
  until: string,
  breathe: () => Promise<void> = async () => {},
): Promise<Map<string, TrialOutcome>> {
  const { config } = world;
  const routes = config.list('route');
  const inhibitions = config.list('inhibition');
  const inhibits = hasInhibitions(inhibitions);
  const agenda = createAgenda<Run>();
  const held = new Set<Run>();
  const open = new Map<string, OpenIncident & { endedAt: string }>();
  const turns = new Map<string, Record<string, number>>();
  const find = createFinders(world);
  const policies = new Map(config.list('policy').items.map((policy) => [policy.id, policy]));
  const reasons = new Map<string, string>();
  const outcomes = new Map<string, TrialOutcome>();

  const begin = (incident: PastIncident): void => {
    const outcome: TrialOutcome = { pages: [], reason: '' };
    outcomes.set(incident.id, outcome);
    const { id, number, title, subject, startedAt } = incident;
    if (inhibits)
      open.set(id, {
        incidentId: id,
        number,
        title,
        subject,
        held: false,
        restrictedTo: incident.restrictedTo,
        endedAt: incident.endedAt ?? '9999',
      });
    const at = findRoute(routes, subject);
    const route = at === null ? undefined : routes.items[at];
    const policy = policies.get(route?.draft.policyId ?? '') ?? null;
    if (route === undefined) outcome.reason = 'no route takes it';
    else if (policy === null) outcome.reason = `route ${(at ?? 0) + 1} “${route.draft.name}” pages nobody`;
    else {
      const priority = priorityOf(route, subject);
      const key = `${priority} ${at}`;
      outcome.reason =
        reasons.get(key) ?? `route ${(at ?? 0) + 1} “${route.draft.name}”, policy “${policy.draft.name}”, ${priority}`;
      reasons.set(key, outcome.reason);
      const dueAt = later(startedAt, route.draft.holdSeconds * 1_000);
      const place = { stepId: null, index: 0, loop: 0 };
      agenda.add(dueAt, { incident, outcome, policy, place, dueAt, steps: 0, heldBy: null });
    }
  };

  const step = (run: Run, at: string): void => {
    const { incident, outcome, policy } = run;
    const stopAt = stopOf(incident, policy.draft.acknowledgementsNeeded);
    if (at >= stopAt) {
      if (outcome.pages.length === 0) outcome.reason += '; it was answered or over before the first step';
      return;
    }
    if (run.steps >= stepsMax || outcome.pages.length >= pagesMax) return;
    if (isHeld(run)) {
      held.add(run);
      return;
    }
    run.steps += 1;
    const policyTurns = turns.get(policy.id) ?? noTurns;
    const decided = world.decideStep({
      policy,
      place: run.place,
      severity: incident.severity,
      dueAt: run.dueAt,
      at,
      turns: policyTurns,
    });
    if (decided.result === 'exhausted') return;
    if (decided.result === 'none') {
      if (decided.until === 'hours') reschedule(run, later(at, hourMs));
      else if (outcome.pages.length === 0) outcome.reason += '; no step is for this severity';
      return;
    }
    if (decided.turn !== null)
      turns.set(policy.id, { ...policyTurns, [decided.stepId]: (policyTurns[decided.stepId] ?? 0) + 1 });
    const acknowledgedBy = incident.acknowledgements.flatMap((ack) =>
      ack.at <= at && ack.userId !== null ? [ack.userId] : [],
    );
    const { targets } = decided;
    const { restrictedTo } = incident;
    const recipients = world.decideRecipients({
      targets,
      ...find(targets, at),
      acknowledgedBy,
      pagedNow: nobodyNow,
      restrictedTo,
    });
    const { index, loop } = decided;
    for (const { id } of recipients.people)
      outcome.pages.push({ userId: id, channelId: null, at, step: index + 1, loop });
    for (const { id } of recipients.channels)
      outcome.pages.push({ userId: null, channelId: id, at, step: index + 1, loop });
    if (recipients.people.length === 0 && recipients.notPaged.length > 0)
      outcome.reason +=
        `; step ${decided.index + 1}: ${recipients.notPaged.map((one) => `${one.name} ${one.why}`).join(', ')}`.slice(
          0,
          300,
        );
    if (decided.next === null) return;
    run.place = decided.next.place;
    reschedule(run, decided.next.dueAt);
  };

  const reschedule = (run: Run, dueAt: string): void => {
    run.dueAt = dueAt;
    if (dueAt <= until) agenda.add(dueAt, run);
  };

  function isHeld(run: Run): boolean {
    if (!inhibits) return false;
    const { id, subject } = run.incident;
    const own = open.get(id);
    const causes = causesOf(inhibitions, run.incident, subject, [...open.values()]);
    const inhibited = causes.length === 0 ? null : inhibitedBy(inhibitions, id, subject, causes);
    if (own !== undefined) own.held = inhibited !== null;
    if (inhibited === null) return false;
    if (run.heldBy === null)
      run.outcome.reason += `; held by “${inhibited.name}” while INC-${inhibited.cause.number} was open`;
    run.heldBy = inhibited.cause.incidentId;
    return true;
  }

  const close = (at: string): void => {
    let closed = false;
    for (const [id, one] of open) {
      if (one.endedAt > at) continue;
      open.delete(id);
      closed = true;
    }
    if (!closed) return;
    for (const run of held) {
      if (run.heldBy !== null && open.has(run.heldBy)) continue;
      held.delete(run);
      reschedule(run, at > run.dueAt ? at : run.dueAt);
    }
  };

  /** Ends of causes are looked at in their order, so that what they held goes out then and not at the next event. */
  const ends = inhibits
    ? incidents
        .map((incident) => incident.endedAt)
        .filter((at) => at !== null)
        .toSorted()
    : [];
  let nextEnd = 0;
  const runUntil = (at: string): void => {
    for (;;) {
      const due = agenda.nextAt();
      const end = ends[nextEnd];
      if (end !== undefined && end <= at && (due === null || end <= due)) {
        nextEnd += 1;
        close(end);
        continue;
      }
      const item = due !== null && due <= at ? agenda.take() : null;
      if (item === null) return;
      step(item.item, item.at);
    }
  };

  for (const [place, incident] of incidents.entries()) {
    if (place % stretch === stretch - 1) await breathe();
    runUntil(incident.startedAt);
    begin(incident);
  }
  runUntil(until);
  return outcomes;
}

/** When paging of it stopped for good. */
function stopOf(incident: PastIncident, needed: number): string {
  const answered = incident.acknowledgements[needed - 1]?.at ?? '9999';
  const ended = incident.endedAt ?? '9999';
  return answered < ended ? answered : ended;
}

/** What a step's targets lead to. Everything but who is on call is the same at every instant. */
function createFinders(world: TrialWorld) {
  const people = new Map(world.people.map((person) => [person.id, person]));
  const teams = new Map(world.teams.map((team) => [team.id, team]));
  const schedules = new Map(world.config.list('schedule').items.map(({ id, draft }) => [id, draft.name]));
  const channels = world.config
    .list('channel')
    .items.map(({ id, draft }) => ({ id, name: draft.name, enabled: draft.enabled }));
  const noTeams: TrialWorld['teams'][number][] = [];

  return (targets: readonly Target[], at: string) => {
    const ids = new Set<string>();
    const onCall: { id: string; name: string; userIds: string[] }[] = [];
    let asked = noTeams;
    for (const { type, id } of targets) {
      if (type === 'user') ids.add(id);
      const name = type === 'schedule' ? schedules.get(id) : undefined;
      if (name !== undefined) {
        const userIds = world.onCall(id, at);
        for (const userId of userIds) ids.add(userId);
        onCall.push({ id, name, userIds });
      }
      const team = type === 'team' ? teams.get(id) : undefined;
      if (team !== undefined) {
        for (const userId of team.memberIds) ids.add(userId);
        asked = [...asked, team];
      }
    }
    const found: RecipientPerson[] = [];
    for (const id of ids) {
      const person = people.get(id);
      if (person !== undefined) found.push(person);
    }
    return { schedules: onCall, teams: asked, people: found, channels };
  };
}

function later(at: string, ms: number): string {
  return ms === 0 ? at : new Date(Date.parse(at) + ms).toISOString();
}
