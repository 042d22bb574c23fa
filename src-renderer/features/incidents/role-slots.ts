import { type Incident, namedRoles, type RoleSlot } from '#server/contract/incident.ts';

export function rolesShown(incident: Incident): RoleSlot[] {
  const named = namedRoles.map(
    (role) => incident.roles.find((slot) => slot.role === role) ?? { role, userId: null, since: null, offer: null },
  );
  const names = new Set<string>(namedRoles);
  return [...named, ...incident.roles.filter((slot) => !names.has(slot.role))];
}
