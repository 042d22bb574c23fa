// What no longer belongs in the copy on this machine (UX.md 5). A snapshot has the same bounds; a client that runs for
// weeks gets only changes, so it has to forget by itself.
import { type EntityName, type EntityOf, replicaLimits } from '#server/contract/replica.ts';
import { rowKey, type RowKey } from './rows.ts';

export type Held = { readonly [N in EntityName]: ReadonlyMap<string, EntityOf<N>> };

const hourMs = 3_600_000;

/** Rows to forget. `keep` names rows that a queued action needs. */
export function outOfBounds(
  held: Held,
  nowMs: number,
  keep: ReadonlySet<RowKey>,
): { entity: EntityName; id: string }[] {
  const gone: { entity: EntityName; id: string }[] = [];
  const forget = (entity: EntityName, id: string): void => {
    if (!keep.has(rowKey(entity, id))) gone.push({ entity, id });
  };
  const before = (hours: number): string => new Date(nowMs - hours * hourMs).toISOString();

  const alertsBefore = before(replicaLimits.alertHours);
  const changesBefore = before(replicaLimits.changeHours);
  const pagesBefore = before(replicaLimits.pageHours);
  const closedBefore = before(replicaLimits.closedIncidentDays * 24);

  for (const id of alertsToForget([...held.alert.values()], alertsBefore)) forget('alert', id);
  for (const { id, at } of held.change.values()) if (at < changesBefore) forget('change', id);

  const closed = [...held.incident.values()]
    .filter((incident) => incident.resolvedAt !== null && incident.status === 'resolved')
    .toSorted((a, b) => compare(b.resolvedAt ?? '', a.resolvedAt ?? ''));
  const old = new Set(
    closed
      .filter(({ id, resolvedAt }) => (resolvedAt ?? '') < closedBefore && !keep.has(rowKey('incident', id)))
      .map(({ id }) => id),
  );
  const withoutTimeline = new Set([...closed.slice(replicaLimits.timelines).map(({ id }) => id), ...old]);
  for (const id of old) forget('incident', id);
  for (const { id, incidentId } of held.task.values()) if (old.has(incidentId)) forget('task', id);
  for (const { id, incidentId } of held.participant.values()) if (old.has(incidentId)) forget('participant', id);
  for (const { id, incidentId } of held.ask.values()) if (old.has(incidentId)) forget('ask', id);
  for (const { id, incidentId } of held.poll.values()) if (old.has(incidentId)) forget('poll', id);
  for (const { id, incidentId } of held.statusUpdate.values()) if (old.has(incidentId)) forget('statusUpdate', id);
  for (const { id, incidentId } of held.postmortem.values()) if (old.has(incidentId)) forget('postmortem', id);
  for (const { id, incidentId } of held.timeline.values()) if (withoutTimeline.has(incidentId)) forget('timeline', id);
  for (const id of chatToForget(held.chat.values(), withoutTimeline)) forget('chat', id);
  const isClosed = (incidentId: string): boolean => held.incident.get(incidentId)?.status === 'resolved';
  for (const page of held.page.values()) {
    // Of an incident that is not known here, the page itself says whether somebody still has to answer.
    const over = held.incident.has(page.incidentId) ? isClosed(page.incidentId) : page.status !== 'open';
    if (page.at < pagesBefore && over) forget('page', page.id);
  }
  for (const { id } of held.escalation.values()) if (isClosed(id)) forget('escalation', id);
  return gone;
}

/** What was said in rooms whose timeline goes, and of each other room all but the newest. */
function chatToForget(messages: Iterable<EntityOf<'chat'>>, without: ReadonlySet<string>): string[] {
  const gone: string[] = [];
  const rooms = new Map<string, EntityOf<'chat'>[]>();
  for (const message of messages) {
    const room = rooms.get(message.incidentId);
    if (without.has(message.incidentId)) gone.push(message.id);
    else if (room === undefined) rooms.set(message.incidentId, [message]);
    else room.push(message);
  }
  for (const room of rooms.values()) {
    const tooMany = room.length - replicaLimits.chatPerIncident;
    if (tooMany <= 0) continue;
    const oldest = room.toSorted((a, b) => compare(a.at, b.at) || compare(a.id, b.id)).slice(0, tooMany);
    gone.push(...oldest.map(({ id }) => id));
  }
  return gone;
}

/** Resolved ones of more than a day; of what is still too many, the oldest resolved first, then the quietest. */
function alertsToForget(alerts: readonly EntityOf<'alert'>[], before: string): string[] {
  const isOld = ({ status, resolvedAt }: EntityOf<'alert'>): boolean =>
    status === 'resolved' && resolvedAt !== null && resolvedAt < before;
  const old = alerts.filter(isOld).map(({ id }) => id);
  const tooMany = alerts.length - old.length - replicaLimits.alerts;
  if (tooMany <= 0) return old;
  const rest = alerts
    .filter((alert) => !isOld(alert))
    .toSorted(
      (a, b) =>
        Number(a.status === 'firing') - Number(b.status === 'firing') ||
        compare(a.resolvedAt ?? a.lastSeenAt, b.resolvedAt ?? b.lastSeenAt),
    );
  return [...old, ...rest.slice(0, tooMany).map(({ id }) => id)];
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
