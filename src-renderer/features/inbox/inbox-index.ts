// The inbox, kept up with the replica by reading only the rows that changed.
import type { EntityName } from '#server/contract/replica.ts';
import type { Service } from '#server/contract/service.ts';
import type { Tables } from '../../replica/rows/rows.ts';
import { inboxEntities, type InboxItem, type InboxReader, type InboxRow, itemsOf } from './inbox-items.ts';

export interface InboxIndex {
  /** Takes in what changed since it was called last; the answer is another one when the items are. */
  catchUp(tables: Tables): number;
  /** What is news by now, newest first: what means this person, and what goes on around them. */
  items(now: number): InboxItem[];
  /** Only what means this person, in no order: few, however many incidents there are. */
  personal(now: number): InboxItem[];
}

/** Older things are in the screens that they belong to. */
const keptMs = 7 * 86_400_000;
export const shownMax = 500;

type Follow = (entity: EntityName, changed: (id: string | null) => void) => unknown;

/** Who reads it. A service is theirs when it is one of their teams', or when they keep its runbook. */
export interface InboxOwner {
  id: string;
  teamIds: () => readonly string[];
  serviceIds: () => readonly string[];
}

export function createInboxIndex(me: InboxOwner, follow: Follow): InboxIndex {
  const byRow = new Map<string, InboxItem[]>();
  const personal = new Map<string, InboxItem[]>();
  /** Ids by entity; null for all of them. */
  const changed = new Map<EntityName, Set<string> | null>(inboxEntities.map((entity) => [entity, null]));
  let reader: InboxReader = { id: me.id, services: new Set() };
  let readerOld = true;
  // The replica shows its first rows in other maps than the empty ones that it starts with.
  const lookedAt = new Map<EntityName, unknown>();
  let revision = 0;

  for (const entity of inboxEntities) {
    follow(entity, (id) => {
      if (id === null) changed.set(entity, null);
      else changed.get(entity)?.add(id);
    });
  }
  follow('service', () => (readerOld = true));
  for (const entity of ['user', 'preference'] as const) {
    follow(entity, (id) => {
      if (id === null || id === me.id) readerOld = true;
    });
  }

  function put(entity: EntityName, id: string, items: InboxItem[]): void {
    const key = `${entity}:${id}`;
    if (items.length === 0) {
      byRow.delete(key);
      personal.delete(key);
      return;
    }
    byRow.set(key, items);
    const mine = items.filter(({ tier }) => tier !== 'ambient');
    if (mine.length > 0) personal.set(key, mine);
    else personal.delete(key);
  }

  return {
    catchUp(tables) {
      if (readerOld) {
        readerOld = false;
        reader = { id: me.id, services: servicesOf(me, tables.service.rows.values()) };
        changed.set('change', null);
      }
      for (const entity of inboxEntities) {
        const { rows } = tables[entity];
        const ids = lookedAt.get(entity) === rows ? changed.get(entity) : null;
        lookedAt.set(entity, rows);
        changed.set(entity, new Set());
        if (ids === null || ids === undefined) {
          for (const key of byRow.keys()) {
            if (!key.startsWith(`${entity}:`)) continue;
            byRow.delete(key);
            personal.delete(key);
            revision += 1;
          }
        }
        for (const id of ids ?? rows.keys()) {
          const row = rows.get(id);
          // Each table holds the rows of its own name; the type system cannot follow the loop.
          put(entity, id, row === undefined ? [] : itemsOf({ entity, row } as InboxRow, reader));
          revision += 1;
        }
      }
      return revision;
    },
    items: (now) =>
      inTime(byRow.values(), now)
        .sort((a, b) => b.at.localeCompare(a.at) || a.key.localeCompare(b.key))
        .slice(0, shownMax),
    personal: (now) => inTime(personal.values(), now),
  };
}

function inTime(lists: Iterable<InboxItem[]>, now: number): InboxItem[] {
  const from = new Date(now - keptMs).toISOString();
  const until = new Date(now).toISOString();
  const found: InboxItem[] = [];
  for (const list of lists) for (const item of list) if (item.at >= from && item.at <= until) found.push(item);
  return found;
}

/** By every name that a deploy may call them. */
function servicesOf(me: InboxOwner, services: Iterable<Service>): Set<string> {
  const [teamIds, serviceIds] = [me.teamIds(), me.serviceIds()];
  const names = new Set<string>();
  for (const { id, teamId, name, aliases } of services) {
    if (!serviceIds.includes(id) && (teamId === null || !teamIds.includes(teamId))) continue;
    for (const each of [name, ...aliases]) names.add(each.toLowerCase());
  }
  return names;
}
