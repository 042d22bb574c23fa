import { describe, expect, it } from 'vitest';
import type { Incident, Task } from '#server/contract/incident.ts';
import type { User } from '#server/contract/people.ts';
import { sampleAsks, samplePolls } from '../../testkit/sample-console.ts';
import { sampleIncidentIds } from '../../testkit/sample-ids.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { sampleChanges } from '../../testkit/sample-state.ts';
import { briefing } from './briefing.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');
const at =
  (sign: number) =>
  (minutes: number, seconds = 0) =>
    new Date(now + sign * (minutes * 60 + seconds) * 1_000).toISOString();
const rows = <T>(entity: string) =>
  sampleChanges(now).flatMap((change) => (change.op === 'put' && change.entity === entity ? [change.body as T] : []));
const names = new Map(rows<User>('user').map((user) => [user.id, user.name]));
const nameOf = (id: string | null) => (id === null ? 'Nobody' : (names.get(id) ?? 'Somebody'));

describe('a briefing', () => {
  it('says where it stands, what is waited for, what is being done, what was decided and by whom it is held', () => {
    const incident = rows<Incident>('incident').find((row) => row.id === sampleIncidentIds.checkout)!;
    const [poll] = samplePolls(at(-1), at(1));
    const polls = [{ ...poll!, outcome: 'objected' as const, closedAt: at(-1)(1) }];
    const text = briefing({ incident, asks: sampleAsks(at(-1), at(1)), polls, tasks: rows<Task>('task'), nameOf, now });
    expect(text).toBe(
      [
        'INC-2041 Checkout failing for card payments: severity 1, acknowledged, open 23 min.',
        'Impact: 38 % of EU card orders fail, about 410 a minute. Invoice and gift cards work.',
        'Last update, 14:23 UTC: Cause narrowed to the release.',
        'Next update: due 14:38 UTC',
        '',
        'Waiting for:',
        '- Lucía Ferrer: Which acquirers see declines? (OVERDUE since 14:29 UTC)',
        '- Priya Raman: Are invoice orders really unaffected in eu? (due 14:36 UTC)',
        '',
        'Being done:',
        '- Diego Santos: Roll back pay-8c21 and pay-b0e4 (due 14:36 UTC)',
        '- Priya Raman: Write the rollback note for payments 4.18.0 (due 14:40 UTC)',
        '- Lucía Ferrer: Run failed captures again, 1,940 (due 15:10 UTC)',
        '',
        'Decided:',
        '- Objected: Roll back all of eu at once?; Lucía Ferrer objected: Leave one pod: the acquirer caps new sessions.',
        '',
        'Roles:',
        '- commander: Mara Lindqvist',
        '- operations: Diego Santos',
        '- liaison: Lucía Ferrer',
      ].join('\n'),
    );
  });

  it('leaves out what there is none of, and is never longer than the server takes', () => {
    const incident = sampleIncident('one', { title: 'x'.repeat(5_000), startedAt: at(-1)(1) });
    const nothing = { asks: [], polls: [], tasks: [], nameOf, now };
    expect(briefing({ ...nothing, incident })).toHaveLength(4_000);
    expect(briefing({ ...nothing, incident: { ...incident, title: 'Short' } })).not.toContain('Waiting for');
  });
});
