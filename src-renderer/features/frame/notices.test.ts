import { describe, expect, it } from 'vitest';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { type Need, needsMe } from '../now/needs-me.ts';
import { needKey, noticesFor, withdrawn } from './notices.ts';

const me = { id: '00000000-0000-7000-8000-000000000009' };
const path = (id: string) => `/incidents/${id}`;
const unanswered = (n: number, severity: 'sev1' | 'sev2' | 'sev3'): Need => ({
  kind: 'acknowledge',
  incident: sampleIncident(`00000000-0000-7000-8000-00000000000${n}`, { severity }),
});

describe('what leaves the window', () => {
  it('is loud for severity 1, quiet for severity 2, and nothing for less', () => {
    const tiers = noticesFor([unanswered(1, 'sev1'), unanswered(2, 'sev2'), unanswered(3, 'sev3')], 0, me, path).map(
      (notice) => notice.tier,
    );
    expect(tiers).toEqual(['page', 'direct']);
  });

  it('becomes one notice when five or more come within a minute', () => {
    const notices = noticesFor(
      [1, 2, 3].map((n) => unanswered(n, 'sev2')),
      2,
      me,
      path,
    );
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ id: 'digest', title: '5 things need you', tier: 'direct' });
  });

  it('tells quietly that an update of mine is due, and as a page that it is overdue, the one in place of the other', () => {
    const dueAt = '2026-11-22T05:15:00.000Z';
    const incident = sampleIncident('i', {
      severity: 'sev1',
      status: 'acknowledged',
      nextUpdateDueAt: dueAt,
      roles: [{ role: 'commander', userId: me.id, since: null, offer: null }],
    });
    const at = (time: string) => needsMe({ ...me, responds: true }, [incident], [], Date.parse(time));
    const due = at('2026-11-22T05:10:00.000Z');
    const overdue = at('2026-11-22T05:15:15.000Z');
    expect(at('2026-11-22T05:09:45.000Z')).toEqual([]);
    expect(noticesFor(due, 0, me, path)).toMatchObject([{ tier: 'direct', title: 'A status update is due from you' }]);
    expect(noticesFor(overdue, 0, me, path)).toMatchObject([{ tier: 'page' }]);
    const keys = (needs: readonly Need[]) => new Set(needs.map(needKey));
    expect(withdrawn(keys(due), keys(overdue))).toEqual([...keys(due)]);
  });

  it('does not tell me of a task that I gave myself', () => {
    const task = {
      id: 't',
      version: 1,
      incidentId: 'i',
      title: 'x',
      ownerId: me.id,
      dueAt: null,
      doneAt: null,
      doneBy: null,
      createdBy: me.id,
      createdAt: '',
    };
    expect(noticesFor([{ kind: 'task', task, incident: sampleIncident('i') }], 0, me, path)).toEqual([]);
  });
});

it('takes back what was answered anywhere, and the digest with the last of it', () => {
  expect(withdrawn(new Set(['task 1', 'ask 2 x']), new Set(['ask 2 x', 'poll 3']))).toEqual(['task 1']);
  expect(withdrawn(new Set(['task 1']), new Set())).toEqual(['task 1', 'digest']);
  expect(withdrawn(new Set(), new Set())).toEqual([]);
});
