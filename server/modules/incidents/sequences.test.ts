// Whatever people do in whatever order, from copies of whatever age: what must always hold.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { responseTimes } from '#server/contract/response-times.ts';
import { severities, updateCadenceMinutes } from '#server/contract/severity.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { Decision, Facts } from '#server/modules/incidents/decision.ts';
import { decideSeverity, decideTitle } from '#server/modules/incidents/fields.ts';
import { countsOf, type Regrouped } from '#server/modules/incidents/membership.ts';
import { decideAttach, decideDetach, decideMerge, decideSplit } from '#server/modules/incidents/regroup.ts';
import {
  decideAcceptRole,
  decideDeclineRole,
  decideOfferRole,
  decideReleaseRole,
  decideTakeRole,
} from '#server/modules/incidents/roles.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { decideMove, decideReopen, mergedElsewhere } from '#server/modules/incidents/status.ts';
import { decidePostUpdate, type Published } from '#server/modules/incidents/status-updates/rules.ts';
import { people, someFacts } from '#server/testkit/incident-facts.ts';
import { anAlert, anIncident, testId } from '#server/testkit/incidents.ts';

const who = ['mara', 'diego', 'sam'] as const;
const roles = ['commander', 'scribe', 'driver'] as const;

const step = fc.record({
  verb: fc.constantFrom(
    'acknowledge',
    'mitigate',
    'resolve',
    'reopen',
    'severity',
    'title',
    'update',
    'take',
    'offer',
    'accept',
    'decline',
    'release',
    'attach',
    'detach',
    'split',
    'merge',
  ),
  by: fc.constantFrom(...who),
  to: fc.constantFrom(...who),
  role: fc.constantFrom(...roles),
  severity: fc.constantFrom(...severities),
  incident: fc.nat(9),
  other: fc.nat(9),
  alerts: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 4 }),
  /** How many versions the actor's copy is behind; null sends none. */
  behind: fc.option(fc.nat(4)),
  /** How long ago the person acted, offline. */
  lateMs: fc.nat(3_600_000),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface World {
  incidents: IncidentState[];
  alerts: AlertState[];
}

/** The incident of what was published. */
function posted(decision: Decision<Published>): Decision<IncidentState> {
  if (decision.outcome !== 'applied') return decision;
  if (decision.next.incident === null) throw new Error('it was not published');
  return { ...decision, next: decision.next.incident };
}

function start(): World {
  const alerts = Array.from({ length: 8 }, (_, n) =>
    anAlert({
      id: testId(100 + n),
      service: n % 3 === 0 ? null : `s${n % 3}`,
      status: n % 4 === 3 ? 'resolved' : 'firing',
      incidentId: n < 4 ? testId(1) : null,
    }),
  );
  const first = anIncident({ id: testId(1), number: 1, ...countsOf(alerts.slice(0, 4)) });
  return {
    alerts,
    incidents: [first, anIncident({ id: testId(2), number: 2 }), anIncident({ id: testId(3), number: 3 })],
  };
}

function decide(world: World, { verb, to, role, severity, ...step }: Step, facts: Facts): Decision<Regrouped> {
  const incident = world.incidents[step.incident % world.incidents.length]!;
  const other = world.incidents[step.other % world.incidents.length]!;
  const incidentId = incident.id;
  const chosen = world.alerts.filter((_, n) => step.alerts.includes(n));
  const group = (of: IncidentState) => ({
    incident: of,
    members: world.alerts.filter((alert) => alert.incidentId === of.id),
  });
  const one = (decision: Decision<IncidentState>): Decision<Regrouped> =>
    decision.outcome === 'applied'
      ? { ...decision, next: { incidents: [decision.next], alerts: [], events: [] } }
      : decision;
  switch (verb) {
    case 'acknowledge':
    case 'mitigate':
    case 'resolve':
      return one(mergedElsewhere(incident, verb, facts) ?? decideMove(incident, verb, facts));
    case 'reopen':
      return one(mergedElsewhere(incident, verb, facts) ?? decideReopen(incident, facts, null));
    case 'severity':
      return one(
        decideSeverity(incident, { kind: 'incident.set-severity', incidentId, severity }, updateCadenceMinutes, facts),
      );
    case 'title':
      return one(decideTitle(incident, { kind: 'incident.set-title', incidentId, title: severity }, facts));
    case 'update':
      return one(
        posted(
          decidePostUpdate(
            incident,
            { kind: 'incident.post-update', incidentId, entryId: testId(9), text: 'x', nextInMinutes: null },
            { number: 1, targets: [], approverFrom: null },
            facts,
          ),
        ),
      );
    case 'take':
      return one(decideTakeRole(incident, role, facts));
    case 'offer':
      return one(decideOfferRole(incident, role, people[to].id, facts));
    case 'accept':
      return one(decideAcceptRole(incident, role, facts));
    case 'decline':
      return one(decideDeclineRole(incident, role, facts));
    case 'release':
      return one(decideReleaseRole(incident, role, facts));
    case 'attach':
      return decideAttach(incident, chosen, world.incidents.map(group), facts);
    case 'detach':
      return decideDetach(group(incident), chosen, facts);
    case 'split': {
      const inside = chosen.filter((alert) => alert.incidentId === incidentId);
      const number = world.incidents.length + 1;
      return inside.length === 0
        ? decideDetach(group(incident), inside, facts)
        : decideSplit(group(incident), inside, { id: testId(number), number, title: 'split' }, facts);
    }
    case 'merge':
      return decideMerge(group(incident), other, { tasks: [], asks: [] }, facts);
  }
}

/** What is wrong with the world, in words. */
function violations(world: World): string[] {
  const byId = new Map(world.incidents.map((incident) => [incident.id, incident]));
  return world.incidents.flatMap((incident) => {
    const members = world.alerts.filter((alert) => alert.incidentId === incident.id);
    const firing = members.filter((alert) => alert.status === 'firing').length;
    const { status, roles, acknowledgedAt, mitigatedAt, resolvedAt } = incident;
    const { acknowledgeMs, mitigateMs, resolveMs } = responseTimes(incident);
    const times = [acknowledgeMs, mitigateMs, resolveMs].filter((ms) => ms !== null);
    const rules: [string, boolean][] = [
      ['counts are wrong', incident.alertCount === members.length && incident.firingAlertCount === firing],
      ['a service is missing', members.every(({ service }) => service === null || incident.services.includes(service))],
      ['a role is there twice', new Set(roles.map((slot) => slot.role)).size === roles.length],
      ['a slot is empty', roles.every((slot) => slot.userId !== null || slot.offer !== null)],
      ['a holder has no since', roles.every((slot) => (slot.userId === null) === (slot.since === null))],
      ['a holder is offered his role', roles.every((slot) => slot.offer === null || slot.offer.to !== slot.userId)],
      ['resolved has no time', (resolvedAt !== null) === (status === 'resolved')],
      ['triggered is acknowledged', status !== 'triggered' || acknowledgedAt === null],
      ['acknowledged has wrong times', status !== 'acknowledged' || (acknowledgedAt !== null && mitigatedAt === null)],
      ['mitigated has no time', status !== 'mitigated' || mitigatedAt !== null],
      ['acknowledged by nobody', (acknowledgedAt === null) === (incident.acknowledgedBy === null)],
      ['times run backwards', times.every((ms, n) => n === 0 || ms >= times[n - 1]!)],
      ['a closed one counts down', status !== 'resolved' || incident.nextUpdateDueAt === null],
      ['the cadence is not its severity’s', incident.updateCadenceMinutes === updateCadenceMinutes[incident.severity]],
      [
        'a field is newer than the row',
        Object.values(incident.fieldVersions).every((version) => version <= incident.version),
      ],
      ['a merged one is alive', incident.mergedInto === null || (status === 'resolved' && members.length === 0)],
      ['merges run in a circle', endsSomewhere(incident, byId)],
    ];
    return rules.filter(([, holds]) => !holds).map(([name]) => `#${incident.number}: ${name}`);
  });
}

function endsSomewhere(incident: IncidentState, byId: ReadonlyMap<string, IncidentState>): boolean {
  let at: IncidentState | undefined = incident;
  for (let hops = 0; at !== undefined && at.mergedInto !== null; hops += 1) {
    if (hops > byId.size) return false;
    at = byId.get(at.mergedInto);
  }
  return true;
}

/** Takes one step; answers what it broke. */
function take(world: World, taken: Step, nowMs: number): string[] {
  const incident = world.incidents[taken.incident % world.incidents.length]!;
  const at = new Date(nowMs).toISOString();
  const baseVersion = taken.behind === null ? null : Math.max(0, incident.version - taken.behind);
  const actedAt = new Date(nowMs - taken.lateMs).toISOString();
  const decision = decide(world, taken, someFacts({ by: taken.by, at, actedAt, baseVersion }));
  const wrong: string[] = [];
  if (decision.outcome === 'conflict' && decision.entries[0]?.kind !== 'conflict')
    wrong.push('a conflict is not on the timeline');
  if (decision.outcome !== 'applied') return wrong;
  if (decision.entries.length === 0) wrong.push('an action is not on the timeline');
  for (const changed of decision.next.incidents) {
    const before = world.incidents.find((other) => other.id === changed.id);
    if (changed.version !== (before?.version ?? 0) + 1) wrong.push('a version is not the next one');
    if (before !== undefined && baseVersion !== null && before.id === incident.id)
      wrong.push(...overwritten(before, changed, taken, baseVersion));
    world.incidents = [...world.incidents.filter((other) => other !== before), changed].toSorted(
      (a, b) => a.number - b.number,
    );
  }
  for (const alert of decision.next.alerts) {
    if (alert.placedBy !== people[taken.by].id) wrong.push('a moved alert does not know whose hand it was');
    world.alerts = world.alerts.map((other) => (other.id === alert.id ? alert : other));
  }
  return [...wrong, ...violations(world)];
}

/** Guarded fields that changed although they were newer than the copy it was decided on. */
function overwritten(before: IncidentState, after: IncidentState, { verb }: Step, baseVersion: number): string[] {
  // A merge is decided on two whole incidents, not on one field.
  if (verb === 'merge') return [];
  const fields = (['status', 'severity'] as const).filter((field) => before[field] !== after[field]);
  return fields
    .filter((field) => (before.fieldVersions[field] ?? 0) > baseVersion)
    .map((field) => `${field} was overwritten`);
}

it('counts, roles, status, times and versions stay right through any sequence of actions', () => {
  const run = fc.check(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const world = start();
      let nowMs = Date.parse('2026-11-21T12:05:00.000Z');
      return steps.every((taken) => take(world, taken, (nowMs += 60_000)).length === 0);
    }),
    { numRuns: 1_000, seed: 20261121 },
  );
  expect(run.failed ? whatBroke(run.counterexample?.[0] ?? []) : []).toEqual([]);
});

/** The first step of a failing sequence that broke something, and what. */
function whatBroke(steps: Step[]): unknown[] {
  const world = start();
  let nowMs = Date.parse('2026-11-21T12:05:00.000Z');
  for (const taken of steps) {
    const wrong = take(world, taken, (nowMs += 60_000));
    if (wrong.length > 0) return [wrong, steps];
  }
  return [];
}
