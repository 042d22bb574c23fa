import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEdit, type Beat, dueAfter, dueAfterAbsence, shifted, statusOf } from '#server/modules/monitors/decide.ts';
import { testId } from '#server/testkit/incidents.ts';

const at = '2026-11-21T12:00:00.000Z';
const beat = (fields: Partial<Beat> = {}): Beat => ({
  monitorId: testId(1),
  lastBeatAt: at,
  dueAt: null,
  missed: false,
  ...fields,
});
const minutely = { intervalSeconds: 60, graceSeconds: 30 };
const daily = { intervalSeconds: 86_400, graceSeconds: 3_600 };
const armed = (expectation: typeof minutely) => beat({ dueAt: dueAfter(at, expectation) });

describe('after an absence of ours', () => {
  it('a sender that had to call meanwhile gets the time to call again', () => {
    expect(dueAfterAbsence(armed(minutely), minutely, shifted(at, 600_000))).toBe(shifted(at, 600_000 + 90_000));
  });

  it('one whose next call is still ahead keeps its time', () => {
    const armedDaily = armed(daily);
    expect(dueAfterAbsence(armedDaily, daily, shifted(at, 600_000))).toBe(armedDaily.dueAt);
  });

  it('a daily job is not forgiven for a day', () => {
    const back = shifted(at, 86_400_000 + 1_800_000);
    expect(dueAfterAbsence(armed(daily), daily, back)).toBe(shifted(back, 3_600_000 + 3_600_000));
  });

  it('what is not expected, or missed already, stays as it is', () => {
    expect(dueAfterAbsence(beat(), minutely, shifted(at, 1e9))).toBeNull();
    const missed = { ...armed(minutely), missed: true };
    expect(dueAfterAbsence(missed, minutely, shifted(at, 1e9))).toBe(missed.dueAt);
  });

  it('never brings a due time forward, and never leaves it in the past', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 1e6 }),
        fc.integer({ min: 1, max: 86_400 }),
        fc.integer({ min: 0, max: 1e10 }),
        (intervalSeconds, graceSeconds, away) => {
          const expectation = { intervalSeconds, graceSeconds };
          const back = shifted(at, away);
          const due = dueAfterAbsence(armed(expectation), expectation, back) ?? '';
          expect(due >= (armed(expectation).dueAt ?? '')).toBe(true);
          expect(due > back).toBe(true);
        },
      ),
    ));
});

describe('an edit', () => {
  const on = { ...minutely, enabled: true };
  it('that moves nothing leaves the due time', () =>
    expect(afterEdit(armed(minutely), on, on, at)).toEqual(armed(minutely)));
  it('of the interval begins to count anew, so that a shorter one does not fire at once', () => {
    const later = shifted(at, 50_000);
    expect(afterEdit(armed(minutely), on, { ...on, intervalSeconds: 30 }, later).dueAt).toBe(shifted(later, 60_000));
  });
  it('that switches it off expects nothing, and ends what was missed', () => {
    expect(afterEdit({ ...armed(minutely), missed: true }, on, { ...on, enabled: false }, at)).toEqual(
      beat({ dueAt: null }),
    );
  });
  it('that switches it on waits for the first call', () => {
    expect(afterEdit(beat(), { ...on, enabled: false }, on, at).dueAt).toBeNull();
  });
});

it('the status says what is expected', () => {
  expect([
    statusOf(false, beat()),
    statusOf(true, beat()),
    statusOf(true, armed(minutely)),
    statusOf(true, { dueAt: at, missed: true }),
  ]).toEqual(['off', 'waiting', 'healthy', 'missed']);
});
