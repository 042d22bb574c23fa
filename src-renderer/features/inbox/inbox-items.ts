// What an inbox holds, made of one row of the replica at a time. Pure.
import type { ChatMessage } from '#server/contract/chat.ts';
import { type Ask, isWaiting, type Poll } from '#server/contract/console.ts';
import type { ChangeEvent, Incident, Task } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import { waitsForMyWord } from '../console/console-facts.ts';
import { commanderOf, isOpen, warnBeforeMs } from '../incidents/incident-facts.ts';
import { waitsForMe } from '../updates/update-facts.ts';
import { mentions } from '../room-chat/mention-notices.ts';

/** page: I was paged. direct: somebody means me. ambient: what goes on around me. */
export type InboxTier = 'page' | 'direct' | 'ambient';

export type InboxItem = {
  /** Stands for one thing as long as it lasts; read and unread are kept by it. */
  key: string;
  tier: InboxTier;
  /** From when on it is news; what lies ahead is not shown yet. */
  at: string;
  incidentId: string | null;
} & (
  | { kind: 'page'; page: Page }
  | { kind: 'mention'; message: ChatMessage }
  | { kind: 'offer'; incident: Incident; role: string; by: string }
  | { kind: 'update'; incident: Incident; dueAt: string }
  | { kind: 'ask' | 'answered' | 'late-ask'; ask: Ask }
  | { kind: 'poll'; poll: Poll }
  /** approve: somebody waits for my yes. decided: what became of mine. */
  | { kind: 'approve' | 'decided'; update: StatusUpdate }
  | { kind: 'task'; task: Task }
  | { kind: 'opened' | 'resolved'; incident: Incident }
  | { kind: 'deploy'; change: ChangeEvent }
);

export interface InboxReader {
  id: string;
  /** Names, in lower case, of the services that are this person's. */
  services: ReadonlySet<string>;
}

/** The rows that an inbox is made of. */
export type InboxRow =
  | { entity: 'incident'; row: Incident }
  | { entity: 'page'; row: Page }
  | { entity: 'chat'; row: ChatMessage }
  | { entity: 'ask'; row: Ask }
  | { entity: 'poll'; row: Poll }
  | { entity: 'statusUpdate'; row: StatusUpdate }
  | { entity: 'task'; row: Task }
  | { entity: 'change'; row: ChangeEvent };
export const inboxEntities = ['incident', 'page', 'chat', 'ask', 'poll', 'statusUpdate', 'task', 'change'] as const;

export function itemsOf({ entity, row }: InboxRow, me: InboxReader): InboxItem[] {
  switch (entity) {
    case 'incident':
      return ofIncident(row, me);
    case 'page':
      if (row.userId !== me.id) return [];
      return [{ kind: 'page', key: `page ${row.id}`, tier: 'page', at: row.at, incidentId: row.incidentId, page: row }];
    case 'chat': {
      if (!mentions(row, me)) return [];
      const { id, at, incidentId } = row;
      return [{ kind: 'mention', key: `mention ${id}`, tier: 'direct', at, incidentId, message: row }];
    }
    case 'ask':
      return ofAsk(row, me);
    case 'poll': {
      if (row.openedBy === me.id || !row.asked.includes(me.id)) return [];
      const { id, openedAt, incidentId } = row;
      return [{ kind: 'poll', key: `poll ${id}`, tier: 'direct', at: openedAt, incidentId, poll: row }];
    }
    case 'statusUpdate':
      return ofUpdate(row, me);
    case 'task': {
      if (row.ownerId !== me.id || row.createdBy === me.id) return [];
      const { id, createdAt, incidentId } = row;
      return [{ kind: 'task', key: `task ${id}`, tier: 'direct', at: createdAt, incidentId, task: row }];
    }
    case 'change': {
      if (row.service === null || !me.services.has(row.service.toLowerCase())) return [];
      return [{ kind: 'deploy', key: `deploy ${row.id}`, tier: 'ambient', at: row.at, incidentId: null, change: row }];
    }
  }
}

function ofIncident(incident: Incident, me: InboxReader): InboxItem[] {
  const { id } = incident;
  if (incident.mergedInto !== null) return [];
  const items: InboxItem[] = [];
  const mine = { incidentId: id, incident };
  if (incident.declaredBy !== me.id)
    items.push({ kind: 'opened', key: `opened ${id}`, tier: 'ambient', at: incident.startedAt, ...mine });
  if (incident.resolvedAt !== null) {
    const at = incident.resolvedAt;
    items.push({ kind: 'resolved', key: `resolved ${id} ${at}`, tier: 'ambient', at, ...mine });
  }
  if (!isOpen(incident)) return items;
  for (const { role, offer } of incident.roles) {
    if (offer === null || offer.to !== me.id) continue;
    const { by, at } = offer;
    items.push({ kind: 'offer', key: `offer ${id} ${role} ${at}`, tier: 'direct', at, role, by, ...mine });
  }
  if (incident.nextUpdateDueAt !== null && commanderOf(incident)?.userId === me.id) {
    const dueAt = incident.nextUpdateDueAt;
    const at = new Date(Date.parse(dueAt) - warnBeforeMs).toISOString();
    items.push({ kind: 'update', key: `update ${id} ${dueAt}`, tier: 'direct', at, dueAt, ...mine });
  }
  return items;
}

function ofAsk(ask: Ask, me: InboxReader): InboxItem[] {
  const { id, incidentId } = ask;
  const common = { tier: 'direct', incidentId, ask } as const;
  if (ask.cancelledAt !== null) return [];
  if (ask.ownerId === me.id && ask.askedBy !== me.id)
    return [{ kind: 'ask', key: `ask ${id} ${ask.askedAt}`, at: ask.askedAt, ...common }];
  if (ask.askedBy !== me.id || ask.ownerId === me.id) return [];
  if (ask.answer !== null)
    return [{ kind: 'answered', key: `answered ${id} ${ask.answer.at}`, at: ask.answer.at, ...common }];
  return [{ kind: 'late-ask', key: `late-ask ${id} ${ask.dueAt}`, at: ask.dueAt, ...common }];
}

function ofUpdate(update: StatusUpdate, me: InboxReader): InboxItem[] {
  const { id, incidentId, approverId, writtenBy, writtenAt, state, decidedAt, decidedBy } = update;
  const common = { tier: 'direct', incidentId, update } as const;
  if (approverId === me.id && writtenBy !== me.id && state !== 'withdrawn')
    return [{ kind: 'approve', key: `approve ${id}`, at: writtenAt, ...common }];
  if (writtenBy !== me.id || decidedAt === null || decidedBy === me.id) return [];
  return [{ kind: 'decided', key: `decided ${id}`, at: decidedAt, ...common }];
}

/** Whether somebody still waits for this person: these are what the badge counts too. */
export function waits(item: InboxItem, me: { id: string }): boolean {
  switch (item.kind) {
    case 'page':
      return item.page.status === 'open';
    case 'offer':
    case 'update':
    case 'late-ask':
      return true;
    case 'ask':
      return isWaiting(item.ask);
    case 'poll':
      return waitsForMyWord(item.poll, me.id);
    case 'approve':
      return waitsForMe(item.update, me.id);
    case 'task':
      return item.task.doneAt === null;
    default:
      return false;
  }
}
