import { describe, expect, it } from 'vitest';
import { samplePage } from '../../testkit/sample-pages.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { heldRoleOf, latestPageOf, menuCommandsOf, outcomeOf, planOf } from './desktop-facts.ts';

const me = 'me';
const role = (userId: string | null) => [{ role: 'commander', userId, since: null, offer: null }];

describe('what the desktop is told', () => {
  it('names a role of mine in an open incident, and none in a closed one', () => {
    const mine = sampleIncident('i1', { roles: role(me), number: 7 });
    expect(heldRoleOf([sampleIncident('i0', { roles: role('other') }), mine], me)).toBe('Commander of INC-7');
    expect(heldRoleOf([{ ...mine, status: 'resolved' }], me)).toBe(null);
    expect(heldRoleOf([{ ...mine, mergedInto: 'i2' }], me)).toBe(null);
  });

  it('names my newest open page whose incident is here', () => {
    const incidents = new Map(['i1', 'i2'].map((id) => [id, sampleIncident(id, {})]));
    const pages = [
      samplePage(1, { userId: me, incidentId: 'i1', at: '2026-11-21T10:00:00.000Z' }),
      samplePage(2, { userId: me, incidentId: 'i2', at: '2026-11-21T11:00:00.000Z' }),
      samplePage(3, { userId: me, incidentId: 'gone', at: '2026-11-21T12:00:00.000Z' }),
      samplePage(4, { userId: 'other', incidentId: 'i1', at: '2026-11-21T13:00:00.000Z' }),
    ];
    expect(latestPageOf(pages, incidents, me, (id) => `next of ${id}`)).toMatchObject({
      incidentId: 'i2',
      escalateTo: 'next of i2',
      path: '/incidents/i2/answer',
    });
    expect(latestPageOf([], incidents, me, () => null)).toBe(null);
  });

  it('fits what the shell takes, however long a label is', () => {
    const [only] = menuCommandsOf([{ id: 'x', label: 'l'.repeat(900), keys: null, run: () => undefined }]);
    expect(only).toMatchObject({ id: 'x', group: '', keys: null, unavailable: null });
    expect(only?.label).toHaveLength(300);
  });
});

describe('an answer pressed outside the window', () => {
  const facts = { known: true, cannot: null, escalateTo: 'Ben' };
  const escalate = { kind: 'escalate', incidentId: 'i1', escalateTo: 'Ben' } as const;
  const acknowledge = { ...escalate, kind: 'acknowledge' } as const;

  it('acknowledges, or escalates to the one who was named and to nobody else', () => {
    expect(planOf(acknowledge, { ...facts, escalateTo: 'Cleo' })).toMatchObject({
      action: { kind: 'incident.acknowledge', incidentId: 'i1' },
    });
    expect(planOf(escalate, facts)).toMatchObject({ action: { kind: 'escalation.escalate', target: null } });
    expect(planOf(escalate, { ...facts, escalateTo: 'Cleo' })).toEqual({
      do: 'show',
      why: 'by now it would page Cleo, not Ben',
    });
    expect(planOf({ ...escalate, escalateTo: null }, facts)).toMatchObject({ do: 'show' });
  });

  it('is shown instead where it cannot be done', () => {
    expect(planOf(acknowledge, { ...facts, known: false })).toMatchObject({ do: 'show' });
    expect(planOf(escalate, { ...facts, cannot: 'it needs the server' })).toEqual({
      do: 'show',
      why: 'it needs the server',
    });
  });

  it('says what the server said, and nothing before it did', () => {
    const incident = sampleIncident('i1', { number: 7 });
    const title = (came: Parameters<typeof outcomeOf>[2]) => outcomeOf(acknowledge, incident, came).title;
    expect(title({ outcome: 'applied', id: 'x', version: 2 })).toBe('Acknowledged by you');
    expect(title({ outcome: 'noop', id: 'x', by: 'Ben', at: null, reason: '' })).toBe('It was acknowledged already');
    expect(title({ outcome: 'refused', reason: 'it needs the server' })).toBe('Not acknowledged');
    expect(title(null)).toBe('Not acknowledged yet: waiting for the server');
    expect(outcomeOf(escalate, incident, { outcome: 'applied', id: 'x', version: 2 })).toMatchObject({
      id: 'page i1',
      title: 'Escalated to Ben',
      outcome: true,
      tier: 'direct',
    });
  });
});
