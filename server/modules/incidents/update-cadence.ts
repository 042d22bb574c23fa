import type { IncidentState } from '#server/modules/incidents/state.ts';

export function nextUpdateDue(minutes: number | null, from: string): string | null {
  return minutes === null ? null : new Date(Date.parse(from) + minutes * 60_000).toISOString();
}

/** A new severity brings its own cadence, counted from the last update; what that makes late is due now, not overdue. */
export function cadenceFor(
  incident: IncidentState,
  minutes: number | null,
  at: string,
): Pick<IncidentState, 'updateCadenceMinutes' | 'nextUpdateDueAt'> {
  const due = nextUpdateDue(minutes, incident.lastUpdate?.at ?? incident.startedAt);
  if (due === null || incident.status === 'resolved') return { updateCadenceMinutes: minutes, nextUpdateDueAt: null };
  return { updateCadenceMinutes: minutes, nextUpdateDueAt: due > at ? due : at };
}
