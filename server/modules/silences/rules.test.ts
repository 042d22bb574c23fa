import { describe, expect, it } from 'vitest';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { type CompiledSilence, decideSilenced, endOf, isActive, needsLook } from '#server/modules/silences/rules.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import { aSignal } from '#server/testkit/alert-world.ts';

const decision = decideSignal(null, aSignal({ receivedAt: 0 }), '2026-01-01T00:00:00.000Z', () => 'alert');
if (decision.kind === 'unchanged') throw new Error(decision.reason);
const alert: AlertState = decision.changes[0]!.after;

function aSilence(change: Partial<SilenceState> = {}): SilenceState {
  return {
    id: 'one',
    version: 1,
    kind: 'silence',
    matcher: 'true',
    startsAt: '2026-01-01T10:00:00.000Z',
    endsAt: '2026-01-01T11:00:00.000Z',
    reason: 'Deploy',
    createdBy: 'ada',
    createdAt: '2026-01-01T09:00:00.000Z',
    endedAt: null,
    started: true,
    finished: false,
    ...change,
  };
}
const matching = (silence: SilenceState, holds = true): CompiledSilence => ({ silence, test: () => holds });
const mark = (state: AlertState, active: CompiledSilence[], at: string) =>
  decideSilenced({ before: state, after: state }, active, at, () => 'event');
const noon = '2026-01-01T10:30:00.000Z';

describe('a silence', () => {
  it('holds from its start up to, and not at, its end', () => {
    const times = ['09:59:59.999', '10:00:00.000', '10:59:59.999', '11:00:00.000'];
    expect(times.map((time) => isActive(aSilence(), `2026-01-01T${time}Z`))).toEqual([false, true, true, false]);
    expect(endOf(aSilence({ endedAt: '2026-01-01T10:20:00.000Z' }))).toBe('2026-01-01T10:20:00.000Z');
    expect(isActive(aSilence({ endedAt: '2026-01-01T10:20:00.000Z' }), noon)).toBe(false);
  });

  it('suppresses what it matches and says until when', () => {
    const marked = mark(alert, [matching(aSilence())], noon);
    expect(marked.change.after).toMatchObject({ suppressed: true, suppressedBy: 'one', status: 'firing' });
    expect(marked.event).toMatchObject({
      kind: 'suppressed',
      cause: 'The silence “Deploy” matches it until 2026-01-01T11:00:00.000Z.',
    });
    expect(mark(alert, [matching(aSilence(), false)], noon).event).toBeNull();
  });

  it('keeps an alert that it has; of several, the one that lasts longest takes it', () => {
    const [short, long] = [aSilence(), aSilence({ id: 'two', endsAt: '2026-01-01T12:00:00.000Z' })];
    expect(mark(alert, [matching(short), matching(long)], noon).change.after.suppressedBy).toBe('two');
    const held = { ...alert, suppressed: true, suppressedBy: 'one' };
    expect(mark(held, [matching(short), matching(long)], noon).event).toBeNull();
    expect(mark(held, [matching(long)], noon).change.after.suppressedBy).toBe('two');
  });

  it('lets go of what it matches no more', () => {
    const held = { ...alert, suppressed: true, suppressedBy: 'one' };
    const marked = mark(held, [matching(aSilence(), false)], noon);
    expect(marked.change.after).toMatchObject({ suppressed: false, suppressedBy: null });
    expect(marked.event?.kind).toBe('unsuppressed');
  });

  it('looks at what is new or says something new, not at repeats and resolves', () => {
    expect(needsLook({ before: null, after: alert })).toBe(true);
    expect(needsLook({ before: alert, after: { ...alert, count: 2 } })).toBe(false);
    expect(needsLook({ before: alert, after: { ...alert, severity: 'sev1' } })).toBe(true);
    expect(needsLook({ before: alert, after: { ...alert, status: 'resolved' } })).toBe(false);
  });
});
