import { describe, expect, test } from 'vitest';
import { createCallerFactory } from '#server/api/trpc.ts';
import type { Change } from '#server/contract/replica.ts';
import { createEventNaming } from '#server/modules/replica/events.ts';
import { createEventsRouter } from '#server/modules/replica/router.ts';
import { anActor } from '#server/testkit/people.ts';

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

test('after a cut every step is told, also of what has moved on since', async () => {
  const steps = [put('alert', 1, 'firing'), put('alert', 2, 'resolved'), put('alert', 3, 'firing')];
  const closer = new AbortController();
  const router = createEventsRouter({
    async *stream(_actor, previous, _signal, resumed) {
      const changes = resumed?.missed === 'every' ? steps : steps.slice(-1);
      yield {
        previous: previous ?? '0.0',
        position: '9.0',
        serverNow: '2026-11-22T12:00:00.000Z',
        changes,
        reset: null,
      };
      closer.abort();
    },
  });
  const caller = createCallerFactory(router)(
    { actor: anActor(), ip: '127.0.0.1', traceId: 't', idempotencyKey: null },
    { signal: closer.signal },
  );
  const told: string[] = [];
  const heard = await caller.subscribe({ names: ['ALERT_FIRED', 'ALERT_RESOLVED'], lastEventId: '1.0' });
  for await (const [, event] of heard as AsyncIterable<[string, { name: string }]>) told.push(event.name);
  expect(told).toEqual(['ALERT_FIRED', 'ALERT_RESOLVED', 'ALERT_FIRED']);
});
