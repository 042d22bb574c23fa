import { describe, expect, it } from 'vitest';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import {
  decideAddLink,
  decideImpact,
  decideRemoveLink,
  decideSeverity,
  decideTitle,
} from '#server/modules/incidents/fields.ts';
import { decideRestrict } from '#server/modules/incidents/restriction.ts';
import { next, people, someFacts, teamA, teamB } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const incidentId = testId(1);

describe('severity', () => {
  const set = (severity: 'sev1' | 'sev2' | 'sev3' | 'info') =>
    ({ kind: 'incident.set-severity', incidentId, severity }) as const;

  it('changes with its cadence, counted from the last update and late from now on at the earliest', () => {
    const raised = decideSeverity(anIncident(), set('sev1'), updateCadenceMinutes, someFacts());
    expect(next(raised)).toMatchObject({
      severity: 'sev1',
      updateCadenceMinutes: 15,
      nextUpdateDueAt: '2026-11-21T13:00:00.000Z',
      fieldVersions: { severity: 2 },
    });
    expect(raised).toMatchObject({ entries: [{ kind: 'severity', text: 'Mara set the severity from 2 to 1' }] });
    const told = anIncident({ lastUpdate: { at: '2026-11-21T12:58:00.000Z', by: null, text: 'x' } });
    expect(next(decideSeverity(told, set('sev1'), updateCadenceMinutes, someFacts())).nextUpdateDueAt).toBe(
      '2026-11-21T13:13:00.000Z',
    );
    expect(next(decideSeverity(told, set('info'), updateCadenceMinutes, someFacts())).nextUpdateDueAt).toBeNull();
  });

  it('changes with the cadence that was chosen for it', () => {
    const chosen = { ...updateCadenceMinutes, sev1: 10, sev3: null };
    const told = anIncident({ lastUpdate: { at: '2026-11-21T12:58:00.000Z', by: null, text: 'x' } });
    expect(next(decideSeverity(told, set('sev1'), chosen, someFacts()))).toMatchObject({
      updateCadenceMinutes: 10,
      nextUpdateDueAt: '2026-11-21T13:08:00.000Z',
    });
    expect(next(decideSeverity(told, set('sev3'), chosen, someFacts())).nextUpdateDueAt).toBeNull();
    const resolved = anIncident({ status: 'resolved', resolvedAt: '2026-11-21T12:30:00.000Z' });
    expect(next(decideSeverity(resolved, set('sev1'), chosen, someFacts()))).toMatchObject({
      updateCadenceMinutes: 10,
      nextUpdateDueAt: null,
    });
  });

  it('has no countdown in a resolved incident', () => {
    const resolved = anIncident({ status: 'resolved', resolvedAt: '2026-11-21T12:30:00.000Z' });
    expect(next(decideSeverity(resolved, set('sev1'), updateCadenceMinutes, someFacts())).nextUpdateDueAt).toBeNull();
  });

  it('set to what it is changes nothing and names who set it', () => {
    expect(
      decideSeverity(anIncident(), set('sev2'), updateCadenceMinutes, someFacts({ last: { severity: 'Diego' } })),
    ).toMatchObject({
      outcome: 'noop',
      by: 'Diego',
    });
  });

  it('from an older copy is kept as somebody else set it, and both stand on the timeline', () => {
    const changed = anIncident({ version: 5, severity: 'sev1', fieldVersions: { severity: 5 } });
    expect(
      decideSeverity(
        changed,
        set('sev2'),
        updateCadenceMinutes,
        someFacts({ baseVersion: 4, last: { severity: 'Diego' } }),
      ),
    ).toEqual({
      outcome: 'conflict',
      reason: 'Severity 1 by Diego kept',
      entries: [{ kind: 'conflict', text: 'Mara set the severity to 2 from an older copy; severity 1 by Diego kept' }],
    });
    expect(decideSeverity(changed, set('sev2'), updateCadenceMinutes, someFacts({ baseVersion: 5 })).outcome).toBe(
      'applied',
    );
    expect(decideSeverity(changed, set('sev2'), updateCadenceMinutes, someFacts()).outcome).toBe('applied');
  });
});

describe('title and impact', () => {
  const changed = anIncident({ version: 5, impact: 'All of EU', fieldVersions: { title: 5, impact: 5 } });

  it('go to the last writer, also from an older copy, and the timeline keeps what was there', () => {
    const title = decideTitle(
      changed,
      { kind: 'incident.set-title', incidentId, title: 'Cards fail' },
      someFacts({ baseVersion: 1 }),
    );
    expect(title).toMatchObject({
      outcome: 'applied',
      next: { title: 'Cards fail' },
      entries: [{ kind: 'edit', detail: 'Before: Checkout fails' }],
    });
    const impact = decideImpact(
      changed,
      { kind: 'incident.set-impact', incidentId, impact: null },
      someFacts({ baseVersion: 1 }),
    );
    expect(impact).toMatchObject({
      outcome: 'applied',
      next: { impact: null },
      entries: [{ detail: 'Before: All of EU' }],
    });
  });

  it('are no-ops when they are the same', () => {
    expect(
      decideTitle(changed, { kind: 'incident.set-title', incidentId, title: 'Checkout fails' }, someFacts()).outcome,
    ).toBe('noop');
    expect(
      decideImpact(changed, { kind: 'incident.set-impact', incidentId, impact: 'All of EU' }, someFacts()).outcome,
    ).toBe('noop');
  });
});

describe('links', () => {
  const link = { id: testId(11), kind: 'bridge', label: 'Call', url: 'https://meet.example/1' } as const;
  const linked = anIncident({ links: [link] });

  it('are added once and removed once', () => {
    expect(
      next(decideAddLink(anIncident(), { kind: 'incident.add-link', incidentId, link }, someFacts())).links,
    ).toEqual([link]);
    const twin = { ...link, id: testId(12) };
    expect(decideAddLink(linked, { kind: 'incident.add-link', incidentId, link: twin }, someFacts()).outcome).toBe(
      'noop',
    );
    expect(
      next(decideRemoveLink(linked, { kind: 'incident.remove-link', incidentId, linkId: link.id }, someFacts())).links,
    ).toEqual([]);
    expect(
      decideRemoveLink(anIncident(), { kind: 'incident.remove-link', incidentId, linkId: link.id }, someFacts())
        .outcome,
    ).toBe('noop');
  });

  it('are at most 50', () => {
    const full = anIncident({
      links: Array.from({ length: 50 }, (_, n) => ({ ...link, id: testId(100 + n), label: `${n}` })),
    });
    expect(decideAddLink(full, { kind: 'incident.add-link', incidentId, link }, someFacts())).toMatchObject({
      code: 'invalid',
    });
  });
});

describe('restricting', () => {
  const restrict = (restrictedTo: string[] | null) =>
    ({ kind: 'incident.restrict', incidentId, restrictedTo }) as const;
  const facts = someFacts({ by: 'sam' });

  it('names the teams in a fixed order and who loses sight while holding a role', () => {
    const open = anIncident({ roles: [{ role: 'scribe', userId: people.otto.id, since: null, offer: null }] });
    const decision = decideRestrict(open, restrict([teamA, teamA]), facts);
    expect(next(decision).restrictedTo).toEqual([teamA]);
    expect(decision).toMatchObject({ entries: [{ detail: 'Still with a role, but without sight of it: Otto' }] });
    expect(next(decideRestrict(open, restrict([teamB, teamA]), facts)).restrictedTo).toEqual([teamA, teamB]);
  });

  it('cannot shut out who does it', () => {
    expect(decideRestrict(anIncident(), restrict([teamB]), facts)).toMatchObject({ code: 'invalid' });
  });

  it('is a no-op when it is so, and conflicts from an older copy', () => {
    const restricted = anIncident({ version: 3, restrictedTo: [teamA], fieldVersions: { restriction: 3 } });
    expect(decideRestrict(restricted, restrict([teamA]), facts).outcome).toBe('noop');
    expect(decideRestrict(restricted, restrict(null), { ...facts, baseVersion: 2 }).outcome).toBe('conflict');
    expect(next(decideRestrict(restricted, restrict(null), facts)).restrictedTo).toBeNull();
  });
});
