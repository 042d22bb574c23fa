// Who may read an update, and whether it can reach them. Pure.
import { type Decision, invalid } from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';

/** A yes counts for what is restricted at that moment: who said it of an open incident has said nothing of a later one. */
export function saidYes(
  incident: Pick<IncidentState, 'restrictedTo'>,
  targets: readonly UpdateTarget[],
  openly: boolean | undefined,
): boolean {
  return openly === true && incident.restrictedTo !== null && targets.length > 0;
}

/** Targets that go to others than those in the preview that was approved, in words; one that is faulty is refused as such. */
export function resealed(
  targets: readonly UpdateTarget[],
  seen: readonly { id: string; seal: string }[] | undefined,
): string[] {
  if (seen === undefined) return [];
  return targets
    .filter(({ id, seal, fault }) => fault === null && !seen.some((one) => one.id === id && one.seal === seal))
    .map(({ kind, name, addresses }) => {
      if (kind === 'statuspage') return `the settings of the status page ${name}`;
      return `who gets ${name} (${addresses.length === 1 ? '1 person' : `${addresses.length} people`} now)`;
    });
}

export function refuseTargets(
  incident: IncidentState,
  targets: readonly UpdateTarget[],
  openly: boolean,
): Decision<never> | null {
  const faulty = targets.find((target) => target.fault !== null);
  if (faulty !== undefined) return invalid(`It cannot go to ${faulty.name}: ${faulty.fault}`);
  return refuseRestricted(incident, targets.length > 0, openly);
}

export function refuseRestricted(incident: IncidentState, leaves: boolean, openly: boolean): Decision<never> | null {
  if (incident.restrictedTo === null || !leaves || openly) return null;
  return invalid(
    `INC-${incident.number} is restricted, and those who get this may not see it. Say yes to that, or post to the timeline only.`,
  );
}
