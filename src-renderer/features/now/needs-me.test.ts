import { describe, expect, it } from 'vitest';
import { sampleIncidentIds, samplePeople } from '../../testkit/sample-ids.ts';
import { sampleChanges } from '../../testkit/sample-state.ts';
import type { Incident, Task } from '#server/contract/incident.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
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

  it('forgets what was closed or merged', () => {
    const closed = sampleIncident(sampleIncidentIds.mail, { mergedInto: sampleIncidentIds.cart });
    expect(needsMe({ id: samplePeople.priya, responds: true }, [closed], [], now)).toEqual([]);
  });
});
