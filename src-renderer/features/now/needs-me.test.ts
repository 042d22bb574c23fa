import { describe, expect, it } from 'vitest';
import { sampleIncidentIds, samplePeople } from '../../testkit/sample-ids.ts';
import { sampleChanges } from '../../testkit/sample-state.ts';
import type { Ask, Poll } from '#server/contract/console.ts';
import type { Incident, Task } from '#server/contract/incident.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { samplePage } from '../../testkit/sample-pages.ts';
import type { Escalation } from '#server/contract/policy.ts';
import { needsMe } from './needs-me.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');
const rows = <T>(entity: string) =>
  sampleChanges(now).flatMap((change) => (change.op === 'put' && change.entity === entity ? [change.body as T] : []));
const needsOf = (id: string, responds = true) =>
  needsMe({ id, responds }, rows<Incident>('incident'), rows<Task>('task'), now);

describe('what needs me', () => {
  it('puts what nobody acknowledged first, then what was offered to me, then my tasks', () => {
    expect(needsOf(samplePeople.priya).map((need) => need.kind)).toEqual(['acknowledge', 'offer', 'task']);
  });

  it('reminds a commander of the update that is due, and nobody else', () => {
    const kinds = (id: string) =>
      needsOf(id)
        .filter((need) => need.kind === 'update')
        .map((need) => need.incident.id);
    expect(kinds(samplePeople.tomasz)).toEqual([sampleIncidentIds.search]);
    expect(kinds(samplePeople.kenji)).toEqual([]);
  });

  it('asks nobody to acknowledge who may not', () => {
    expect(needsOf(samplePeople.priya, false).some((need) => need.kind === 'acknowledge')).toBe(false);
  });

  it('puts my open page before everything, once an incident, and leaves alone what others are paged for', () => {
    const mine = sampleIncident('mine', { status: 'triggered' });
    const theirs = sampleIncident('theirs', { status: 'triggered' });
    const left = sampleIncident('left', { status: 'triggered' });
    const me = samplePeople.priya;
    const escalation = (id: string, status: Escalation['status']) => [id, { id, status } as Escalation] as const;
    const needs = needsMe({ id: me, responds: true }, [theirs, left, mine], [], now, {
      pages: [
        samplePage(1, { incidentId: 'mine', userId: me, at: '2026-11-21T14:00:00.000Z' }),
        samplePage(2, { incidentId: 'mine', userId: me, at: '2026-11-21T14:05:00.000Z' }),
        samplePage(3, { incidentId: 'left', userId: me, status: 'stopped' }),
        samplePage(4, { incidentId: 'theirs', userId: samplePeople.mara }),
      ],
      escalations: new Map([
        escalation('mine', 'waiting'),
        escalation('theirs', 'waiting'),
        escalation('left', 'exhausted'),
      ]),
    });
    expect(needs.map((need) => [need.kind, need.incident.id])).toEqual([
      ['page', 'mine'],
      ['acknowledge', 'left'],
    ]);
    expect(needs[0]).toMatchObject({ page: { number: 2 } });
  });

  it('does not call a new incident nobody’s before paging has looked at it', () => {
    const fresh = sampleIncident('fresh', { status: 'triggered', startedAt: new Date(now - 2_000).toISOString() });
    const kinds = (at: number) =>
      needsMe({ id: samplePeople.priya, responds: true }, [fresh], [], at).map((need) => need.kind);
    expect(kinds(now)).toEqual([]);
    expect(kinds(now + 15_000)).toEqual(['acknowledge']);
  });

  it('forgets what was closed or merged', () => {
    const closed = sampleIncident(sampleIncidentIds.mail, { mergedInto: sampleIncidentIds.cart });
    expect(needsMe({ id: samplePeople.priya, responds: true }, [closed], [], now)).toEqual([]);
  });

  it('counts down what is asked of me, and tells who asked when no answer came in time', () => {
    const console = { asks: rows<Ask>('ask'), polls: rows<Poll>('poll') };
    const asked = (id: string, at = now) =>
      needsMe({ id, responds: true }, rows<Incident>('incident'), [], at, undefined, console)
        .filter((need) => need.kind === 'ask' || need.kind === 'unanswered' || need.kind === 'poll')
        .map((need) => (need.kind === 'poll' ? need.kind : `${need.kind}: ${need.ask.text}`));
    expect(asked(samplePeople.priya)).toEqual(['poll', 'ask: Are invoice orders really unaffected in eu?']);
    // Lucía has objected, Diego agreed and answered.
    expect(asked(samplePeople.lucia)).toEqual(['ask: Which acquirers see declines?']);
    expect(asked(samplePeople.diego)).toEqual([]);
    expect(asked(samplePeople.mara)).toEqual(['unanswered: Which acquirers see declines?']);
    expect(asked(samplePeople.mara, now + 5 * 60_000)).toEqual([
      'unanswered: Which acquirers see declines?',
      'unanswered: Are invoice orders really unaffected in eu?',
    ]);
  });

  it('asks nothing for an incident that is over', () => {
    const closed = rows<Incident>('incident').map((incident) => ({ ...incident, status: 'resolved' as const }));
    const console = { asks: rows<Ask>('ask'), polls: rows<Poll>('poll') };
    expect(needsMe({ id: samplePeople.priya, responds: true }, closed, [], now, undefined, console)).toEqual([]);
  });
});
