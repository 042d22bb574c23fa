import { expect, it } from 'vitest';
import type { Answer } from '../../../src-main/bridge.ts';
import type { IntentResult } from '#server/contract/intent.ts';
import type { Submitted } from '../../replica/outbox/outbox-runner.ts';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { carryOut } from './carry-out.ts';
import type { AnswerPlan } from './desktop-facts.ts';

const incident = sampleIncident(sampleId('incident', 1));
const answer: Answer = { kind: 'acknowledge', incidentId: incident.id, escalateTo: null };
const acknowledge: AnswerPlan = { do: 'act', action: { kind: 'incident.acknowledge', incidentId: incident.id } };
const applied: IntentResult = { outcome: 'applied', id: incident.id, version: 2 };

/** Pressed, with this plan; `submitted` is what the outbox says of it. */
function pressed(plan: AnswerPlan, submitted: Submitted) {
  const timers = createFakeTimers(0);
  const said: string[] = [];
  let over = false;
  const deps = {
    submit: () => Promise.resolve(submitted),
    after: timers.after,
    notify: async ({ title }: { title: string }) => {
      said.push(title);
      return { kind: 'shown' } as const;
    },
  };
  void carryOut(answer, incident, plan, deps).then(() => (over = true));
  return { timers, said, over: () => over };
}

it('says that it was acknowledged when the server said so, and not before', async () => {
  let settle: (result: IntentResult) => void = () => undefined;
  const settled = new Promise<IntentResult>((resolve) => (settle = resolve));
  const { timers, said, over } = pressed(acknowledge, { ok: true, id: 'x', settled });
  await timers.advance(4_000);
  expect([said, over()]).toEqual([[], false]);
  await timers.advance(2_000);
  expect([said, over()]).toEqual([['Not acknowledged yet: waiting for the server'], true]);
  settle(applied);
  await timers.advance(1);
  expect(said.at(-1)).toBe('Acknowledged by you');
});

it('says it once where the server answers at once, and nothing of what was given up', async () => {
  const quick = pressed(acknowledge, { ok: true, id: 'x', settled: Promise.resolve(applied) });
  await quick.timers.advance(60_000);
  expect(quick.said).toEqual(['Acknowledged by you']);
  let giveUp: (result: null) => void = () => undefined;
  const settled = new Promise<null>((resolve) => (giveUp = resolve));
  const given = pressed(acknowledge, { ok: true, id: 'x', settled });
  await given.timers.advance(6_000);
  giveUp(null);
  await given.timers.advance(1);
  expect(given.said).toHaveLength(1);
});

it('says why it was not done', async () => {
  const shown = pressed({ do: 'show', why: 'it is closed' }, { ok: false, reason: '' });
  await shown.timers.advance(1);
  const refused = pressed(acknowledge, { ok: false, reason: 'the disk is full' });
  await refused.timers.advance(1);
  expect([shown.said, refused.said]).toEqual([['Not acknowledged'], ['Not acknowledged']]);
});
