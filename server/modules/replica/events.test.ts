import { describe, expect, test } from 'vitest';
import type { Change } from '#server/contract/replica.ts';
import { createEventNaming } from '#server/modules/replica/events.ts';

function put(
  entity: 'alert' | 'incident' | 'timeline' | 'change' | 'user',
  version: number,
  status?: string,
  id = 'a',
): Change {
  return { op: 'put', entity, id, version, body: { status } };
}

describe('naming of events', () => {
  test('an alert fires, changes, resolves and fires again', () => {
    const name = createEventNaming();
    const steps = [
      put('alert', 1, 'firing'),
      put('alert', 2, 'firing'),
      put('alert', 3, 'resolved'),
      put('alert', 4, 'resolved'),
      put('alert', 5, 'firing'),
    ];
    expect(steps.map(name)).toEqual(['ALERT_FIRED', 'ALERT_CHANGED', 'ALERT_RESOLVED', 'ALERT_CHANGED', 'ALERT_FIRED']);
  });

  test('an incident that was open before the subscription changes and resolves', () => {
    const name = createEventNaming();
    expect(
      [put('incident', 7, 'triggered'), put('incident', 8, 'acknowledged'), put('incident', 9, 'resolved')].map(name),
    ).toEqual(['INCIDENT_CHANGED', 'INCIDENT_CHANGED', 'INCIDENT_RESOLVED']);
  });

  test('entries and changes are named once, when they are new; other things never', () => {
    const name = createEventNaming();
    expect([put('timeline', 1), put('timeline', 2), put('change', 1), put('user', 1)].map(name)).toEqual([
      'TIMELINE_ADDED',
      null,
      'CHANGE_RECORDED',
      null,
    ]);
    expect(name({ op: 'delete', entity: 'alert', id: 'a', version: 2 })).toBeNull();
  });

  test('remembers a bounded number of things', () => {
    const name = createEventNaming();
    for (let i = 0; i < 25_000; i += 1) name(put('alert', 1, 'resolved', `old ${i}`));
    // Forgotten, so it counts as new to this subscription; the newest is remembered.
    expect(name(put('alert', 2, 'resolved', 'old 0'))).toBe('ALERT_RESOLVED');
    expect(name(put('alert', 2, 'resolved', 'old 24999'))).toBe('ALERT_CHANGED');
  });
});
