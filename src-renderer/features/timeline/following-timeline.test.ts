import { expect, it } from 'vitest';
import type { ChangeEvent, TimelineEntry } from '#server/contract/incident.ts';
import type { EntityName } from '#server/contract/replica.ts';
import { createView } from '../../replica/rows/view.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { manyEvents } from '../../testkit/sample-timeline.ts';
import { followTimeline } from './following-timeline.ts';
import { createTimelineIndex } from './timeline-index.ts';

const nowMs = Date.parse('2026-11-21T14:00:00.000Z');
const [first, second] = manyEvents(2, nowMs) as [TimelineEntry, TimelineEntry];
const incident = sampleIncident(first.incidentId, { startedAt: first.at, services: ['payments'] });
const deploy: ChangeEvent = {
  id: sampleId('change', 1),
  version: 1,
  at: second.at,
  title: 'payments 4.18.0 deployed',
  service: 'payments',
  source: 'deploys',
  integrationId: sampleId('integration', 1),
  links: [],
};

function scene(file?: { changes: ChangeEvent[] }) {
  const view = createView();
  const index = createTimelineIndex();
  const asked = file === undefined ? undefined : { incident, madeAt: second.at, entries: [], cut: false, ...file };
  const following = followTimeline(index, view, incident, asked);
  const put = (entity: EntityName, row: TimelineEntry | ChangeEvent) =>
    view.apply([{ op: 'put', entity, id: row.id, version: row.version, body: row }]);
  const remove = (entity: EntityName, id: string) => view.apply([{ op: 'delete', entity, id, version: 99 }]);
  const ids = () => index.all().map(({ id }) => id);
  return { following, put, remove, ids };
}

it('takes in what arrives, in order, and knows when nothing did', () => {
  const { following, put, ids } = scene();
  put('timeline', second);
  expect([following.waiting(), following.catchUp(), following.waiting()]).toEqual([true, true, false]);
  put('timeline', first);
  put('change', deploy);
  expect(following.catchUp()).toBe(true);
  expect(ids()).toEqual([first.id, second.id, deploy.id]);
  expect(following.catchUp()).toBe(false);
});

it('leaves out what belongs to other incidents and services', () => {
  const { following, put, ids } = scene();
  following.catchUp();
  put('timeline', { ...first, incidentId: sampleId('incident', 9) });
  put('change', { ...deploy, service: 'search' });
  expect(following.waiting()).toBe(true);
  expect(following.catchUp()).toBe(false);
  expect(ids()).toEqual([]);
});

it('follows a star, and an entry that is no longer to be seen', () => {
  const { following, put, remove, ids } = scene();
  put('timeline', first);
  following.catchUp();
  put('timeline', { ...first, version: 2, starred: true });
  expect(following.catchUp()).toBe(true);
  remove('timeline', first.id);
  expect([following.catchUp(), ids()]).toEqual([true, []]);
});

it('keeps a change that left this machine for its age, where the center told of it', () => {
  for (const [file, left] of [
    [{ changes: [deploy] }, [deploy.id]],
    [undefined, []],
  ] as const) {
    const { following, put, remove, ids } = scene(file === undefined ? undefined : { changes: [...file.changes] });
    put('change', deploy);
    following.catchUp();
    remove('change', deploy.id);
    following.catchUp();
    expect(ids()).toEqual(left);
  }
});
