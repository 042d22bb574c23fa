import { describe, expect, it } from 'vitest';
import type { UpdateDelivery } from '#server/contract/status-update.ts';
import {
  afterFailure,
  afterSuccess,
  type ClaimedDelivery,
  countedDeliveries,
  failureWords,
  giveUpMs,
} from '#server/modules/updates/delivery-rules.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import { updateTargets } from '#server/modules/updates/targets.ts';
import { updateMail } from '#server/modules/updates/wording.ts';
import { testId } from '#server/testkit/incidents.ts';

const queuedAt = '2026-11-21T13:00:00.000Z';
const nowMs = Date.parse(queuedAt);
const claimed = (change: Partial<ClaimedDelivery> = {}): ClaimedDelivery => ({
  id: testId(1),
  updateId: testId(2),
  incidentId: testId(3),
  kind: 'list',
  targetId: testId(4),
  channelId: testId(5),
  address: 'a@example.com',
  token: testId(6),
  queuedAt,
  attempts: 1,
  unknown: 0,
  ...change,
});
const failure = { permanent: false, retryAfterMs: null, reason: 'answered 500', mayHaveLeft: false };

describe('an attempt', () => {
  it.each([
    [1, 5],
    [2, 15],
    [3, 60],
    [9, 300],
  ])('number %i that failed is made again after %i s', (attempts, seconds) => {
    expect(afterFailure(claimed({ attempts }), failure, nowMs)).toMatchObject({
      state: 'waiting',
      dueAt: new Date(nowMs + seconds * 1_000).toISOString(),
      error: 'answered 500',
    });
  });

  it('waits as long as it is told to, is given up when it cannot help, and after half an hour', () => {
    expect(afterFailure(claimed(), { ...failure, retryAfterMs: 30_000 }, nowMs).dueAt).toBe('2026-11-21T13:00:30.000Z');
    expect(afterFailure(claimed(), { ...failure, permanent: true }, nowMs).state).toBe('failed');
    expect(afterFailure(claimed(), failure, nowMs + giveUpMs + 1)).toMatchObject({
      state: 'failed',
      error: 'Given up after 30 minutes: answered 500',
    });
  });

  it('of a mail whose fate is not known is made once more, and says so; a page can be looked at', () => {
    const unclear = { ...failure, mayHaveLeft: true };
    expect(afterFailure(claimed(), unclear, nowMs)).toMatchObject({ state: 'waiting', unknown: 1 });
    expect(afterFailure(claimed({ unknown: 1 }), unclear, nowMs)).toMatchObject({ state: 'failed' });
    expect(afterSuccess(claimed({ unknown: 1 }), queuedAt)).toMatchObject({ state: 'sent', repeated: true });
    expect(afterFailure(claimed({ kind: 'statuspage', unknown: 4 }), unclear, nowMs).state).toBe('waiting');
    expect(afterSuccess(claimed({ kind: 'statuspage', unknown: 1 }), queuedAt).repeated).toBe(false);
    expect(afterSuccess(claimed(), queuedAt).repeated).toBe(false);
  });
});

it('a target has failed once nothing of it waits, and the timeline is told once', () => {
  const delivery: UpdateDelivery = {
    kind: 'list',
    targetId: testId(4),
    name: 'Customers',
    state: 'waiting',
    recipients: 3,
    sent: 0,
    failed: 0,
    repeated: 0,
    at: null,
    error: null,
  };
  const count = { kind: 'list', targetId: testId(4), repeated: 0, at: queuedAt, error: 'no such reader' } as const;
  const still = countedDeliveries({ deliveries: [delivery] }, [{ ...count, waiting: 1, sent: 1, failed: 1 }]);
  expect(still).toMatchObject({ deliveries: [{ state: 'waiting', sent: 1, failed: 1 }], failed: [] });
  const over = countedDeliveries(still, [{ ...count, waiting: 0, sent: 2, failed: 1 }]);
  expect(over.failed.map((each) => failureWords(3, each))).toEqual([
    { text: 'Update 3 did not reach 1 of 3 readers of Customers', detail: 'no such reader' },
  ]);
  expect(countedDeliveries(over, [{ ...count, waiting: 0, sent: 2, failed: 1 }]).failed).toEqual([]);
});

it('a mail carries what was written for its readers, in one line of subject', () => {
  const incident = { number: 7, severity: 'sev2', status: 'mitigated', impact: null } as const;
  expect(updateMail({ number: 3, text: 'Rolled back.' }, incident, 'Customers', '2026-11-21T13:30:00.000Z')).toEqual({
    subject: 'INC-7 update 3: severity 2',
    text:
      'Rolled back.\n\nStatus: the effect is over, being watched.\nNext update by 21 Nov 13:30 UTC.\n\n' +
      'You get this because you are on the list Customers.',
  });
  const long = updateMail({ number: 3, text: 'x' }, { ...incident, impact: 'y'.repeat(900) }, 'Customers', null);
  expect(long.subject).toHaveLength(200);
});

describe('the seal of a target', () => {
  const draft = { name: 'Customers', channelId: testId(5), userIds: [testId(7)], addresses: ['A@example.com'] };
  const channel = { name: 'Mail', kind: 'email', enabled: true, settings: { from: 'ops@example.com' } };
  const sealWith = (change: { list?: object; channel?: object; mail?: string[] } = {}) => {
    const documents = {
      stakeholderList: { draft: { ...draft, ...change.list } },
      channel: { draft: { ...channel, ...change.channel } },
    };
    const config = { get: (kind: keyof typeof documents) => documents[kind] } as unknown as PagingConfig;
    const world = { config, mailOf: () => change.mail ?? ['mara@example.com'], held: null };
    return updateTargets({ statusPages: [], lists: [testId(4)] }, world)[0]?.seal ?? '';
  };

  it('stays while the same people get it by the same way, however the list is written', () => {
    expect(sealWith({ list: { addresses: ['a@example.com', 'MARA@example.com'], description: 'x' } })).toBe(sealWith());
  });

  it.each([
    ['an address', { list: { addresses: ['a@example.com', 'press@example.com'] } }],
    ['a person fewer', { list: { userIds: [] } }],
    ['another address of a person', { mail: ['mara@elsewhere.example'] }],
    ['another name, which the mail says', { list: { name: 'Partners' } }],
    ['another channel', { list: { channelId: testId(6) } }],
    ['another sender', { channel: { settings: { from: 'else@example.com' } } }],
  ])('is another with %s', (_what, change) => {
    expect(sealWith(change)).not.toBe(sealWith());
    expect(sealWith(change)).not.toContain('@');
  });
});
