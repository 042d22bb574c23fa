import { describe, expect, it } from 'vitest';
import type { WhyAttempt, WhyStep } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import {
  emphasised,
  lookupsIn,
  notReached,
  offsetWords,
  placeIn,
  receiptWords,
  saidAbout,
  traceOf,
  withoutRaw,
} from './why-words.ts';

function step(kind: string, at: string, tone: WhyStep['tone'] = 'ok'): WhyStep {
  return { at, offsetMs: 0, kind, tone, title: kind, detail: '', rows: [], entryId: null };
}
const attempt: WhyAttempt = {
  notificationId: '00000000-0000-7000-8000-000000000009',
  via: 'sms',
  label: 'text',
  at: '2026-11-21T14:31:22.048Z',
  status: 'sent',
  answer: '202 queued',
  receipt: '',
};
const entry = (kind: LedgerEntry['kind'], input: unknown, output: unknown = null): LedgerEntry => ({
  id: '00000000-0000-7000-8000-000000000001',
  sequence: 1,
  at: '2026-11-21T14:31:22.000Z',
  incidentId: '00000000-0000-7000-8000-000000000002',
  pageId: null,
  userId: null,
  kind,
  title: '',
  detail: '',
  input,
  output,
});

describe('traceOf', () => {
  it('puts the attempts as one table where the first left, before the answer, and what comes next last', () => {
    const items = traceOf({
      steps: [
        step('trigger', '2026-11-21T14:31:20.000Z', 'trigger'),
        step('plan', '2026-11-21T14:31:22.000Z'),
        step('attempt', '2026-11-21T14:31:22.041Z'),
        step('acknowledgement', '2026-11-21T14:33:00.000Z', 'end'),
      ],
      attempts: [attempt],
      next: { at: '2026-11-21T14:36:22.000Z', text: 'If nobody answers: step 2' },
    });
    expect(items.map((item) => (item.kind === 'step' ? item.step.kind : item.kind))).toEqual([
      'trigger',
      'plan',
      'attempts',
      'acknowledgement',
      'next',
    ]);
  });

  it('keeps every step when there are no attempts to stand for them', () => {
    const items = traceOf({ steps: [step('limit', '2026-11-21T14:31:20.000Z')], attempts: [], next: null });
    expect(items).toHaveLength(1);
  });
});

describe('words', () => {
  it('says the distance from the first step within a minute, the clock after that', () => {
    expect(offsetWords(0, null)).toBeNull();
    expect(offsetWords(4, 0)).toBe('+4 ms');
    expect(offsetWords(2_100, 0)).toBe('+2.1 s');
    expect(offsetWords(0, 0)).toBe('');
    expect(offsetWords(170, 170)).toBe('');
    expect(offsetWords(75_000, 0)).toBeNull();
  });

  it('names the day of a receipt only where it is another than that of the attempt', () => {
    const receipt = 'delivered 00:01:02 UTC on 2026-11-22';
    expect(receiptWords({ receipt, at: '2026-11-22T00:01:00.000Z' })).toBe('delivered 00:01:02 UTC');
    expect(receiptWords({ receipt, at: '2026-11-21T23:59:00.000Z' })).toBe(receipt);
  });

  it('names the routes that were not reached', () => {
    const rows = [1, 2, 3].map((place) => ({ label: String(place), text: '', result: '', chosen: place === 3 }));
    expect(notReached({ kind: 'route', title: 'Route 3 of 9 chose the policy', rows })).toBe('routes 4 to 9');
    expect(notReached({ kind: 'route', title: 'Route 3 of 4 chose the policy', rows })).toBe('route 4');
    expect(notReached({ kind: 'route', title: 'Route 3 of 3 chose the policy', rows })).toBeNull();
    const tail = { label: '4', text: 'true', result: 'not-reached', chosen: false };
    expect(notReached({ kind: 'route', title: 'Route 3 of 4 chose the policy', rows: [...rows, tail] })).toBe(
      'route 4',
    );
    expect(notReached({ kind: 'step', title: 'Step 1 of 9', rows: [] })).toBeNull();
  });

  it('sets whole names apart, the longest first, and reads no pattern out of them', () => {
    expect(emphasised('payments-critical paged (ops) you', ['payments', 'payments-critical', '(ops'])).toEqual([
      { text: 'payments-critical', strong: true },
      { text: ' paged ', strong: false },
      { text: '(ops', strong: true },
      { text: ') you', strong: false },
    ]);
  });
});

describe('what the entries hold', () => {
  it('reads the picture of a lookup, and passes over an output that is none', () => {
    const output = {
      users: [],
      explanation: {
        from: '2026-11-21T06:00:00.000Z',
        to: '2026-11-21T22:00:00.000Z',
        rows: [
          {
            type: 'result',
            id: 's1',
            name: 'Payments primary',
            inForce: true,
            shifts: [{ userId: 'u', startsAt: 'a', endsAt: 'b' }, { userId: 3 }],
          },
        ],
      },
    };
    const [lookup] = lookupsIn([entry('lookup', { at: '2026-11-21T14:00:00.000Z' }, output), entry('lookup', {}, 'x')]);
    expect(lookup).toMatchObject({ schedule: 'Payments primary', scheduleId: 's1', at: '2026-11-21T14:00:00.000Z' });
    expect(lookup?.rows[0]?.shifts).toHaveLength(1);
  });

  it('finds what was said about one notification', () => {
    const about = entry('attempt', { notificationId: attempt.notificationId });
    expect(saidAbout([about, entry('attempt', { notificationId: 'other' })], attempt.notificationId)).toEqual([about]);
  });

  it('clips a span to the picture', () => {
    const [from, to] = ['2026-11-21T00:00:00.000Z', '2026-11-21T10:00:00.000Z'];
    expect(placeIn(from, to, '2026-11-20T20:00:00.000Z', '2026-11-21T05:00:00.000Z')).toEqual({ left: 0, width: 50 });
    expect(placeIn(from, to, '2026-11-21T11:00:00.000Z', '2026-11-21T12:00:00.000Z')).toBeNull();
  });
});

it('leaves out what a provider answered in its own notation, and nothing else', () => {
  expect(withoutRaw('the provider took it · {"sid":"SM1","a":"·"}')).toBe('the provider took it');
  expect(withoutRaw('the provider took it · queued as 17')).toBe('the provider took it · queued as 17');
  expect(withoutRaw('no desktop is connected')).toBe('no desktop is connected');
});
