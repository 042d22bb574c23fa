import { describe, expect, test } from 'vitest';
import type { Priority } from '#server/contract/policy.ts';
import { contactKinds } from '#server/contract/channel.ts';
import type { ChannelDraft } from '#server/contract/channel.ts';
import type { ContactMethodDraft, ResponderDraft } from '#server/contract/responder.ts';
import type { DocumentList, StoredDocument } from '#server/modules/config/state.ts';
import { addressOf } from '#server/modules/notify/planning/address-of.ts';
import { carriers } from '#server/modules/notify/planning/carriers.ts';
import { decideDelivery, type DeliveryInput } from '#server/modules/notify/settling/decide-delivery.ts';
import { decideLimit } from '#server/modules/notify/claiming/decide-limit.ts';
import { decidePlan, type PlanInput } from '#server/modules/notify/planning/decide-plan.ts';
import { masked } from '#server/modules/notify/messages/masked.ts';
import { channelTypes } from '#server/modules/notify/registry.ts';
import { testId } from '#server/testkit/incidents.ts';

const at = '2026-11-21T12:00:00.000Z';
const after = (seconds: number) => new Date(Date.parse(at) + seconds * 1_000).toISOString();
const me = testId(1);

function method(n: number, kind: ContactMethodDraft['kind'], change: Partial<ContactMethodDraft> = {}) {
  const address = { desktop: '', email: 'ada@example.com', slack: 'U1', webhook: 'https://a.example/x' }[
    kind as 'email'
  ];
  return {
    id: testId(n),
    kind,
    address: address ?? '+491511234567',
    label: '',
    channelId: null,
    enabled: true,
    ...change,
  };
}

const methods = [method(11, 'desktop'), method(12, 'sms'), method(13, 'voice'), method(14, 'email')];
const rulesOf = (...rules: [number, number][]) =>
  rules.map(([n, delayMinutes]) => ({ methodId: testId(n), delayMinutes }));

function responder(change: Partial<ResponderDraft> = {}, verified = [12, 13, 14]): StoredDocument<'responder'> {
  const draft: ResponderDraft = {
    timeZone: 'Europe/Berlin',
    contactMethods: methods,
    rules: { important: rulesOf([11, 0], [12, 2], [13, 5]), default: rulesOf([14, 0]) },
    quietHours: null,
    doNotDisturb: null,
    ...change,
  };
  const proofs = verified.map((n) => [
    testId(n),
    { at, address: draft.contactMethods.find((m) => m.id === testId(n))?.address ?? '' },
  ]);
  return {
    $document: `responder/${me}@1`,
    id: me,
    draft,
    state: { verified: Object.fromEntries(proofs) },
  } as unknown as StoredDocument<'responder'>;
}

function channelsOf(...channels: [number, Partial<ChannelDraft>][]): DocumentList<'channel'> {
  const items = channels.map(([n, change]) => {
    const draft = { name: `channel ${n}`, kind: 'twilio', enabled: true, settings: {}, secrets: {}, ...change };
    return { id: testId(n), draft } as unknown as StoredDocument<'channel'>;
  });
  return { $documents: 'channel@1', items };
}

const channels = channelsOf([21, { kind: 'twilio' }], [22, { kind: 'email' }]);

function plan(profile: StoredDocument<'responder'> | null, change: Partial<PlanInput> = {}) {
  return decidePlan({
    target: { type: 'user', id: me, responder: profile },
    priority: 'important',
    channels,
    at,
    ...change,
  });
}

describe('plan', () => {
  test('runs the rules of the priority, each at its delay, and tells no address', () => {
    const made = plan(responder());
    expect(made.notifications).toEqual([
      { methodId: testId(11), channelId: null, via: 'desktop', label: 'desktop', place: 0, dueAt: at },
      {
        methodId: testId(12),
        channelId: testId(21),
        via: 'sms',
        label: 'text to +49 … 67',
        place: 1,
        dueAt: after(120),
      },
      {
        methodId: testId(13),
        channelId: testId(21),
        via: 'voice',
        label: 'call to +49 … 67',
        place: 2,
        dueAt: after(300),
      },
    ]);
    expect(JSON.stringify(made)).not.toContain('1511234567');
    expect(addressOf(made.notifications[1]!, { type: 'user', id: me, responder: responder() })).toBe('+491511234567');
    expect(plan(responder(), { priority: 'default' }).notifications.map((one) => one.via)).toEqual(['email']);
  });

  test('passes over what cannot be used and says why', () => {
    const profile = responder(
      {
        contactMethods: [
          method(11, 'desktop', { enabled: false }),
          method(12, 'sms'),
          method(15, 'slack'),
          method(14, 'email'),
        ],
        rules: { important: rulesOf([11, 0], [12, 0], [15, 0], [19, 0], [14, 1]), default: [] },
      },
      [14, 15],
    );
    const made = plan(profile);
    expect(made.skipped.map((one) => one.reason)).toEqual([
      'method-disabled',
      'unverified',
      'no-channel',
      'unknown-method',
    ]);
    expect(made.notifications.map((one) => [one.via, one.place])).toEqual([['email', 4]]);
  });

  test('an address that was changed after it was proven is not used', () => {
    const profile = responder();
    const changed = {
      ...profile,
      draft: { ...profile.draft, contactMethods: methods.map((m) => ({ ...m, address: `${m.address}9` })) },
    };
    expect(plan(changed).notifications.map((one) => one.via)).toEqual(['desktop']);
  });

  test.each([
    ['without a profile', null],
    ['without rules', responder({ rules: { important: [], default: [] } })],
    [
      'when no rule can be used',
      responder({ contactMethods: [], rules: { important: rulesOf([12, 5]), default: [] } }),
    ],
  ])('%s a person is reached on the desktop at once', (_words, profile) => {
    const made = plan(profile);
    expect(made.notifications).toMatchObject([{ via: 'desktop', dueAt: at }]);
    expect(made.notes).toHaveLength(1);
  });

  test('do-not-disturb holds pages of default priority until it ends; important ones pass when allowed', () => {
    const until = after(3_600);
    const profile = (importantPass: boolean) => responder({ doNotDisturb: { until, importantPass } });
    expect(plan(profile(true), { priority: 'default' })).toMatchObject({
      heldUntil: until,
      notifications: [{ dueAt: until }],
    });
    expect(plan(profile(true))).toMatchObject({ heldUntil: null });
    expect(plan(profile(false))).toMatchObject({
      heldUntil: until,
      notifications: [{ dueAt: until }, { dueAt: after(3_720) }, {}],
    });
    expect(plan(responder({ doNotDisturb: { until: at, importantPass: false } }))).toMatchObject({ heldUntil: null });
  });

  test('quiet hours are noted in the zone of the person, over midnight too, and hold nothing', () => {
    const quiet = (from: string, to: string) => plan(responder({ quietHours: { from, to } }));
    expect(quiet('12:30', '13:30')).toMatchObject({ quietHours: true, notifications: [{ dueAt: at }, {}, {}] });
    expect(quiet('22:00', '13:01').quietHours).toBe(true);
    expect(quiet('22:00', '13:00').quietHours).toBe(false);
    expect(quiet('13:00', '13:00').quietHours).toBe(true);
  });

  test('a method whose channel is off goes through another that can carry it, and that is noted', () => {
    const profile = responder(
      {
        contactMethods: [method(12, 'sms', { channelId: testId(23) })],
        rules: { important: rulesOf([12, 0]), default: [] },
      },
      [12],
    );
    const made = plan(profile, { channels: channelsOf([21, {}], [23, { enabled: false }]) });
    expect(made.notifications).toMatchObject([{ channelId: testId(21) }]);
    expect(made.notes).toEqual(['text to +49 … 67: its channel cannot be used, so channel 21 carries it.']);
  });

  test('a channel is told at once, unless it is off or gone', () => {
    const to = (id: string) =>
      decidePlan({
        target: { type: 'channel', id },
        priority: 'default',
        channels: channelsOf([21, { kind: 'slack' }], [22, { enabled: false }]),
        at,
      });
    expect(to(testId(21)).notifications).toMatchObject([
      { channelId: testId(21), via: 'slack', methodId: null, dueAt: at },
    ]);
    expect(to(testId(22))).toMatchObject({ notifications: [], skipped: [{ reason: 'channel-disabled' }] });
    expect(to(testId(29))).toMatchObject({ notifications: [], skipped: [{ reason: 'channel-gone' }] });
  });
});

describe('limit', () => {
  const due = (n: number, attempts = 0, priority: Priority = 'important') => ({
    id: testId(n),
    dueAt: at,
    attempts,
    priority,
  });

  test('with nothing sent in the window the first goes at once, and what is due with it goes in the same message', () => {
    expect(decideLimit({ at, via: 'sms', due: [due(1), due(2), due(3)], sent: [] })).toEqual({
      action: 'send',
      lead: testId(1),
      bundled: [testId(2), testId(3)],
      sentInWindow: 0,
    });
  });

  test.each([
    ['voice' as const, 3],
    ['sms' as const, 5],
  ])('%s: after %i within 15 minutes it waits until the oldest of them is 15 minutes old', (via, most) => {
    const sent = Array.from({ length: most }, (_, i) => after(-600 + i));
    expect(decideLimit({ at, via, due: [due(1)], sent: sent.slice(1) })).toMatchObject({ action: 'send' });
    expect(decideLimit({ at, via, due: [due(1)], sent })).toEqual({
      action: 'wait',
      until: after(300),
      sentInWindow: most,
    });
    expect(decideLimit({ at, via, due: [due(1)], sent: sent.map(() => after(-900)) })).toMatchObject({
      action: 'send',
    });
  });

  test.each([
    ['voice' as const, 3, 1],
    ['sms' as const, 5, 2],
  ])('%s: of %i the last %i are kept for important pages', (via, most, kept) => {
    const free = most - kept;
    const sent = Array.from({ length: free }, (_, i) => after(-600 + i));
    const other = due(1, 0, 'default');
    expect(decideLimit({ at, via, due: [other], sent: sent.slice(1) })).toMatchObject({ action: 'send' });
    // Until the first of those that the others may use is 15 minutes old.
    expect(decideLimit({ at, via, due: [other], sent })).toEqual({
      action: 'wait',
      until: after(300),
      sentInWindow: free,
    });
    // An important one goes at once, leads, and takes along what waits.
    expect(decideLimit({ at, via, due: [other, due(2)], sent })).toEqual({
      action: 'send',
      lead: testId(2),
      bundled: [testId(1)],
      sentInWindow: free,
    });
  });

  test('a retry keeps to its own message, and nothing new joins it', () => {
    expect(decideLimit({ at, via: 'sms', due: [due(1, 1), due(2)], sent: [] })).toMatchObject({
      lead: testId(1),
      bundled: [],
    });
    expect(decideLimit({ at, via: 'sms', due: [due(1), due(2, 1), due(3)], sent: [] })).toMatchObject({
      bundled: [testId(3)],
    });
  });

  test('e-mail has no limit', () => {
    const sent = Array.from({ length: 50 }, () => at);
    expect(decideLimit({ at, via: 'email', due: [due(1)], sent })).toMatchObject({ action: 'send' });
  });
});

describe('delivery', () => {
  const other = (n: number, change: object = {}) => {
    return { id: testId(n), place: n, status: 'pending' as const, plannedAt: after(300), dueAt: after(300), ...change };
  };
  function deliver(
    change: Omit<Partial<DeliveryInput>, 'notification'> & { notification?: Partial<DeliveryInput['notification']> },
  ) {
    return decideDelivery({
      at,
      outcome: { result: 'failed', permanent: false, retryAfterMs: null },
      others: [],
      restOfStep: 0,
      ...change,
      notification: { id: testId(1), attempts: 1, firstTriedAt: at, plannedAt: at, place: 0, ...change.notification },
    });
  }

  test('tries again 15, 60 and 180 s after the first try, then gives up', () => {
    const retries = [1, 2, 3, 4].map((attempts) => deliver({ notification: { attempts } }).retryAt);
    expect(retries).toEqual([after(15), after(60), after(180), null]);
    expect(deliver({ notification: { attempts: 4 } }).status).toBe('failed');
  });

  test('waits as long as the provider asks, 5 minutes at most, and never less than the schedule', () => {
    const retry = (retryAfterMs: number) =>
      deliver({ outcome: { result: 'failed', permanent: false, retryAfterMs } }).retryAt;
    expect([retry(1_000), retry(100_000), retry(1e9), retry(-5)]).toEqual([
      after(15),
      after(100),
      after(300),
      after(15),
    ]);
  });

  test('a try that took long leaves a pause before the next', () => {
    expect(deliver({ at: after(14) }).retryAt).toBe(after(19));
  });

  test('a failure that cannot be helped pulls the next way forward at once; any other to 58 s after the first try', () => {
    const others = [other(1), other(2)];
    expect(deliver({ others, outcome: { result: 'failed', permanent: true, retryAfterMs: null } })).toEqual({
      status: 'failed',
      retryAt: null,
      moved: [{ id: testId(1), dueAt: at }],
      stepExhausted: false,
    });
    expect(deliver({ others }).moved).toEqual([{ id: testId(1), dueAt: after(58) }]);
    expect(deliver({ others: [other(1, { dueAt: after(30) })] }).moved).toEqual([]);
  });

  test('the minute counts from the plan, though a queue delayed the first try; a way pulled forward counts from its try', () => {
    const others = [other(1)];
    const queued = { firstTriedAt: after(20), plannedAt: at };
    expect(deliver({ at: after(21), others, notification: queued }).moved).toEqual([
      { id: testId(1), dueAt: after(58) },
    ]);
    const pulled = { firstTriedAt: at, plannedAt: after(120) };
    expect(deliver({ others, notification: pulled }).moved).toEqual([{ id: testId(1), dueAt: after(58) }]);
  });

  test('a limit that holds it does not hold the next way', () => {
    const held = deliver({
      others: [other(1)],
      outcome: { result: 'held', until: after(800) },
      notification: { firstTriedAt: null, attempts: 0 },
    });
    expect(held).toMatchObject({ status: 'pending', retryAt: after(800), moved: [{ dueAt: after(58) }] });
  });

  test('what arrives puts the others back to their plan', () => {
    const others = [other(1, { dueAt: after(58) }), other(2), other(3, { status: 'sent', dueAt: after(1) })];
    const outcome = { result: 'accepted', arrived: true } as const;
    expect(deliver({ others, outcome })).toEqual({
      status: 'delivered',
      retryAt: null,
      moved: [{ id: testId(1), dueAt: after(300) }],
      stepExhausted: false,
    });
    expect(deliver({ outcome: { result: 'accepted', arrived: false } }).status).toBe('sent');
  });

  test('a message whose server went away goes again at once, but not for ever', () => {
    const lost = (attempts: number) => deliver({ outcome: { result: 'lost' }, notification: { attempts } });
    expect(lost(1)).toMatchObject({ status: 'pending', retryAt: at });
    expect(lost(6)).toMatchObject({ status: 'failed', retryAt: null });
  });

  test('a step is exhausted when the last way of the last person is given up', () => {
    const outcome = { result: 'failed', permanent: true, retryAfterMs: null } as const;
    expect(deliver({ outcome }).stepExhausted).toBe(true);
    expect(deliver({ outcome, restOfStep: 1 }).stepExhausted).toBe(false);
    expect(deliver({ outcome, others: [other(1, { status: 'sent' })] }).stepExhausted).toBe(false);
    expect(deliver({ outcome, others: [other(1, { status: 'failed' })] }).stepExhausted).toBe(true);
  });
});

test('every kind of channel is registered, under its own name, and carries what plans count on', () => {
  expect([...channelTypes.keys()].toSorted()).toEqual([
    'email',
    'opsgenie',
    'pagerduty',
    'slack',
    'slack-webhook',
    'statuspage',
    'teams',
    'twilio',
    'webhook',
  ]);
  for (const kind of contactKinds) {
    const able = [...channelTypes.values()]
      .filter((type) => type.info.contacts.includes(kind))
      .map((type) => type.info.kind);
    expect([kind, able]).toEqual([kind, carriers[kind]]);
  }
  for (const type of channelTypes.values())
    expect([type.info.kind, type.info.can.update]).toEqual([type.info.kind, type.update !== undefined]);
});

test('answers are cut, and lose secrets and numbers, on their way to the ledger', () => {
  expect(masked('sent to +4915112345678 (%2B4915112345678) with xoxb-1 2/3', ['xoxb-1 2/3'])).toBe(
    'sent to +49 … 78 (%2B … 78) with …',
  );
  expect(masked('a=xoxb-1%202%2F3', ['xoxb-1 2/3'])).toBe('a=…');
  expect(masked('x'.repeat(5_000), [])).toHaveLength(2_000);
});
