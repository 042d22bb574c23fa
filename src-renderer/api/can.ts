// Mirrors the server's rules in one place, so that a screen can say beforehand what is not possible, and why. The server
// decides all the same.
import { type ActionKind, actionPolicies, offlinePolicy } from '#server/contract/intent.ts';
import type { Incident } from '#server/contract/incident.ts';
import { type PermissionRole, roleAtLeast } from '#server/contract/people.ts';
import { t, term } from '../language/words.ts';
import { refusalReason } from '../replica/outbox/outbox.ts';

export interface Able {
  role: PermissionRole;
  reachable: boolean;
}

/** Null when the action can be taken now, else the reason in words. */
export function whyNot(kind: ActionKind, able: Able, incident?: Incident): string | null {
  const policy = actionPolicies[kind];
  if (!roleAtLeast(able.role, policy.role)) return t`Needs the role ${term(policy.role)}; yours is ${term(able.role)}.`;
  if (!able.reachable && offlinePolicy(kind, incident) === 'refuse')
    return t`Not while offline: ${refusalReason(kind)}.`;
  return incident === undefined ? null : whyNotOnIncident(kind, incident);
}

/** Reasons that lie in the state of the incident itself. */
export function whyNotOnIncident(kind: ActionKind, incident: Incident): string | null {
  if (incident.mergedInto !== null && kind !== 'incident.star')
    return t`This incident was merged into another one; act there.`;
  switch (kind) {
    case 'incident.acknowledge':
      return incident.status === 'triggered' ? null : t`It is already acknowledged.`;
    case 'incident.mitigate':
      if (incident.status === 'resolved') return t`It is resolved.`;
      return incident.status === 'mitigated' ? t`It is already mitigated.` : null;
    case 'incident.resolve':
      return incident.status === 'resolved' ? t`It is already resolved.` : null;
    case 'escalation.escalate':
      return incident.status === 'resolved' ? t`It is resolved; reopen it first.` : null;
    case 'incident.reopen':
      return incident.status === 'resolved' || incident.status === 'mitigated' ? null : t`It is open.`;
    default:
      return null;
  }
}

/** The same for reads and procedures that are no intents. */
export function whyNotRole(need: PermissionRole, able: Able): string | null {
  if (!roleAtLeast(able.role, need)) return t`Needs the role ${term(need)}; yours is ${term(able.role)}.`;
  return able.reachable ? null : t`Not while offline: this needs the server.`;
}
