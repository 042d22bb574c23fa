// An escalation policy read aloud: who is paged now, who after how long. Pure.
import type { EscalationStep, PolicyDraft, Target } from '#server/contract/policy.ts';
import type { Channel } from '#server/contract/channel.ts';
import type { Roster, Schedule } from '#server/contract/schedule.ts';
import type { Team, User } from '#server/contract/people.ts';
import { standingOf } from '../oncall/oncall-facts.ts';

/** What targets are called, and who stands behind them at an instant. */
export interface TargetWorld {
  users: ReadonlyMap<string, User>;
  teams: ReadonlyMap<string, Team>;
  schedules: ReadonlyMap<string, Schedule>;
  rosters: ReadonlyMap<string, Roster>;
  channels: ReadonlyMap<string, Channel>;
  me: string;
}

export function targetName(target: Target, world: TargetWorld): string {
  switch (target.type) {
    case 'user':
      return target.id === world.me ? 'you' : (world.users.get(target.id)?.name ?? 'a person who is gone');
    case 'schedule':
      return world.schedules.get(target.id)?.name ?? 'a schedule that is gone';
    case 'team':
      return `team ${world.teams.get(target.id)?.name ?? 'that is gone'}`;
    case 'channel':
      return world.channels.get(target.id)?.name ?? 'a channel that is gone';
  }
}

/** People whom the target means at an instant; null when that is not known here. */
export function peopleBehind(target: Target, world: TargetWorld, atMs: number): string[] | null {
  switch (target.type) {
    case 'user':
      return [target.id];
    case 'team':
      return [...world.users.values()]
        .filter((user) => !user.disabled && user.teamIds.includes(target.id))
        .map(({ id }) => id);
    case 'channel':
      return [];
    case 'schedule': {
      const roster = world.rosters.get(target.id);
      const standing = roster === undefined ? null : standingOf(roster, atMs);
      return standing === null || !standing.known ? null : [...(standing.now?.userIds ?? [])];
    }
  }
}

/** `Priya Raman (Payments primary)`: the person of this moment, and why that one. */
export function targetNow(target: Target, world: TargetWorld, atMs: number): string {
  const name = targetName(target, world);
  if (target.type !== 'schedule') return name;
  const people = peopleBehind(target, world, atMs);
  if (people === null) return `whoever is on call in ${name}`;
  if (people.length === 0) return `nobody (${name} has a gap now)`;
  return `${listed(people.map((id) => targetName({ type: 'user', id }, world)))} (${name})`;
}

export function stepWords(step: EscalationStep, world: TargetWorld, atMs: number): string {
  const names = step.targets.map((target) => targetNow(target, world, atMs));
  const who = step.roundRobin && names.length > 1 ? `one of ${listed(names)} in turn` : listed(names);
  return `${who === '' ? 'nobody' : who}${whenClause(step.when)}${step.priority === 'by-route' ? '' : `, as ${step.priority === 'important' ? 'important' : 'not important'}`}`;
}

/** The whole policy in sentences. */
export function policyWords(policy: PolicyDraft, world: TargetWorld, atMs: number): string {
  const parts: string[] = [];
  let minutes = 0;
  for (const [index, step] of policy.steps.entries()) {
    const who = stepWords(step, world, atMs);
    parts.push(index === 0 ? `Page ${who} now` : `after ${minutesWords(minutes)} ${who}`);
    minutes += step.delayMinutes;
  }
  const last = policy.steps.at(-1);
  const again =
    policy.repeat === 0
      ? 'Then it stops, and says so'
      : `${minutesWords(last?.delayMinutes ?? 0)} after the last step it begins again${policy.repeat === null ? ', until somebody acknowledges' : `, ${policy.repeat === 1 ? 'once' : `${policy.repeat} times`}`}`;
  const needed =
    policy.acknowledgementsNeeded === 1
      ? ''
      : ` It goes on until ${policy.acknowledgementsNeeded} people have acknowledged.`;
  const anew =
    policy.pageAgain === 'every-alert'
      ? ' Any new alert on an acknowledged incident pages again.'
      : ' When the severity of an acknowledged incident rises, it pages again.';
  return `${parts.join('; ')}. ${again}.${needed}${anew}`;
}

function whenClause({ severities, hours }: EscalationStep['when']): string {
  const parts: string[] = [];
  if (severities.length > 0 && severities.length < 4) {
    const names = severities.toSorted().map((severity) => (severity === 'info' ? 'info' : severity.slice(3)));
    const numbers = names.filter((name) => name !== 'info');
    const text =
      numbers.length === 0
        ? 'info'
        : `severity ${listed(numbers, 'or')}${numbers.length < names.length ? ' or info' : ''}`;
    parts.push(text);
  }
  if (hours === 'working') parts.push('working hours');
  if (hours === 'outside') parts.push('outside of working hours');
  return parts.length === 0 ? '' : ` (only ${parts.join(', ')})`;
}

export function minutesWords(minutes: number): string {
  if (minutes < 60 || minutes % 60 !== 0) return `${minutes} min`;
  return `${minutes / 60} h`;
}

export function listed(names: readonly string[], join: 'and' | 'or' = 'and'): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${join} ${names.at(-1) ?? ''}`;
}
