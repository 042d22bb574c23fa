// How often updates are due by severity, as the settings say instead of the defaults.
import { type Severity, updateCadenceMinutes } from '#server/contract/severity.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import { cadenceFor, nextUpdateDue } from '#server/modules/incidents/update-cadence.ts';

export type Cadence = Record<Severity, number | null>;

/**
 * An incident that just opened, or whose severity just changed, by the cadence that was chosen. One that a person gave
 * a time of its own keeps it: that changes no severity.
 */
export function byChosenCadence(incident: IncidentState, cadence: Cadence, at: string): IncidentState {
  const { severity, version } = incident;
  const minutes = cadence[severity];
  if (minutes === updateCadenceMinutes[severity] || incident.fieldVersions['severity'] !== version) return incident;
  if (incident.updateCadenceMinutes !== updateCadenceMinutes[severity]) return incident;
  if (incident.status === 'resolved') return { ...incident, updateCadenceMinutes: minutes };
  if (version > 1) return { ...incident, ...cadenceFor(incident, minutes, at) };
  return { ...incident, updateCadenceMinutes: minutes, nextUpdateDueAt: nextUpdateDue(minutes, at) };
}

/**
 * Around the store of incidents, so that it holds for every way in which one opens or changes its severity. It asks
 * nothing of the database: what points at an incident is written in the same breath, and has to come after it.
 */
export function withChosenCadence<T, S extends IncidentStore<T>>(incidents: S, cadence: () => Cadence): S {
  return {
    ...incidents,
    save(tx: T, at: string, saved: IncidentState[]) {
      const chosen = cadence();
      return incidents.save(
        tx,
        at,
        saved.map((incident) => byChosenCadence(incident, chosen, at)),
      );
    },
  };
}
