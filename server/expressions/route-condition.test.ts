import { describe, expect, it } from 'vitest';
import { compileRouteCondition, type RouteSubject } from '#server/expressions/cel.ts';

const subject: RouteSubject = {
  alert: {
    title: 'Checkout is slow',
    severity: 'sev2',
    service: 'payments',
    source: 'alertmanager',
    fingerprint: '0badc0de',
    labels: { env: 'prod' },
    annotations: {},
  },
  incident: {
    title: 'Payments fail',
    severity: 'sev1',
    services: ['payments', 'ledger'],
    declared: false,
    alertCount: 3,
  },
};

function compiled(source: string) {
  const condition = compileRouteCondition(source);
  if (!condition.ok) throw new Error(condition.reason);
  return condition;
}

describe('compileRouteCondition', () => {
  it.each([
    ['alert.labels.env == "prod"', true],
    ['incident.severity == "sev1" && alert.severity == "sev2"', true],
    ['"ledger" in incident.services', true],
    ['incident.services.exists(s, s.startsWith("pay"))', true],
    ['incident.alertCount >= 3', true],
    ['incident.declared', false],
    ['alert.labels.region == "eu"', false],
    ['incident.title.matches("^Pay")', true],
  ])('%s is %s', (source, expected) => {
    expect(compiled(source).test(subject)).toBe(expected);
  });

  it.each([
    ['alert.labels.env != "prod"', 'env is prod'],
    ['alert.service == "search"', 'service is payments'],
    ['alert.labels["team"] == "shop"', 'team is not there'],
    // Of a chain only what broke it is told.
    ['alert.labels.env == "prod" && alert.service in ["search", "mail"] && incident.declared', 'service is payments'],
    ['alert.service == "a" || incident.severity == "sev3"', 'service is payments, incident.severity is sev1'],
    ['incident.services.exists(s, s == "mail")', 'incident.services is payments, ledger'],
  ])('says why %s does not hold', (source, why) => {
    expect(compiled(source).test(subject)).toBe(false);
    expect(compiled(source).whyNot(subject)).toBe(why);
  });

  it('names what is unknown', () => {
    expect(compileRouteCondition('incident.foo == "x"')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('an incident has title, severity, services, declared, alertCount'),
    });
    expect(compileRouteCondition('alert.foo == "x"')).toMatchObject({
      reason: expect.stringContaining('an alert has'),
    });
    expect(compileRouteCondition('incident.title')).toMatchObject({ ok: false, position: 0 });
  });
});
