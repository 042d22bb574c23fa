import { expect, it } from 'vitest';
import type { ActionOf } from '#server/contract/intent.ts';
import { decidePostUpdate, decideUpdateDecision } from '#server/modules/incidents/status-updates/rules.ts';
import type { UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';
import { next, people, someFacts, teamA } from '#server/testkit/incident-facts.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const list: UpdateTarget = {
  kind: 'list',
  id: testId(72),
  name: 'Customers',
  channelId: testId(73),
  addresses: ['a@example.com'],
  fault: null,
  seal: 'two readers',
};
const open = anIncident();
const restricted = anIncident({ restrictedTo: [teamA] });
const action: ActionOf<'incident.post-update'> = {
  kind: 'incident.post-update',
  incidentId: open.id,
  entryId: testId(21),
  text: 'We know why',
  nextInMinutes: null,
  lists: [list.id],
  openly: true,
};
const world = { number: 1, targets: [list], approverFrom: null };

it('takes a yes to outside readers for what is restricted then, not for what may be restricted later', () => {
  expect(next(decidePostUpdate(open, action, world, someFacts())).update.openly).toBe(false);
  expect(next(decidePostUpdate(restricted, action, world, someFacts())).update.openly).toBe(true);
});

it('asks the approver again when it was restricted after a yes that meant nothing', () => {
  const facts = someFacts({ by: 'diego' });
  const written = next(decidePostUpdate(open, { ...action, approverId: people.diego.id }, world, someFacts())).update;
  const deciding = { incidentId: open.id, updateId: written.id, approve: true, reason: null, incidentVersion: null };
  const decide = { kind: 'update.decide', ...deciding } as const;
  expect(decideUpdateDecision(restricted, written, decide, [list], facts)).toMatchObject({
    outcome: 'rejected',
    reason: expect.stringContaining('is restricted'),
  });
  const yes = decideUpdateDecision(restricted, written, { ...decide, openly: true }, [list], facts);
  expect(next(yes).update.openly).toBe(true);
  expect(next(decideUpdateDecision(open, written, { ...decide, openly: true }, [list], facts)).update.openly).toBe(
    false,
  );
});

it('asks the approver again when others would get it than those in the preview, and says what changed', () => {
  const written = next(decidePostUpdate(open, { ...action, approverId: people.diego.id }, world, someFacts())).update;
  const ids = { incidentId: open.id, updateId: written.id };
  const decide = (now: UpdateTarget, seals?: { id: string; seal: string }[]) =>
    decideUpdateDecision(
      open,
      written,
      { kind: 'update.decide', ...ids, approve: true, reason: null, incidentVersion: null, targets: seals },
      [now],
      someFacts({ by: 'diego' }),
    );
  const seen = [{ id: list.id, seal: list.seal }];
  const grown = { ...list, addresses: ['a@example.com', 'press@example.com'], seal: 'another' };
  expect(decide(list, seen).outcome).toBe('applied');
  expect(decide(grown, seen)).toMatchObject({
    outcome: 'conflict',
    reason: 'Since then something else changed: who gets Customers (2 people now); look at the preview again',
  });
  expect(decide(grown, [{ id: list.id, seal: 'another' }]).outcome).toBe('applied');
  // It was not in the preview at all.
  expect(decide(list, []).outcome).toBe('conflict');
  const page: UpdateTarget = { ...list, kind: 'statuspage', name: 'Public page', addresses: [''] };
  expect(decide({ ...page, seal: 'x' }, seen)).toMatchObject({
    reason: expect.stringContaining('the settings of the status page Public page'),
  });
  // What cannot go there at all is said as such; a client from before that knew of no seals is not refused.
  expect(decide({ ...grown, fault: 'there is no such list any more.' }, seen)).toMatchObject({ code: 'invalid' });
  expect(decide(grown).outcome).toBe('applied');
});
