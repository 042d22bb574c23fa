import { describe, expect, it } from 'vitest';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import { samplePeople } from '../../testkit/sample-ids.ts';
import { sampleStatusUpdates, sampleUpdatePreview, sampleWaysOut } from '../../testkit/sample-updates.ts';
import { needsMe } from '../now/needs-me.ts';
import { noticesFor } from '../frame/notices.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { whyNotApprove, whyNotDecide } from './approve-dialog.tsx';
import { addressesIn, faultyAddresses, listWords } from './stakeholder-words.ts';
import { declinedToMe, newestSent, outcomeWords, stillThere, targetChoices, waitsForMe } from './update-facts.ts';

const now = Date.parse('2026-11-21T14:00:00.000Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const { channel, stakeholderList } = sampleWaysOut(ago);
const [sent, awaiting] = sampleStatusUpdates(ago) as [StatusUpdate, StatusUpdate];
const [page, partners] = sent.deliveries.filter((delivery) => delivery.name !== 'Support and sales');

describe('where an update can go', () => {
  const choices = targetChoices(channel, stakeholderList);

  it('is status pages that are switched on, then lists with how many read them', () => {
    expect(choices.map(({ label }) => label)).toEqual([
      'status.larkspur.example',
      'Payment partners (38)',
      'Support and sales (4)',
    ]);
    expect(
      targetChoices(
        channel.map((each) => ({ ...each, enabled: false })),
        [],
      ),
    ).toEqual([]);
  });

  it('is never what is gone by now', () => {
    expect(stillThere({ statusPages: ['gone', ...sent.statusPages], lists: ['gone'] }, choices)).toEqual({
      statusPages: sent.statusPages,
      lists: [],
    });
  });
});

it('what readers know is what was sent last, not what was written last', () => {
  const later: StatusUpdate = { ...sent, id: 'x', number: 3, writtenAt: ago(30), decidedAt: ago(1) };
  const other: StatusUpdate = { ...sent, id: 'y', number: 4, writtenAt: ago(5) };
  expect(newestSent([sent, other, later, awaiting])?.id).toBe('x');
  expect(newestSent([awaiting])).toBeUndefined();
});

it('a declined update comes back to its writer until they write another', () => {
  const declined: StatusUpdate = { ...awaiting, state: 'declined', writtenBy: samplePeople.priya };
  expect(declinedToMe([declined, sent], samplePeople.priya)).toBe(declined);
  expect(
    declinedToMe([declined, { ...sent, number: 9, writtenBy: samplePeople.priya }], samplePeople.priya),
  ).toBeUndefined();
  expect(declinedToMe([declined], samplePeople.mara)).toBeUndefined();
});

it.each([
  [page, {}, 'published'],
  [page, { state: 'failed' }, 'failed'],
  [partners, {}, '2 of 38 failed, 1 may have come twice'],
  [partners, { state: 'waiting', sent: 0 }, 'waiting'],
  [partners, { state: 'waiting', sent: 7 }, '7 of 38 sent'],
  [partners, { state: 'sent', sent: 38, repeated: 0 }, '38 sent'],
  [partners, { recipients: 0 }, 'everybody on it got it by another list'],
] as const)('says in a few words how it went: %#', (delivery, change, words) => {
  expect(outcomeWords({ ...delivery!, ...change })).toBe(words);
});

describe('the approver', () => {
  const incident = sampleIncident(awaiting.incidentId, { number: 2042, title: 'Search is slow', status: 'resolved' });
  const need = (id: string, update: StatusUpdate) =>
    needsMe({ id, responds: true }, [incident], [], now, undefined, { asks: [], polls: [], updates: [update] });

  it('finds it under Now, also of an incident that is resolved by then, and is told quietly', () => {
    const [mine] = need(samplePeople.priya, awaiting);
    expect(mine).toMatchObject({ kind: 'approve', update: { id: awaiting.id } });
    expect(noticesFor([mine!], 0, { id: samplePeople.priya }, (id) => id)).toMatchObject([
      { title: 'Approve update 1 of INC-2042', body: 'Search is slow', tier: 'direct' },
    ]);
    expect(need(samplePeople.mara, awaiting)).toEqual([]);
    expect(need(samplePeople.priya, { ...awaiting, state: 'withdrawn' })).toEqual([]);
    expect(waitsForMe(awaiting, samplePeople.priya)).toBe(true);
  });

  it('is the one who was asked, or a manager, never its writer', () => {
    const why = (id: string, role: 'responder' | 'manager') => whyNotDecide(awaiting, { id, role }, 'Priya');
    expect(why(samplePeople.priya, 'responder')).toBeNull();
    expect(why(samplePeople.mara, 'manager')).toBeNull();
    expect(why(samplePeople.mara, 'responder')).toContain('Priya was asked');
    expect(why(samplePeople.diego, 'manager')).toContain('You wrote it');
  });
});

it('what is approved is what stands on the screen: nothing while another preview is on its way', () => {
  const data = sampleUpdatePreview({ text: 'x', updateId: null, statusPages: [page!.targetId] });
  expect(whyNotApprove({ data, asking: false }, false)).toBeNull();
  expect(whyNotApprove({ data, asking: true }, false)).toBe('The preview has not come yet.');
  expect(whyNotApprove({ data: undefined, asking: false }, true)).toBe('The preview has not come yet.');
  const beyond = sampleUpdatePreview({ text: 'x', updateId: awaiting.id });
  expect(whyNotApprove({ data: beyond, asking: false }, false)).toContain('First say yes');
  expect(whyNotApprove({ data: beyond, asking: false }, true)).toBeNull();
  const [first, ...rest] = data.targets;
  const faulty = { ...data, targets: [{ ...first!, fault: 'it is switched off.' }, ...rest] };
  expect(whyNotApprove({ data: faulty, asking: false }, true)).toContain('it is switched off.');
});

it('addresses are taken as they are pasted', () => {
  expect(addressesIn('Ann <Ann@x.example>; bob@y.example,\n bob@y.example no')).toEqual([
    'ann@x.example',
    'bob@y.example',
  ]);
  expect(faultyAddresses(['a@b.example', 'a@b', 'nobody'])).toEqual(['a@b', 'nobody']);
  expect(listWords({ userIds: ['a'], addresses: [] })).toBe('1 person');
  expect(listWords({ userIds: [], addresses: [] })).toBe('nobody');
  expect(listWords({ userIds: ['a', 'b'], addresses: ['c'] })).toBe('2 people, 1 address');
});
