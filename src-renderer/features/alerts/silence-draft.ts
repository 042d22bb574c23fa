// What a person fills in for a silence, checked before it is sent. Times are UTC, as everywhere on screen.
import type { Silence } from '#server/contract/silence.ts';
import { t } from '../../language/words.ts';

export interface SilenceDraft {
  kind: Silence['kind'];
  matcher: string;
  reason: string;
  /** `2026-11-21T14:30`; empty starts at once. */
  startsAt: string;
  /** Minutes from the start, or null for `endsAt`. */
  minutes: number | null;
  endsAt: string;
}

export interface SilenceWindow {
  startsAt: string;
  endsAt: string;
}

export const durationPresets: readonly { minutes: number; label: string }[] = [
  { minutes: 30, label: t`30 min` },
  { minutes: 60, label: t`1 h` },
  { minutes: 240, label: t`4 h` },
  { minutes: 1_440, label: t`1 d` },
  { minutes: 10_080, label: t`1 week` },
];

export const emptyDraft: SilenceDraft = {
  kind: 'silence',
  matcher: '',
  reason: '',
  startsAt: '',
  minutes: 60,
  endsAt: '',
};

export type SilenceErrors = Partial<Record<'matcher' | 'reason' | 'startsAt' | 'endsAt', string>>;

/** The window is there as soon as its times are, so that a screen can say until when before the rest is filled in. */
export function checkSilence(
  draft: SilenceDraft,
  nowMs: number,
): { window: SilenceWindow | null; errors: SilenceErrors } {
  const errors: SilenceErrors = {};
  if (draft.matcher.trim() === '') errors.matcher = t`Say which alerts it suppresses.`;
  else if (draft.matcher.length > 2_000)
    errors.matcher = t`It has ${draft.matcher.length} characters; 2,000 are allowed.`;
  if (draft.reason.trim() === '') errors.reason = t`Say why: the next person on call reads it.`;
  const startMs = draft.startsAt === '' ? nowMs : parseUtc(draft.startsAt);
  if (startMs === null) errors.startsAt = t`This is no date and time.`;
  const endMs = draft.minutes !== null ? (startMs ?? nowMs) + draft.minutes * 60_000 : parseUtc(draft.endsAt);
  if (endMs === null) errors.endsAt = t`Say until when.`;
  else if (endMs <= nowMs) errors.endsAt = t`This is in the past.`;
  else if (startMs !== null && endMs <= startMs) errors.endsAt = t`It has to end after it starts.`;
  const timed = errors.startsAt === undefined && errors.endsAt === undefined && startMs !== null && endMs !== null;
  return {
    window: timed ? { startsAt: new Date(startMs).toISOString(), endsAt: new Date(endMs).toISOString() } : null,
    errors,
  };
}

/** A `datetime-local` value read as UTC. */
export function parseUtc(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return null;
  const ms = Date.parse(`${text}Z`);
  return Number.isNaN(ms) ? null : ms;
}

export function utcField(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}

export type SilenceState = 'active' | 'upcoming' | 'ended';

export function silenceState(silence: Pick<Silence, 'startsAt' | 'endsAt' | 'endedAt'>, nowMs: number): SilenceState {
  if (silence.endedAt !== null || Date.parse(silence.endsAt) <= nowMs) return 'ended';
  return Date.parse(silence.startsAt) > nowMs ? 'upcoming' : 'active';
}

/** Active ones first, the soonest to end at the top; then what comes, then what ended last. */
export function orderSilences<S extends Pick<Silence, 'startsAt' | 'endsAt' | 'endedAt'>>(
  silences: Iterable<S>,
  nowMs: number,
): Record<SilenceState, S[]> {
  const result: Record<SilenceState, S[]> = { active: [], upcoming: [], ended: [] };
  for (const silence of silences) result[silenceState(silence, nowMs)].push(silence);
  result.active.sort((a, b) => compare(a.endsAt, b.endsAt));
  result.upcoming.sort((a, b) => compare(a.startsAt, b.startsAt));
  result.ended.sort((a, b) => compare(b.endedAt ?? b.endsAt, a.endedAt ?? a.endsAt));
  return result;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
