import type { Facts } from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** What an incident starts as when a person opens it, at version 1. */
export function openedByHand(
  like: Pick<IncidentState, 'severity' | 'restrictedTo' | 'updateCadenceMinutes' | 'nextUpdateDueAt'>,
  { id, number, title }: { id: string; number: number; title: string },
  facts: Facts,
): IncidentState {
  return {
    id,
    version: 1,
    number,
    title,
    severity: like.severity,
    status: 'triggered',
    impact: null,
    ruleId: null,
    groupKey: null,
    groupReason: null,
    resolvePolicy: 'never',
    reopenSeconds: 0,
    declaredBy: facts.actor.userId,
    alertCount: 0,
    firingAlertCount: 0,
    services: [],
    startedAt: facts.actedAt,
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [],
    links: [],
    updateCadenceMinutes: like.updateCadenceMinutes,
    nextUpdateDueAt: like.nextUpdateDueAt,
    lastUpdate: null,
    restrictedTo: like.restrictedTo,
    mergedInto: null,
    fieldVersions: { status: 1, severity: 1, title: 1, impact: 1, restriction: 1 },
  };
}
