// When silence is an alert. Pure. docs/heartbeats.md says it in words.
import type { MonitorDraft } from '#server/contract/route.ts';

/** Our own absence postpones by this much at most, so that a daily job that died is not forgiven for a day. */
const postponeMaxMs = 3_600_000;
/** Ticks come every second; a longer gap is time in which no beat could arrive. */
export const absentAfterMs = 15_000;

type Expectation = Pick<MonitorDraft, 'intervalSeconds' | 'graceSeconds'>;

export interface Beat {
  monitorId: string;
  lastBeatAt: string | null;
  dueAt: string | null;
  missed: boolean;
}

export function dueAfter(beatAt: string, { intervalSeconds, graceSeconds }: Expectation): string {
  return shifted(beatAt, (intervalSeconds + graceSeconds) * 1_000);
}

/**
 * The due time of a monitor after we were away until `back` (stopped, asleep, without a database, or the clock jumped
 * ahead). A beat that was expected by then may have found nobody here, so there is time for another one.
 */
export function dueAfterAbsence(beat: Beat, expectation: Expectation, back: string): string | null {
  const { lastBeatAt, dueAt, missed } = beat;
  if (dueAt === null || missed || lastBeatAt === null) return dueAt;
  const { intervalSeconds, graceSeconds } = expectation;
  if (shifted(lastBeatAt, intervalSeconds * 1_000) > back) return dueAt;
  const postponed = shifted(back, Math.min(intervalSeconds * 1_000, postponeMaxMs) + graceSeconds * 1_000);
  return postponed > dueAt ? postponed : dueAt;
}

/** What the monitor's change means for a beat it has. Only what moves the expectation moves the due time. */
export function afterEdit(
  beat: Beat,
  before: (Expectation & { enabled: boolean }) | null,
  after: Expectation & { enabled: boolean },
  at: string,
): Beat {
  if (!after.enabled) return { ...beat, dueAt: null, missed: false };
  // Switched on again, it waits for its first beat.
  if (before?.enabled !== true) return { ...beat, dueAt: null, missed: false };
  const same = before.intervalSeconds === after.intervalSeconds && before.graceSeconds === after.graceSeconds;
  if (same || beat.dueAt === null || beat.missed) return beat;
  return { ...beat, dueAt: dueAfter(at, after) };
}

export function shifted(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

export function statusOf(
  enabled: boolean,
  beat: Pick<Beat, 'dueAt' | 'missed'>,
): 'waiting' | 'healthy' | 'missed' | 'off' {
  if (!enabled) return 'off';
  if (beat.missed) return 'missed';
  return beat.dueAt === null ? 'waiting' : 'healthy';
}
