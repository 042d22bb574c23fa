import { describe, expect, it } from 'vitest';
import {
  decideAcknowledged,
  decideReopened,
  decideResolved,
  decideUnacknowledged,
} from '#server/modules/alerts/by-hand.ts';
import type { AlertDecision } from '#server/modules/alerts/decision.ts';
import { decideExpiry, decideSettled, decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { aSignal } from '#server/testkit/alert-world.ts';

const start = Date.UTC(2026, 0, 1, 12);
const at = (seconds: number) => start + seconds * 1_000;
const instant = (seconds: number) => new Date(at(seconds)).toISOString();
const ada = { userId: 'ada', name: 'Ada' };
let ids = 0;
const newId = () => `id-${(ids += 1)}`;

function newest(decision: AlertDecision): AlertState {
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return decision.changes.at(-1)!.after;
}
function kinds(decision: AlertDecision): string[] {
  return decision.kind === 'unchanged' ? [] : decision.events.map((event) => event.kind);
}
function send(
  latest: AlertState | null,
  seconds: number,
  change: Partial<Parameters<typeof aSignal>[0]> = {},
): AlertDecision {
  return decideSignal(latest, aSignal({ receivedAt: at(seconds), ...change }), instant(seconds), newId);
}
const firing = () => newest(send(null, 0));
const resolved = () => newest(send(firing(), 10, { action: 'resolve' }));

describe('a signal', () => {
  it('makes an alert of the first firing of a key', () => {
    const decision = send(null, 0, { startsAt: at(-60) });
    expect(newest(decision)).toMatchObject({
      status: 'firing',
      count: 1,
      firstSeenAt: instant(-60),
      lastSeenAt: instant(0),
      version: 1,
    });
    expect(kinds(decision)).toEqual(['fired']);
  });

  it('that is sent again raises the count, and nothing else but the times', () => {
    const before = firing();
    const decision = send(before, 5, { endsAt: at(300) });
    const { count, lastSeenAt, endsAt, recent, ...rest } = newest(decision);
    expect({ count, lastSeenAt, endsAt }).toEqual({ count: 2, lastSeenAt: instant(5), endsAt: instant(300) });
    expect(recent).toEqual({ from: instant(0), counts: [2] });
    expect(before).toMatchObject(rest);
    expect(newest(decision).labels).toBe(before.labels);
    expect(kinds(decision)).toEqual([]);
  });

  it('with a new severity or title updates the alert and says so', () => {
    const decision = send(firing(), 5, {
      severity: 'sev1',
      title: 'VeryHighLatency',
      annotations: { summary: 'worse' },
    });
    expect(newest(decision)).toMatchObject({
      severity: 'sev1',
      title: 'VeryHighLatency',
      annotations: { summary: 'worse' },
    });
    expect(kinds(decision)).toEqual(['severity-changed', 'repeated']);
  });

  it('acknowledges once, also through a further firing', () => {
    const decision = send(firing(), 5, { action: 'acknowledge' });
    expect(newest(decision)).toMatchObject({
      acknowledged: true,
      acknowledgedBy: null,
      acknowledgedAt: instant(5),
      count: 1,
    });
    expect(send(newest(decision), 6, { action: 'acknowledge' }).kind).toBe('unchanged');
    expect(newest(send(newest(decision), 7))).toMatchObject({ acknowledged: true, count: 2 });
  });

  it('resolves what fires, and is dropped with a reason where nothing fires', () => {
    expect(resolved()).toMatchObject({ status: 'resolved', resolvedAt: instant(10) });
    expect(send(null, 0, { action: 'resolve' })).toMatchObject({
      kind: 'unchanged',
      reason: expect.stringMatching(/firing/),
    });
    expect(send(resolved(), 11, { action: 'resolve' }).kind).toBe('unchanged');
  });

  it('makes a new alert when the key fires again after it resolved', () => {
    const old = resolved();
    const next = newest(send(old, 20));
    expect(next).toMatchObject({ previousId: old.id, status: 'firing', count: 1, version: 1 });
    expect(next.id).not.toBe(old.id);
    expect(next.transitions).toEqual([instant(0), instant(10), instant(20)]);
  });
});

describe('news that comes late', () => {
  it('does not open again what resolved since', () => {
    expect(send(resolved(), 9, {}).kind).toBe('changed');
    const late = decideSignal(resolved(), aSignal({ receivedAt: at(9) }), instant(12), newId);
    expect(late).toMatchObject({ kind: 'unchanged', reason: expect.stringMatching(/late/) });
  });

  it('does not close what fired again since', () => {
    const again = newest(send(firing(), 30));
    expect(decideSignal(again, aSignal({ receivedAt: at(20), action: 'resolve' }), instant(31), newId).kind).toBe(
      'unchanged',
    );
  });

  it('counts, but does not overwrite newer words', () => {
    const again = newest(send(firing(), 30, { severity: 'sev1' }));
    const late = newest(decideSignal(again, aSignal({ receivedAt: at(20), severity: 'info' }), instant(31), newId));
    expect(late).toMatchObject({ count: 3, severity: 'sev1', lastSeenAt: instant(30) });
  });

  it('is not what it is when the clock was set back: then the order of the log decides', () => {
    const beforeTheJump = newest(send(newest(send(firing(), 3_600)), 3_601, { action: 'resolve' }));
    expect(send(beforeTheJump, 5)).toMatchObject({ kind: 'changed' });
    const open = newest(send(firing(), 3_600));
    expect(newest(send(open, 5, { action: 'resolve' }))).toMatchObject({ status: 'resolved' });
  });
});

describe('flapping', () => {
  function flap(): AlertState {
    let alert = firing();
    for (const seconds of [10, 30, 50]) {
      alert = newest(send(alert, seconds, { action: 'resolve' }));
      alert = newest(send(alert, seconds + 10));
    }
    return alert;
  }

  it('begins with the fifth change in ten minutes, is said once, and moves on to the newer alert', () => {
    let alert = firing();
    const seen: string[] = [];
    let moved: boolean[] = [];
    for (const [seconds, action] of [
      [10, 'resolve'],
      [20, 'fire'],
      [30, 'resolve'],
      [40, 'fire'],
      [50, 'resolve'],
      [60, 'fire'],
    ] as const) {
      const decision = send(alert, seconds, { action });
      seen.push(
        ...kinds(decision)
          .filter((kind) => kind === 'flapping-started')
          .map(() => `${seconds} s`),
      );
      alert = newest(decision);
      moved = decision.kind === 'changed' ? decision.changes.map((change) => change.after.flapping) : [];
    }
    expect(moved).toEqual([false, true]);
    expect(seen).toEqual(['40 s']);
    expect(alert.flapping).toBe(true);
  });

  it('does not begin with the same changes over an hour', () => {
    let alert = firing();
    for (let i = 1; i <= 12; i += 1) alert = newest(send(alert, i * 300, { action: i % 2 === 0 ? 'fire' : 'resolve' }));
    expect(alert.flapping).toBe(false);
  });

  it('settles ten minutes after the last change', () => {
    const alert = flap();
    expect(decideSettled(alert, instant(60 + 599), newId).kind).toBe('unchanged');
    const decision = decideSettled(alert, instant(60 + 600), newId);
    expect(newest(decision).flapping).toBe(false);
    expect(kinds(decision)).toEqual(['flapping-stopped']);
  });
});

describe('the passing of time', () => {
  it('expires an alert after the end time of its source, and names it', () => {
    const alert = newest(send(null, 0, { endsAt: at(240) }));
    expect(decideExpiry(alert, instant(239), newId).kind).toBe('unchanged');
    const decision = decideExpiry(alert, instant(240), newId);
    expect(newest(decision)).toMatchObject({ status: 'resolved', resolvedAt: instant(240) });
    expect(decision).toMatchObject({
      events: [
        { kind: 'expired', cause: 'Its source stopped sending it; the end time it gave, 12:04:00 UTC, passed.' },
      ],
    });
  });

  it('does not expire what has no end time', () => {
    expect(decideExpiry(firing(), instant(1e6), newId).kind).toBe('unchanged');
  });
});

describe('a person', () => {
  it('acknowledges, and takes it back', () => {
    const decision = decideAcknowledged(firing(), ada, instant(5), newId);
    expect(newest(decision)).toMatchObject({ acknowledged: true, acknowledgedBy: 'ada', acknowledgedAt: instant(5) });
    expect(decision).toMatchObject({ events: [{ cause: 'Ada acknowledged it.', actorId: 'ada' }] });
    expect(newest(decideUnacknowledged(newest(decision), ada, instant(6), newId))).toMatchObject({
      acknowledged: false,
      acknowledgedBy: null,
    });
    expect(decideAcknowledged(resolved(), ada, instant(20), newId).kind).toBe('unchanged');
  });

  it('resolves by hand; the source that sends it again opens a new alert', () => {
    const closed = newest(decideResolved(firing(), ada, instant(5), newId));
    expect(closed.status).toBe('resolved');
    expect(newest(send(closed, 6)).previousId).toBe(closed.id);
  });

  it('reopens the newest alert of a key only', () => {
    const old = resolved();
    const newer = newest(send(newest(send(old, 20)), 30, { action: 'resolve' }));
    expect(decideReopened(old, newer, ada, instant(40), newId)).toMatchObject({
      kind: 'unchanged',
      reason: expect.stringMatching(/newer/),
    });
    expect(newest(decideReopened(newer, newer, ada, instant(40), newId))).toMatchObject({
      status: 'firing',
      resolvedAt: null,
      endsAt: null,
    });
  });
});
