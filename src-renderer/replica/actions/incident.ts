import type { Incident, RoleSlot, TimelineEntry } from '#server/contract/incident.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import { t } from '../../language/words.ts';
import { rowKey, type RowKey } from '../rows/rows.ts';
import { type ActionFace, type Faces, type KindsOf, ofIncident, quarrelsWithNobody, type Scene } from './face.ts';

const base = (action: { incidentId: string }): RowKey => rowKey('incident', action.incidentId);
const touchesEntry = (action: { entryId: string }): RowKey[] => [rowKey('timeline', action.entryId)];
const needsServer = t`this needs the server`;
const rolesNeedServer = t`roles need the server, so that two people never hold the same one`;

/** An action that changes a field of the incident, which two people could quarrel about. */
function changes<A extends { incidentId: string }>(
  field: string,
  refusal: string | null,
  next?: (incident: Incident, action: A, scene: Scene) => Incident,
) {
  return {
    base,
    lane: ofIncident,
    guard: (action: A) => `incident:${action.incidentId}:${field}`,
    refusal,
    predict(action: A, scene: Scene) {
      if (next !== undefined) changeIncident(action.incidentId, scene, (incident) => next(incident, action, scene));
    },
  };
}

function role<A extends { incidentId: string; role: string }>(
  next?: (incident: Incident, action: A, scene: Scene) => Incident,
) {
  return {
    ...changes<A>('role', rolesNeedServer, next),
    guard: (action: A) => `incident:${action.incidentId}:role:${action.role}`,
  };
}

/** Only sent with a server in reach; shows when the server says so. */
const atServer = { base, lane: ofIncident, guard: quarrelsWithNobody, refusal: needsServer };

const star: ActionFace<'incident.star'> = {
  base,
  touches: touchesEntry,
  lane: ofIncident,
  guard: quarrelsWithNobody,
  refusal: null,
  predict(action, { get, put }) {
    const entry = get('timeline', action.entryId);
    const next: TimelineEntry | undefined = entry && { ...entry, starred: action.starred };
    if (next !== undefined) put('timeline', next);
  },
};

export const incidentActions: Faces<KindsOf<'incident'>> = {
  'incident.declare': {
    ...atServer,
    refusal: t`declaring needs the server; nobody has been told`,
    predict(action, { at, me, get, put }) {
      if (get('incident', action.incidentId) === undefined) put('incident', declared(action, at, me.id));
    },
  },
  'incident.acknowledge': changes('status', null, (incident, _action, { at, me }) => ({
    ...incident,
    status: 'acknowledged',
    acknowledgedAt: incident.acknowledgedAt ?? at,
    acknowledgedBy: incident.acknowledgedBy ?? me.id,
  })),
  'incident.mitigate': changes('status', null, (incident, _action, { at }) => ({
    ...incident,
    status: 'mitigated',
    mitigatedAt: at,
  })),
  'incident.resolve': changes(
    'status',
    t`ending an incident of severity 1 or 2 needs the server; others may know more`,
    (incident, _action, { at }) => ({ ...incident, status: 'resolved', resolvedAt: at }),
  ),
  'incident.reopen': changes('status', null, (incident) => ({
    ...incident,
    status: incident.acknowledgedAt === null ? 'triggered' : 'acknowledged',
    resolvedAt: null,
    mitigatedAt: null,
  })),
  'incident.set-severity': changes('severity', null, (incident, action: ActionOf<'incident.set-severity'>) => ({
    ...incident,
    severity: action.severity,
  })),
  'incident.set-title': changes('title', null, (incident, action: ActionOf<'incident.set-title'>) => ({
    ...incident,
    title: action.title,
  })),
  'incident.set-impact': changes('impact', null, (incident, action: ActionOf<'incident.set-impact'>) => ({
    ...incident,
    impact: action.impact,
  })),
  'incident.take-role': role((incident, action, { at, me }) => ({
    ...incident,
    roles: withRole(incident.roles, { role: action.role, userId: me.id, since: at, offer: null }),
  })),
  'incident.offer-role': role(),
  'incident.accept-role': role(),
  'incident.decline-role': role(),
  'incident.release-role': role(),
  'incident.note': {
    base,
    touches: touchesEntry,
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: null,
    predict: (action, scene) => addEntry(action, 'note', action.at ?? scene.at, scene),
  },
  'incident.star': star,
  // Not drawn before the server has it: nothing looks published that is not.
  'incident.post-update': {
    ...atServer,
    guard: (action) => `incident:${action.incidentId}:update`,
    refusal: t`publishing an update needs the server; the text is kept as a draft`,
  },
  'incident.add-link': {
    base,
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: null,
    predict({ incidentId, link }, scene) {
      changeIncident(incidentId, scene, (incident) =>
        incident.links.some((other) => other.id === link.id)
          ? incident
          : { ...incident, links: [...incident.links, link] },
      );
    },
  },
  'incident.remove-link': atServer,
  'incident.restrict': changes('restriction', needsServer),
  'incident.join': { ...atServer, base: () => null, refusal: null },
  'incident.release': { ...atServer, base: () => null },
  'incident.merge': atServer,
  'incident.split': atServer,
  'incident.attach-alerts': atServer,
  'incident.detach-alerts': atServer,
};

function changeIncident(id: string, { get, put }: Scene, next: (incident: Incident) => Incident): void {
  const before = get('incident', id);
  const after = before === undefined ? undefined : next(before);
  if (after !== undefined && after !== before) put('incident', after);
}

function addEntry(
  action: { entryId: string; incidentId: string; text: string },
  kind: 'note' | 'update',
  when: string,
  { at, me, get, put }: Scene,
): void {
  if (get('timeline', action.entryId) !== undefined) return;
  const entry: TimelineEntry = {
    id: action.entryId,
    version: 0,
    incidentId: action.incidentId,
    at: when,
    recordedAt: at,
    kind,
    source: 'person',
    actorId: me.id,
    actor: me.name,
    text: action.text,
    detail: null,
    alertId: null,
    starred: false,
  };
  put('timeline', entry);
}

function withRole(roles: readonly RoleSlot[], slot: RoleSlot): RoleSlot[] {
  return [...roles.filter((other) => other.role !== slot.role), slot];
}

function declared(action: ActionOf<'incident.declare'>, at: string, declaredBy: string): Incident {
  return {
    id: action.incidentId,
    version: 0,
    number: 0,
    title: action.title,
    severity: action.severity,
    status: 'triggered',
    impact: action.impact,
    ruleId: null,
    groupKey: null,
    groupReason: null,
    declaredBy,
    alertCount: action.alertIds.length,
    firingAlertCount: 0,
    services: [],
    startedAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [],
    links: [],
    updateCadenceMinutes: null,
    nextUpdateDueAt: null,
    lastUpdate: null,
    restrictedTo: action.restrictedTo,
    mergedInto: null,
    fieldVersions: {},
  };
}
