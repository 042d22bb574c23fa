// An escalation policy read aloud: who is paged now, who after how long. Pure.
import type { EscalationStep, PolicyDraft, Target } from '#server/contract/policy.ts';
import type { Channel } from '#server/contract/channel.ts';
import type { Roster, Schedule } from '#server/contract/schedule.ts';
import type { Team, User } from '#server/contract/people.ts';
import { severityRank } from '#server/contract/severity.ts';
import { listText, numberText, plural, t } from '../../language/words.ts';
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
      return target.id === world.me ? t`you` : (world.users.get(target.id)?.name ?? t`a person who is gone`);
    case 'schedule':
      return world.schedules.get(target.id)?.name ?? t`a schedule that is gone`;
    case 'team': {
      const team = world.teams.get(target.id);
      return team === undefined ? t`a team that is gone` : t`team ${team.name}`;
    }
    case 'channel':
      return world.channels.get(target.id)?.name ?? t`a channel that is gone`;
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
  if (people === null) return t`whoever is on call in ${name}`;
  if (people.length === 0) return t`nobody (${name} has a gap now)`;
  return `${listText(people.map((id) => targetName({ type: 'user', id }, world)))} (${name})`;
}

export function stepWords(step: EscalationStep, world: TargetWorld, atMs: number): string {
  const names = step.targets.map((target) => targetNow(target, world, atMs));
  const who = step.roundRobin && names.length > 1 ? t`one of ${listText(names)} in turn` : listText(names);
  const limits = limitsOf(step.when);
  const limited = limits.length === 0 ? who || t`nobody` : t`${who || t`nobody`} (only ${limits.join(', ')})`;
  if (step.priority === 'by-route') return limited;
  return step.priority === 'important' ? t`${limited}, as important` : t`${limited}, as not important`;
}

/** The whole policy in sentences. */
export function policyWords(policy: PolicyDraft, world: TargetWorld, atMs: number): string {
  const parts: string[] = [];
  let minutes = 0;
  for (const [index, step] of policy.steps.entries()) {
    const who = stepWords(step, world, atMs);
    parts.push(index === 0 ? t`Page ${who} now` : t`after ${minutesWords(minutes)} ${who}`);
    minutes += step.delayMinutes;
  }
  const sentences = [`${parts.join('; ')}.`, againWords(policy)];
  if (policy.acknowledgementsNeeded > 1)
    sentences.push(t`It goes on until ${numberText(policy.acknowledgementsNeeded)} people have acknowledged.`);
  sentences.push(
    policy.pageAgain === 'every-alert'
      ? t`Any new alert on an acknowledged incident pages again.`
      : t`When the severity of an acknowledged incident rises, it pages again.`,
  );
  return sentences.join(' ');
}

function againWords({ repeat, steps }: PolicyDraft): string {
  const after = minutesWords(steps.at(-1)?.delayMinutes ?? 0);
  if (repeat === 0) return t`Then it stops, and says so.`;
  return repeat === null
    ? t`${after} after the last step it begins again, until somebody acknowledges.`
    : t`${after} after the last step it begins again, ${plural(repeat, { one: 'once', other: '# times' })}.`;
}

function limitsOf({ severities, hours }: EscalationStep['when']): string[] {
  const parts: string[] = [];
  if (severities.length > 0 && severities.length < 4) {
    const names = severities
      .toSorted((a, b) => severityRank(a) - severityRank(b))
      .map((severity) => (severity === 'info' ? t`info` : severity.slice(3)));
    parts.push(severities.every((severity) => severity === 'info') ? t`info` : t`severity ${listText(names, 'or')}`);
  }
  if (hours === 'working') parts.push(t`working hours`);
  if (hours === 'outside') parts.push(t`outside of working hours`);
  return parts;
}

export function minutesWords(minutes: number): string {
  if (minutes < 60 || minutes % 60 !== 0) return t`${minutes} min`;
  return t`${minutes / 60} h`;
}
