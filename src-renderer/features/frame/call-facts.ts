// Who can be called when the server cannot be reached: whoever commands, then whoever is on call. Pure.
import type { Incident } from '#server/contract/incident.ts';
import type { Roster } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { codeOf, commanderOf, openIncidents } from '../incidents/incident-facts.ts';
import { standingOf } from '../oncall/oncall-facts.ts';

export interface CallGroup {
  key: string;
  label: string;
  userIds: readonly string[];
}

export interface CallWorld {
  meId: string;
  incidents: Iterable<Incident>;
  schedules: Iterable<{ id: string; name: string }>;
  rosters: ReadonlyMap<string, Roster>;
  atMs: number;
}

/** Schedules whose shifts are not known for this hour are named apart: a name from last month would be a guess. */
export function peopleToCall({ meId, incidents, schedules, rosters, atMs }: CallWorld): {
  groups: CallGroup[];
  unknown: string[];
} {
  const groups: CallGroup[] = [];
  const unknown: string[] = [];
  const add = (key: string, label: string, ids: readonly string[]): void => {
    const userIds = ids.filter((id) => id !== meId);
    if (userIds.length > 0) groups.push({ key, label, userIds });
  };
  for (const incident of openIncidents(incidents)) {
    const userId = commanderOf(incident)?.userId ?? null;
    if (userId !== null) add(incident.id, t`Commands ${codeOf(incident)} ${incident.title}`, [userId]);
  }
  for (const { id, name } of [...schedules].toSorted((a, b) => a.name.localeCompare(b.name))) {
    const roster = rosters.get(id);
    const standing = roster === undefined ? null : standingOf(roster, atMs);
    if (standing === null || !standing.known) unknown.push(name);
    else add(id, t`On call now: ${name}`, standing.now?.userIds ?? []);
  }
  return { groups, unknown };
}
