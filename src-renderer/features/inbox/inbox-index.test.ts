import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Change, EntityName } from '#server/contract/replica.ts';
import { createView } from '../../replica/rows/view.ts';
import { sampleIncidentIds, samplePeople } from '../../testkit/sample-ids.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { sampleChanges } from '../../testkit/sample-state.ts';
import { createInboxIndex } from './inbox-index.ts';
import { waits } from './inbox-items.ts';
import { isMuted } from './use-inbox.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');
const minute = (by: number) => new Date(now + by * 60_000).toISOString();
const put = (entity: EntityName, body: { id: string; version: number; [field: string]: unknown }): Change => ({
  op: 'put',
  entity,
  id: body.id,
  version: body.version,
  body,
});

function setUp(meId: string, changes = sampleChanges(now)) {
  const view = createView();
  const own = { teams: [] as string[], services: [] as string[] };
  const index = createInboxIndex({ id: meId, teamIds: () => own.teams, serviceIds: () => own.services }, view.follow);
  view.apply(changes);
  const kinds = (at = now) => {
    index.catchUp(view.tables());
    return index.items(at).map(({ kind }) => kind);
  };
  return { view, index, own, kinds };
}

describe('the inbox', () => {
  it('holds what means me and what goes on around me, newest first', () => {
    const { index, kinds } = setUp(samplePeople.priya);
    expect(new Set(kinds())).toEqual(
      new Set(['offer', 'task', 'mention', 'ask', 'poll', 'approve', 'opened', 'resolved']),
    );
    const times = index.items(now).map(({ at }) => at);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(index.personal(now).every(({ tier }) => tier !== 'ambient')).toBe(true);
  });

  it('says nothing of what I did myself, and nothing of what means somebody else', () => {
    const { kinds } = setUp(samplePeople.kenji, []);
    expect(kinds()).toEqual([]);
    const mine = setUp(samplePeople.kenji, [
      put('incident', sampleIncident(sampleIncidentIds.checkout, { declaredBy: samplePeople.kenji })),
      put('incident', sampleIncident(sampleIncidentIds.refunds, { declaredBy: samplePeople.mara })),
    ]);
    expect(mine.kinds()).toEqual(['opened']);
  });

  it('is the same by following single rows as by reading everything anew', () => {
    const followed = setUp(samplePeople.priya, []);
    for (const change of sampleChanges(now)) {
      followed.view.apply([change]);
      followed.index.catchUp(followed.view.tables());
    }
    expect(followed.index.items(now)).toEqual(
      (({ index, kinds }) => (kinds(), index.items(now)))(setUp(samplePeople.priya)),
    );
  });

  it('takes in only what changed, and a row that goes takes its items with it', () => {
    const { view, index, kinds } = setUp(samplePeople.priya);
    kinds();
    const before = index.catchUp(view.tables());
    expect(index.catchUp(view.tables())).toBe(before);
    const [mention] = index.items(now).filter((item) => item.kind === 'mention');
    const message = mention?.message as ChatMessage;
    view.apply([put('chat', { ...message, version: message.version + 1, deletedAt: minute(0), text: '' })]);
    expect(kinds()).not.toContain('mention');
    view.clear();
    expect(kinds()).toEqual([]);
  });

  it('tells of an update five minutes before it is due, and of a late ask when it is late', () => {
    const commanded = sampleIncident(sampleIncidentIds.checkout, {
      declaredBy: samplePeople.mara,
      roles: [{ role: 'commander', userId: samplePeople.mara, since: minute(-20), offer: null }],
      nextUpdateDueAt: minute(10),
    });
    const { kinds } = setUp(samplePeople.mara, [put('incident', commanded)]);
    expect(kinds()).toEqual([]);
    expect(kinds(now + 6 * 60_000)).toEqual(['update']);
  });

  it('knows my services by my teams and by the runbooks I keep, also when that changes later', () => {
    const { view, own, kinds } = setUp(samplePeople.priya);
    const service = [...view.tables().service.rows.values()].find(({ name }) =>
      [...view.tables().change.rows.values()].some((change) => change.service === name),
    );
    expect(kinds()).not.toContain('deploy');
    own.services.push(service?.id ?? '');
    const preference = { id: samplePeople.priya, version: 1, values: {} };
    view.apply([put('preference', preference)]);
    expect(kinds()).toContain('deploy');
  });

  it('marks what still waits for me, and a muted incident silences all but its pages', () => {
    const { index, kinds } = setUp(samplePeople.priya);
    kinds();
    const waiting = index.items(now).filter((item) => waits(item, { id: samplePeople.priya }));
    expect(new Set(waiting.map(({ kind }) => kind))).toEqual(new Set(['offer', 'task', 'ask', 'poll', 'approve']));
    const [item] = waiting;
    const muted = [item?.incidentId ?? ''];
    expect(item !== undefined && isMuted(item, muted)).toBe(true);
    expect(item !== undefined && isMuted({ ...item, tier: 'page' }, muted)).toBe(false);
  });
});
