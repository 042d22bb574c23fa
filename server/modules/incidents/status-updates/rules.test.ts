import { describe, expect, it } from 'vitest';
import type { ActionOf } from '#server/contract/intent.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { StatusUpdate, UpdateDelivery } from '#server/contract/status-update.ts';
import {
  approvalNeeded,
  decidePostUpdate,
  decideRetryUpdate,
  decideUpdateDecision,
  decideWithdrawUpdate,
} from '#server/modules/incidents/status-updates/rules.ts';
import type { UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';
import { next, people, someFacts, teamA } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const incidentId = testId(1);
const updateId = testId(21);
const at = '2026-11-21T13:00:00.000Z';
const page: UpdateTarget = {
  kind: 'statuspage',
  id: testId(71),
  name: 'Public page',
  channelId: testId(71),
  addresses: [''],
  fault: null,
  seal: 'page',
};
const list: UpdateTarget = {
  kind: 'list',
  id: testId(72),
  name: 'Customers',
  channelId: testId(73),
  addresses: ['a@example.com', 'b@example.com'],
  fault: null,
  seal: 'list',
};

function posting(change: Partial<ActionOf<'incident.post-update'>> = {}): ActionOf<'incident.post-update'> {
  return {
    kind: 'incident.post-update',
    incidentId,
    entryId: updateId,
    text: 'We know why',
    nextInMinutes: null,
    ...change,
  };
}
function world(targets: UpdateTarget[] = [], approverFrom: Severity | null = null) {
  return { number: 3, targets, approverFrom };
}
function anUpdate(change: Partial<StatusUpdate> = {}): StatusUpdate {
  return {
    id: updateId,
    version: 1,
    incidentId,
    number: 3,
    text: 'We know why',
    nextInMinutes: null,
    statusPages: [page.id],
    lists: [],
    openly: false,
    state: 'awaiting',
    writtenBy: people.mara.id,
    writtenAt: at,
    approverId: people.diego.id,
    decidedBy: null,
    decidedAt: null,
    decision: null,
    deliveries: [],
    ...change,
  };
}
function deciding(change: Partial<ActionOf<'update.decide'>> = {}): ActionOf<'update.decide'> {
  return { kind: 'update.decide', incidentId, updateId, approve: true, reason: null, incidentVersion: null, ...change };
}
const restricted = () => anIncident({ restrictedTo: [teamA] });

describe('posting an update', () => {
  it('goes to the timeline at once, sets when the next is due, and queues one delivery a target', () => {
    const action = posting({ statusPages: [page.id], lists: [list.id] });
    const decision = decidePostUpdate(anIncident(), action, world([page, list]), someFacts());
    expect(decision).toMatchObject({
      next: {
        incident: {
          lastUpdate: { at, by: people.mara.id, text: 'We know why' },
          nextUpdateDueAt: '2026-11-21T13:30:00.000Z',
        },
        update: {
          id: updateId,
          number: 3,
          state: 'sent',
          deliveries: [
            { kind: 'statuspage', name: 'Public page', state: 'waiting', recipients: 1 },
            { kind: 'list', name: 'Customers', state: 'waiting', recipients: 2 },
          ],
        },
      },
      entries: [
        {
          id: updateId,
          kind: 'update',
          text: 'We know why',
          detail: 'Next update due 21 Nov 13:30 UTC. Also to Public page and Customers',
        },
      ],
    });
  });

  it('takes its own cadence, none without one, and promises nothing of a resolved incident', () => {
    const due = (incident = anIncident(), nextInMinutes: number | null = null) =>
      next(decidePostUpdate(incident, posting({ nextInMinutes }), world(), someFacts())).incident?.nextUpdateDueAt;
    expect(due(anIncident(), 5)).toBe('2026-11-21T13:05:00.000Z');
    expect(due(anIncident({ updateCadenceMinutes: null }))).toBeNull();
    expect(due(anIncident({ status: 'resolved' }), 5)).toBeNull();
  });

  it('of two at once posts the first, and shows the second the other one', () => {
    const theirs = anIncident({
      version: 5,
      lastUpdate: { at, by: people.diego.id, text: 'Rolling back' },
      fieldVersions: { update: 5 },
    });
    const stale = someFacts({ baseVersion: 4 });
    expect(decidePostUpdate(theirs, posting(), world(), stale)).toMatchObject({
      outcome: 'conflict',
      reason: 'The update of Diego from 21 Nov 13:00 UTC stands',
      entries: [{ text: expect.stringContaining('“We know why”') }],
    });
    expect(decidePostUpdate(theirs, posting(), world(), someFacts({ baseVersion: 5 })).outcome).toBe('applied');
    // A second word after one's own needs no look at the first.
    const mine = { ...theirs, lastUpdate: { at, by: people.mara.id, text: 'Rolling back' } };
    expect(decidePostUpdate(mine, posting(), world(), stale).outcome).toBe('applied');
  });

  it('of a restricted incident leaves the center only with an explicit yes', () => {
    const action = posting({ statusPages: [page.id] });
    expect(decidePostUpdate(restricted(), action, world([page]), someFacts())).toMatchObject({
      code: 'invalid',
      reason: expect.stringContaining('restricted'),
    });
    expect(decidePostUpdate(restricted(), { ...action, openly: true }, world([page]), someFacts()).outcome).toBe(
      'applied',
    );
    expect(decidePostUpdate(restricted(), posting(), world(), someFacts()).outcome).toBe('applied');
  });

  it('names what is wrong with a target before anything is posted', () => {
    const gone = { ...list, fault: 'there is no such list any more. Choose another one.' };
    expect(decidePostUpdate(anIncident(), posting(), world([gone]), someFacts())).toMatchObject({
      reason: 'It cannot go to Customers: there is no such list any more. Choose another one.',
    });
  });

  it('of a merged incident is refused', () => {
    const merged = anIncident({ mergedInto: testId(2), status: 'resolved' });
    expect(decidePostUpdate(merged, posting(), world(), someFacts()).outcome).toBe('conflict');
  });
});

describe('an approver', () => {
  it.each([
    ['sev2', 'sev1', true, false],
    ['sev1', 'sev1', true, true],
    ['sev1', 'sev3', true, true],
    ['sev1', 'sev1', false, false],
    ['sev1', null, true, false],
  ] as const)('at %s, demanded from %s on, leaving: %s, is needed: %s', (severity, from, leaves, needed) => {
    expect(approvalNeeded({ severity }, from, leaves) !== null).toBe(needed);
  });

  it('gets it before anybody else: nothing is published, and the timeline says who was asked', () => {
    const action = posting({ statusPages: [page.id], approverId: people.diego.id });
    const decision = decidePostUpdate(anIncident(), action, world([page], 'sev1'), someFacts());
    expect(decision).toMatchObject({
      next: { incident: null, update: { state: 'awaiting', approverId: people.diego.id, deliveries: [] } },
      entries: [{ kind: 'publishing', text: 'Mara wrote update 3 and asked Diego to approve it' }],
    });
  });

  it.each([
    ['mara', 'Somebody else approves it'],
    ['vera', 'only looks on'],
    ['otto', 'in none of the teams'],
    ['gone', 'Nobody with that id'],
  ] as const)('is somebody else who may act and may see it, so not %s', (who, why) => {
    const action = posting({ approverId: people[who].id });
    expect(decidePostUpdate(restricted(), action, world(), someFacts())).toMatchObject({
      reason: expect.stringContaining(why),
    });
  });

  it('is demanded where the settings say so', () => {
    const action = posting({ statusPages: [page.id] });
    const severe = anIncident({ severity: 'sev1' });
    expect(decidePostUpdate(severe, action, world([page], 'sev2'), someFacts())).toMatchObject({
      code: 'invalid',
      reason: expect.stringContaining('has to be approved'),
    });
  });

  it('publishes by approving: under the word of who wrote it, counted from now', () => {
    const decision = decideUpdateDecision(anIncident(), anUpdate(), deciding(), [page], someFacts({ by: 'diego' }));
    expect(decision).toMatchObject({
      next: {
        update: { state: 'sent', decidedBy: people.diego.id, version: 2 },
        incident: { lastUpdate: { by: people.mara.id }, nextUpdateDueAt: '2026-11-21T13:30:00.000Z' },
      },
      entries: [{ id: updateId, detail: expect.stringContaining('Approved by Diego') }],
    });
  });

  it.each(['severity', 'status', 'restriction', 'update', 'impact'] as const)(
    'is shown the preview again when the %s changed since it was looked at',
    (field) => {
      const moved = anIncident({ version: 9, fieldVersions: { [field]: 9 } });
      const seen = (incidentVersion: number) =>
        decideUpdateDecision(moved, anUpdate(), deciding({ incidentVersion }), [page], someFacts({ by: 'diego' }));
      expect(seen(8)).toMatchObject({
        outcome: 'conflict',
        reason: expect.stringContaining('look at the preview again'),
      });
      expect(seen(9).outcome).toBe('applied');
    },
  );

  it('says yes openly when the incident was restricted after it was written', () => {
    const facts = someFacts({ by: 'diego' });
    expect(decideUpdateDecision(restricted(), anUpdate(), deciding(), [page], facts)).toMatchObject({
      code: 'invalid',
    });
    expect(
      next(decideUpdateDecision(restricted(), anUpdate(), deciding({ openly: true }), [page], facts)).update.openly,
    ).toBe(true);
  });

  it.each([
    ['diego', 'applied'],
    ['sam', 'applied'],
    ['mara', 'rejected'],
    ['otto', 'rejected'],
  ] as const)('decides or a manager does, never its writer: %s is %s', (by, outcome) => {
    expect(decideUpdateDecision(anIncident(), anUpdate(), deciding(), [page], someFacts({ by })).outcome).toBe(outcome);
  });

  it('declines with a reason, and nothing is published', () => {
    const decline = (reason: string | null) =>
      decideUpdateDecision(
        anIncident(),
        anUpdate(),
        deciding({ approve: false, reason }),
        [page],
        someFacts({ by: 'diego' }),
      );
    expect(decline(null)).toMatchObject({ code: 'invalid' });
    expect(decline('Names a customer')).toMatchObject({
      next: { incident: null, update: { state: 'declined', decision: 'Names a customer' } },
      entries: [{ kind: 'publishing', text: 'Diego declined update 3', detail: 'Names a customer' }],
    });
  });

  it('comes second: who decided first, and how, is told', () => {
    const facts = someFacts({ by: 'diego' });
    const sent = anUpdate({ state: 'sent', decidedBy: people.sam.id, decidedAt: at });
    expect(decideUpdateDecision(anIncident(), sent, deciding(), [], facts)).toMatchObject({
      outcome: 'noop',
      by: 'Sam',
    });
    const withdrawn = anUpdate({ state: 'withdrawn', decidedBy: people.mara.id, decidedAt: at });
    expect(decideUpdateDecision(anIncident(), withdrawn, deciding(), [], facts)).toMatchObject({
      outcome: 'conflict',
      reason: 'It is withdrawn by Mara already',
    });
  });
});

it('is withdrawn by its writer, the commander or a manager, as long as it waits', () => {
  const withdraw = (by: keyof typeof people, update = anUpdate()) =>
    decideWithdrawUpdate(anIncident(), update, someFacts({ by })).outcome;
  expect(['mara', 'sam', 'diego'].map((by) => withdraw(by as 'mara'))).toEqual(['applied', 'applied', 'rejected']);
  expect(withdraw('mara', anUpdate({ state: 'sent' }))).toBe('conflict');
});

describe('sending again', () => {
  const failed: UpdateDelivery = {
    kind: 'list',
    targetId: list.id,
    name: 'Customers',
    state: 'failed',
    recipients: 2,
    sent: 1,
    failed: 1,
    repeated: 0,
    at,
    error: 'no',
  };
  const sent = (deliveries: UpdateDelivery[]) => anUpdate({ state: 'sent', deliveries });

  it('is for what failed of the newest update', () => {
    expect(decideRetryUpdate(anIncident(), sent([failed]), updateId, someFacts())).toMatchObject({
      next: { incident: null, update: { deliveries: [{ state: 'waiting', sent: 1, failed: 0, error: null }] } },
      entries: [{ text: 'Mara sent update 3 again to Customers' }],
    });
    expect(decideRetryUpdate(anIncident(), sent([failed]), testId(99), someFacts())).toMatchObject({
      reason: expect.stringContaining('A newer update'),
    });
    expect(decideRetryUpdate(anIncident(), sent([{ ...failed, state: 'sent' }]), updateId, someFacts()).outcome).toBe(
      'noop',
    );
    expect(decideRetryUpdate(restricted(), sent([failed]), updateId, someFacts())).toMatchObject({ code: 'invalid' });
  });
});
