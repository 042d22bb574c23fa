import type { Change, EntityName } from '#server/contract/replica.ts';
import type { Row } from './rows.ts';

export type Decision = { kind: 'put'; row: Row } | { kind: 'delete' } | { kind: 'ignore' };

/**
 * What one change does to the row held. Applying the same change again, or an older one late, does nothing:
 * versions only grow, and a row that came back after a deletion carries a higher version than the deletion.
 */
export function decideChange(held: Row | undefined, change: Change, parsed: Row | null): Decision {
  if (change.op === 'delete') {
    if (held === undefined || held.version > change.version) return { kind: 'ignore' };
    return { kind: 'delete' };
  }
  if (parsed === null) return { kind: 'ignore' };
  if (held !== undefined && held.version >= change.version) return { kind: 'ignore' };
  return { kind: 'put', row: parsed };
}

/** Which of the rows held are gone after a whole snapshot: those it did not name. */
export function missingFromSnapshot(held: Iterable<string>, seen: ReadonlySet<string>): string[] {
  const gone: string[] = [];
  for (const id of held) if (!seen.has(id)) gone.push(id);
  return gone;
}

/** Entities that are found by their incident. */
export const byIncident = [
  'task',
  'participant',
  'ask',
  'poll',
  'statusUpdate',
  'postmortem',
  'timeline',
  'chat',
  'page',
  'alert',
] as const satisfies readonly EntityName[];
export type ByIncident = (typeof byIncident)[number];

const namesByIncident: ReadonlySet<string> = new Set(byIncident);

export function isByIncident(entity: EntityName): entity is ByIncident {
  return namesByIncident.has(entity);
}
