// What silences make of an alert. Pure.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { AlertChange, AlertState } from '#server/modules/alerts/state.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';

export interface CompiledSilence {
  silence: SilenceState;
  test(alert: AlertState): boolean;
}

/** The window is [start, end); ending it early moves the end. */
export function isActive(silence: SilenceState, at: string): boolean {
  return !silence.finished && silence.startsAt <= at && at < endOf(silence);
}

export function endOf(silence: SilenceState): string {
  return silence.endedAt !== null && silence.endedAt < silence.endsAt ? silence.endedAt : silence.endsAt;
}

export type Marked = { change: AlertChange; event: AlertEvent | null };

/**
 * Suppresses the alert by the active silence that lasts longest; one that suppresses it and still matches keeps it.
 * `released` says why the silence that has it now lets go, where the matching itself does not.
 */
export function decideSilenced(
  change: AlertChange,
  active: readonly CompiledSilence[],
  at: string,
  newId: () => string,
  released?: string,
): Marked {
  const alert = change.after;
  const matching = active.filter(({ silence, test }) => isActive(silence, at) && test(alert));
  const current = matching.find(({ silence }) => silence.id === alert.suppressedBy);
  const best =
    current ??
    matching.reduce<CompiledSilence | null>(
      (longest, next) => (longest === null || endOf(next.silence) > endOf(longest.silence) ? next : longest),
      null,
    );
  const silenceId = best?.silence.id ?? null;
  if (silenceId === alert.suppressedBy) return { change, event: null };
  const cause =
    best === null
      ? (released ?? 'The silence that suppressed it does not match it any more.')
      : `${nameOf(best.silence)} matches it until ${endOf(best.silence)}.`;
  return {
    change: { before: change.before, after: { ...alert, suppressed: best !== null, suppressedBy: silenceId } },
    event: {
      id: newId(),
      alertId: alert.id,
      at,
      kind: best === null ? 'unsuppressed' : 'suppressed',
      cause,
      actorId: best?.silence.createdBy ?? null,
    },
  };
}

/** True for a change that the silences have to look at: a new alert, or one whose matching can have changed. */
export function needsLook({ before, after }: AlertChange): boolean {
  if (before === null) return true;
  if (after.status !== 'firing') return false;
  return (
    before.status !== 'firing' ||
    before.title !== after.title ||
    before.severity !== after.severity ||
    before.service !== after.service ||
    before.labels !== after.labels ||
    before.annotations !== after.annotations
  );
}

export function nameOf(silence: SilenceState): string {
  return `The ${silence.kind === 'maintenance' ? 'maintenance window' : 'silence'} “${silence.reason}”`;
}
