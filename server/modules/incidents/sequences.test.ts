// Whatever people do in whatever order, from copies of whatever age: what must always hold.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { incidentStatuses } from '#server/contract/incident.ts';
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
import { decideUpdate } from '#server/modules/incidents/updates.ts';
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

function decide(world: World, { verb, by, to, role, severity, ...step }: Step, facts: Facts): Decision<Regrouped> {
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
      return one(decideSeverity(incident, { kind: 'incident.set-severity', incidentId, severity }, facts));
    case 'title':
      return one(decideTitle(incident, { kind: 'incident.set-title', incidentId, title: severity }, facts));
    case 'update':
      return one(
        decideUpdate(
          incident,
          { kind: 'incident.post-update', incidentId, entryId: testId(9), text: 'x', nextInMinutes: null },
          facts,
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
      return decideMerge(group(incident), other, [], facts);
  }
}

function check(world: World): void {
  const byId = new Map(world.incidents.map((incident) => [incident.id, incident]));
  for (const incident of world.incidents) {
    const members = world.alerts.filter((alert) => alert.incidentId === incident.id);
    expect(incident).toMatchObject({
      alertCount: members.length,
      firingAlertCount: members.filter((alert) => alert.status === 'firing').length,
    });
    for (const alert of members) if (alert.service !== null) expect(incident.services).toContain(alert.service);

    const names = incident.roles.map((slot) => slot.role);
    expect(new Set(names).size).toBe(names.length);
    for (const slot of incident.roles) {
      expect(slot.userId !== null || slot.offer !== null).toBe(true);
      expect(slot.userId === null).toBe(slot.since === null);
      expect(slot.offer?.to).not.toBe(slot.userId);
    }

    const rank = incidentStatuses.indexOf(incident.status);
    expect(incident.resolvedAt !== null).toBe(incident.status === 'resolved');
    if (rank === 0) expect(incident.acknowledgedAt).toBeNull();
    if (incident.status === 'acknowledged')
      expect([incident.acknowledgedAt === null, incident.mitigatedAt]).toEqual([false, null]);
    if (incident.status === 'mitigated') expect(incident.mitigatedAt).not.toBeNull();
    expect((incident.acknowledgedAt === null) === (incident.acknowledgedBy === null)).toBe(true);
    const { acknowledgeMs, mitigateMs, resolveMs } = responseTimes(incident);
    const times = [0, acknowledgeMs, mitigateMs, resolveMs].filter((ms) => ms !== null);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    if (incident.status === 'resolved') expect(incident.nextUpdateDueAt).toBeNull();
    expect(incident.updateCadenceMinutes).toBe(updateCadenceMinutes[incident.severity]);

    for (const version of Object.values(incident.fieldVersions)) expect(version).toBeLessThanOrEqual(incident.version);
    if (incident.mergedInto !== null) {
      expect(incident).toMatchObject({ status: 'resolved', alertCount: 0 });
      const seen = new Set([incident.id]);
      for (let at = incident.mergedInto as string | null; at !== null; at = byId.get(at)!.mergedInto) {
        expect(seen.has(at)).toBe(false);
        seen.add(at);
      }
    }
  }
}

it('counts, roles, status, times and versions stay right through any sequence of actions', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const world = start();
      let nowMs = Date.parse('2026-11-21T12:05:00.000Z');
      for (const taken of steps) {
        nowMs += 60_000;
        const incident = world.incidents[taken.incident % world.incidents.length]!;
        const at = new Date(nowMs).toISOString();
        const baseVersion = taken.behind === null ? null : Math.max(0, incident.version - taken.behind);
        const actedAt = new Date(nowMs - taken.lateMs).toISOString();
        const decision = decide(world, taken, someFacts({ by: taken.by, at, actedAt, baseVersion }));
        if (decision.outcome === 'conflict') expect(decision.entries).toMatchObject([{ kind: 'conflict' }]);
        if (decision.outcome !== 'applied') continue;
        expect(decision.entries.length).toBeGreaterThan(0);
        for (const changed of decision.next.incidents) {
          const place = world.incidents.findIndex((before) => before.id === changed.id);
          expect(changed.version).toBe((world.incidents[place]?.version ?? 0) + 1);
          if (place === -1) world.incidents.push(changed);
          else world.incidents[place] = changed;
        }
        for (const moved of decision.next.alerts) {
          const place = world.alerts.findIndex((before) => before.id === moved.id);
          expect(moved.version).toBe(world.alerts[place]!.version + 1);
          expect(moved.placedBy).toBe(people[taken.by].id);
          world.alerts[place] = moved;
        }
        check(world);
      }
    }),
    { numRuns: 120, seed: 20261121 },
  );
});

it('a guarded field never changes from a copy that is older than its last change', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      let incident = anIncident();
      for (const taken of steps) {
        if (!['acknowledge', 'mitigate', 'resolve', 'reopen', 'severity'].includes(taken.verb)) continue;
        const baseVersion = Math.max(0, incident.version - (taken.behind ?? 0));
        const decision = decide({ incidents: [incident], alerts: [] }, taken, someFacts({ baseVersion, by: taken.by }));
        if (decision.outcome !== 'applied') continue;
        const [after] = decision.next.incidents;
        for (const field of ['status', 'severity'] as const) {
          if (after![field] !== incident[field])
            expect(incident.fieldVersions[field] ?? 0).toBeLessThanOrEqual(baseVersion);
        }
        incident = after!;
      }
    }),
    { numRuns: 300, seed: 20261121 },
  );
});
