import { describe, expect, it } from 'vitest';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { type Cadence, updateCadenceMinutes } from '#server/contract/severity.ts';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertChange, AlertState } from '#server/modules/alerts/state.ts';
import { chooseGroup, type CompiledRule } from '#server/modules/grouping/choice.ts';
import { decideGrouping, type GroupingDecision } from '#server/modules/grouping/rules.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { aRule, aSignal } from '#server/testkit/alert-world.ts';

const start = Date.UTC(2026, 0, 1, 12);
const instant = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
let ids = 0;
const newId = () => `id-${(ids += 1)}`;

function anAlert(change: Partial<AlertState> = {}, seconds = 0): AlertState {
  const signal = aSignal({ receivedAt: start + seconds * 1_000, dedupKey: newId() });
  const decision = decideSignal(null, signal, instant(seconds), newId);
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return { ...decision.changes[0]!.after, ...change };
}

/** A small store: applies decisions one after the other, as the pipeline does. */
function aHouse(...rules: GroupingRule[]) {
  return aHouseWith(updateCadenceMinutes, ...rules);
}

function aHouseWith(cadence: Cadence, ...rules: GroupingRule[]) {
  const list = rules.length === 0 ? [aRule('built-in')] : rules;
  const compiled: CompiledRule[] = list.map((rule) => ({
    rule,
    test: (alert) => rule.condition === 'true' || rule.condition === alert.severity,
  }));
  const alerts = new Map<string, AlertState>();
  const incidents = new Map<string, IncidentState>();
  const house = {
    alerts,
    incidents,
    all: () => [...incidents.values()],
    only: () => {
      expect(incidents.size).toBe(1);
      return house.all()[0]!;
    },
    change(seconds: number, ...after: AlertState[]): GroupingDecision {
      const changes = after.map((alert): AlertChange => ({ before: alerts.get(alert.id) ?? null, after: alert }));
      const choices = new Map(
        after
          .filter((alert) => alert.incidentId === null)
          .flatMap((alert) => {
            const choice = chooseGroup(alert, compiled);
            return choice === null ? [] : [[alert.id, choice] as const];
          }),
      );
      const members = [...alerts.values()];
      const decision = decideGrouping(
        {
          at: instant(seconds),
          changes,
          choices,
          homes: new Map(house.all().map((incident) => [incident.groupKey ?? '', incident.id])),
          incidents,
          waiting: members.filter(
            (alert) =>
              alert.status === 'firing' && alert.incidentId === null && alert.groupKey !== null && !alert.suppressed,
          ),
          flapping: new Map(
            house
              .all()
              .map((incident) => [
                incident.id,
                new Set(
                  members
                    .filter(
                      (alert) => alert.incidentId === incident.id && alert.flapping && alert.status === 'resolved',
                    )
                    .map((alert) => alert.id),
                ),
              ]),
          ),
          cadence,
          rules: new Map(list.map((rule) => [rule.id, rule])),
          topology: null,
        },
        newId,
      );
      for (const change of decision.changes) alerts.set(change.after.id, change.after);
      for (const incident of decision.incidents) incidents.set(incident.id, incident);
      return decision;
    },
    resolve(seconds: number, ...list: AlertState[]): GroupingDecision {
      return house.change(
        seconds,
        ...list.map((alert) => ({
          ...alerts.get(alert.id)!,
          status: 'resolved' as const,
          resolvedAt: instant(seconds),
        })),
      );
    },
  };
  return house;
}

describe('finding an incident', () => {
  it('opens one for the first alert of a group and lets the others join, saying why', () => {
    const house = aHouse();
    const [first, second] = [anAlert(), anAlert({}, 42)];
    house.change(0, first);
    const joined = house.change(42, second);
    expect(house.only()).toMatchObject({
      title: 'checkout: HighLatency: p99 latency above 2 s',
      status: 'triggered',
      alertCount: 2,
      firingAlertCount: 2,
      services: ['checkout'],
      version: 2,
    });
    expect(house.alerts.get(first.id)?.groupReason).toBe(
      'First alert with service “checkout”; rule “By service” opened the incident.',
    );
    expect(house.alerts.get(second.id)?.groupReason).toBe(
      'Same service “checkout” as 1 other, 42 s after the first; rule “By service”.',
    );
    expect(joined.events).toMatchObject([{ kind: 'grouped', alertId: second.id }]);
    expect(joined.timeline).toMatchObject([
      { kind: 'alert', text: 'Alert joined: HighLatency', alertId: second.id, actor: 'Rule “By service”' },
    ]);
  });

  it('promises updates by the cadence that was chosen, and by that of a severity to which it rises', () => {
    const house = aHouseWith({ sev1: 5, sev2: null, sev3: 45, info: null });
    house.change(0, anAlert({ severity: 'sev3' }));
    expect(house.only()).toMatchObject({ updateCadenceMinutes: 45, nextUpdateDueAt: instant(45 * 60) });
    house.change(60, anAlert({ severity: 'sev2' }));
    expect(house.only()).toMatchObject({ updateCadenceMinutes: null, nextUpdateDueAt: null });
    house.change(900, anAlert({ severity: 'sev1' }));
    // Five minutes after it began are over: due now.
    expect(house.only()).toMatchObject({ updateCadenceMinutes: 5, nextUpdateDueAt: instant(900) });
  });

  it('keeps groups apart, and one by name where there is no service', () => {
    const house = aHouse();
    house.change(0, anAlert(), anAlert({ service: 'payments' }));
    house.change(
      1,
      anAlert({ service: null, labels: { alertname: 'DiskFull' } }),
      anAlert({ service: null, labels: { alertname: 'DiskFull' }, title: 'Disk of b is full' }),
    );
    house.change(2, anAlert({ service: null, labels: {}, title: 'Odd thing' }));
    expect(house.all().map((incident) => incident.alertCount)).toEqual([1, 1, 2, 1]);
  });

  it('is the first enabled rule\u2019s affair, and counts a missing label as empty', () => {
    const own = { builtIn: false, keys: ['env', 'zone'] };
    const house = aHouse(
      aRule('off', { ...own, enabled: false }),
      aRule('own', { ...own, name: 'By zone', condition: 'sev1' }),
      aRule('built-in'),
    );
    const alert = anAlert({ severity: 'sev1' });
    house.change(0, alert, anAlert({ severity: 'sev2' }));
    expect(house.alerts.get(alert.id)).toMatchObject({
      ruleId: 'own',
      groupReason: 'First alert with env “prod” and no zone; rule “By zone” opened the incident.',
    });
    expect(house.incidents.size).toBe(2);
  });

  it('waits for the minimum count within the window, and then takes the waiting ones along', () => {
    const house = aHouse(aRule('own', { minimumCount: 3, windowSeconds: 60 }));
    const [old, second, third, fourth] = [anAlert({}, 0), anAlert({}, 100), anAlert({}, 130), anAlert({}, 150)];
    house.change(0, old);
    house.change(100, second);
    house.change(130, third);
    expect(house.incidents.size).toBe(0);
    expect(house.alerts.get(third.id)).toMatchObject({
      groupKey: expect.any(String),
      incidentId: null,
      groupReason: null,
    });
    house.change(150, fourth);
    expect(house.only().alertCount).toBe(3);
    expect(house.alerts.get(old.id)?.incidentId).toBeNull();
    expect(house.alerts.get(second.id)?.groupReason).toMatch(/One of 3 alerts with service “checkout” within 60 s/);
    // Open now, so it takes one alone, whatever the window.
    house.change(9_000, anAlert({}, 9_000));
    expect(house.only().alertCount).toBe(4);
  });

  it('is not for what is suppressed or placed by hand', () => {
    const house = aHouse();
    house.change(0, anAlert({ suppressed: true, suppressedBy: 'silence' }), anAlert({ placedBy: 'ada' }));
    expect(house.incidents.size).toBe(0);
  });

  it('gives an alert that came and went in one batch its incident too', () => {
    const house = aHouse();
    house.change(0, anAlert({ status: 'resolved', resolvedAt: instant(0) }));
    expect(house.only()).toMatchObject({ alertCount: 1, firingAlertCount: 0, status: 'resolved' });
  });

  it('tells a storm in round numbers, not alert by alert', () => {
    const house = aHouse();
    let entries = 0;
    for (let i = 0; i < 1_000; i += 1) entries += house.change(i, anAlert({}, i)).timeline.length;
    expect(house.only().alertCount).toBe(1_000);
    expect(entries).toBeLessThan(20);
  });
});

describe('severity', () => {
  it('is mapped by the rule, raised by a worse alert with a note, and lowered by none', () => {
    const house = aHouse(aRule('own', { severityMap: { sev3: 'sev2' } }));
    const alert = anAlert({ severity: 'sev3' });
    house.change(0, alert);
    expect(house.only().severity).toBe('sev2');
    const raised = house.change(1, { ...house.alerts.get(alert.id)!, severity: 'sev1' });
    expect(house.only()).toMatchObject({ severity: 'sev1', updateCadenceMinutes: 15, fieldVersions: { severity: 2 } });
    expect(raised.timeline).toMatchObject([{ kind: 'severity', text: 'Severity raised from 2 to 1 by “HighLatency”' }]);
    house.change(2, { ...house.alerts.get(alert.id)!, severity: 'info' }, anAlert({ severity: 'info' }));
    expect(house.only().severity).toBe('sev1');
  });

  it('raised by a joining alert renames the incident after it, unless a person named it', () => {
    const house = aHouse();
    house.change(0, anAlert({ severity: 'sev3', title: 'CertificateExpiresSoon' }));
    expect(house.only().title).toBe('checkout: CertificateExpiresSoon: p99 latency above 2 s');
    const raised = house.change(1, anAlert({ severity: 'sev2', title: 'Gateway5xxRatio' }));
    expect(house.only()).toMatchObject({
      title: 'checkout: Gateway5xxRatio: p99 latency above 2 s',
      fieldVersions: { title: 1 },
    });
    expect(raised.timeline).toContainEqual(
      expect.objectContaining({
        kind: 'severity',
        detail: 'The title follows. Before: checkout: CertificateExpiresSoon: p99 latency above 2 s',
      }),
    );
    house.change(2, anAlert({ severity: 'sev2', title: 'QueueGrows' }));
    expect(house.only().title).toBe('checkout: Gateway5xxRatio: p99 latency above 2 s');
    const named = { ...house.only(), title: 'Cards fail', version: 9, fieldVersions: { title: 9 } };
    house.incidents.set(named.id, named);
    const again = house.change(3, anAlert({ severity: 'sev1', title: 'Everything is down' }));
    expect(house.only()).toMatchObject({ severity: 'sev1', title: 'Cards fail' });
    expect(again.timeline).toContainEqual(expect.objectContaining({ kind: 'severity', detail: null }));
  });

  it('and title of one that several alerts open together are those of the worst', () => {
    const house = aHouse();
    house.change(0, anAlert({ severity: 'sev3', title: 'Slow' }), anAlert({ severity: 'sev1', title: 'Down' }, 5));
    expect(house.only()).toMatchObject({
      severity: 'sev1',
      title: 'checkout: Down: p99 latency above 2 s',
      startedAt: instant(0),
    });
  });

  it('that a person lowered is left alone by mere repeats', () => {
    const house = aHouse();
    const alert = anAlert({ severity: 'sev1' });
    house.change(0, alert);
    house.incidents.set(house.only().id, { ...house.only(), severity: 'sev3', version: 2 });
    house.change(1, { ...house.alerts.get(alert.id)!, count: 2 });
    expect(house.only().severity).toBe('sev3');
  });
});

describe('closing and reopening', () => {
  it('closes when the last alert resolved, by the policy all', () => {
    const house = aHouse();
    const [a, b] = [anAlert(), anAlert()];
    house.change(0, a, b);
    house.resolve(10, a);
    expect(house.only()).toMatchObject({ status: 'triggered', firingAlertCount: 1 });
    const closed = house.resolve(20, b);
    expect(house.only()).toMatchObject({
      status: 'resolved',
      resolvedAt: instant(20),
      firingAlertCount: 0,
      nextUpdateDueAt: null,
    });
    expect(closed.timeline.at(-1)).toMatchObject({
      kind: 'status',
      source: 'rule',
      actor: 'Rule “By service”',
      text: 'Resolved: all its 2 alerts resolved',
    });
  });

  it('closes with the first by the policy first, and by hand only with never', () => {
    const first = aHouse(aRule('own', { resolvePolicy: 'first' }));
    const [a, b] = [anAlert(), anAlert()];
    first.change(0, a, b);
    first.resolve(1, a);
    expect(first.only()).toMatchObject({ status: 'resolved', firingAlertCount: 1 });
    const never = aHouse(aRule('own', { resolvePolicy: 'never' }));
    never.change(0, a);
    never.resolve(1, a);
    expect(never.only()).toMatchObject({ status: 'triggered', firingAlertCount: 0 });
  });

  it('is held open by a resolved alert that flaps, until it settles', () => {
    const house = aHouse();
    const alert = anAlert({ flapping: true });
    house.change(0, alert);
    house.resolve(1, alert);
    expect(house.only().status).toBe('triggered');
    house.change(700, { ...house.alerts.get(alert.id)!, flapping: false });
    expect(house.only().status).toBe('resolved');
  });

  it('reopens the same incident within the reopen time, and opens another after it', () => {
    const house = aHouse(aRule('own', { reopenSeconds: 60 }));
    const first = anAlert();
    house.change(0, first);
    house.resolve(10, first);
    const soon = anAlert({}, 50);
    const reopened = house.change(50, soon);
    expect(house.only()).toMatchObject({
      status: 'triggered',
      resolvedAt: null,
      acknowledgedAt: null,
      alertCount: 2,
      firingAlertCount: 1,
    });
    expect(reopened.timeline.map((entry) => entry.text)).toContain(
      'Reopened: an alert of its group came 40 s after it closed',
    );
    house.resolve(60, soon);
    house.change(200, anAlert({}, 200));
    expect(house.all().map((incident) => incident.status)).toEqual(['resolved', 'triggered']);
  });

  it('keeps when it was acknowledged first, for the figures', () => {
    const house = aHouse(aRule('own', { reopenSeconds: 60 }));
    const first = anAlert();
    house.change(0, first);
    house.incidents.set(house.only().id, { ...house.only(), status: 'acknowledged', acknowledgedAt: instant(5) });
    house.resolve(10, first);
    house.change(50, anAlert({}, 50));
    expect(house.only()).toMatchObject({ acknowledgedAt: null, firstAcknowledgedAt: instant(5) });
  });

  it('is not undone by a repeat of an alert in a closed incident', () => {
    const house = aHouse(aRule('own', { resolvePolicy: 'first' }));
    const [a, b] = [anAlert(), anAlert()];
    house.change(0, a, b);
    house.resolve(1, a);
    house.change(2, { ...house.alerts.get(b.id)!, count: 2 });
    expect(house.only().status).toBe('resolved');
  });
});
