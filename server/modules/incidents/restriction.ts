import { canSee, sameAudience } from '#server/contract/audience.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import {
  applied,
  changed,
  conflict,
  type Decision,
  type Facts,
  invalid,
  isStale,
  nameOf,
  noop,
} from '#server/modules/incidents/decision.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** Who may see an incident, with its timeline, tasks, review and alerts. */
export function decideRestrict(
  incident: IncidentState,
  { restrictedTo }: ActionOf<'incident.restrict'>,
  facts: Facts,
): Decision<IncidentState> {
  const who = facts.actor.name;
  const last = facts.lastChange('restriction');
  const teams = restrictedTo === null ? null : [...new Set(restrictedTo)].toSorted();
  if (sameAudience(incident.restrictedTo, teams)) return noop('It is restricted so already.', last);
  if (isStale(incident, 'restriction', facts)) {
    const kept = `${incident.restrictedTo === null ? 'open to everyone' : 'restricted'}${last === null ? '' : ` by ${last.actor}`}`;
    return conflict(`${who} wanted to change who may see it from an older copy`, `${kept} kept`);
  }
  if (!canSee(teams, facts.actor.teamIds)) {
    return invalid('You are in none of these teams and could not see it any more. Add a team of your own.');
  }
  const outside = incident.roles
    .map((slot) => slot.userId)
    .filter((id) => id !== null && !canSee(teams, facts.person(id)?.teamIds ?? []));
  const lost = outside.map((id) => nameOf(facts, id)).join(', ');
  return applied(changed(incident, { restrictedTo: teams }, 'restriction'), {
    kind: 'restriction',
    text:
      teams === null
        ? `${who} opened it to everyone`
        : `${who} restricted it to ${teams.length === 1 ? 'one team' : `${teams.length} teams`}`,
    detail: lost === '' ? null : `Still with a role, but without sight of it: ${lost}`,
  });
}
