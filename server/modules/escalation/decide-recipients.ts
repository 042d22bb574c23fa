// Whom a step pages, and who was asked for and is not. Pure.
import type { Target } from '#server/contract/policy.ts';

export interface RecipientPerson {
  id: string;
  name: string;
  disabled: boolean;
  teamIds: string[];
}

export interface RecipientsInput {
  targets: Target[];
  /** What each schedule among the targets answered. */
  schedules: { id: string; name: string; userIds: string[] }[];
  teams: { id: string; name: string; memberIds: string[] }[];
  /** Everyone whom a target may lead to. */
  people: RecipientPerson[];
  channels: { id: string; name: string; enabled: boolean }[];
  /** They acknowledged in this run. */
  acknowledgedBy: string[];
  /** Paged in this turn already: overdue steps come together, and each person gets one page. */
  pagedNow: { userIds: string[]; channelIds: string[] };
  /** Teams that may see the incident; null is everyone. */
  restrictedTo: string[] | null;
  /** The person who named the targets by hand; without it a step of a policy did. */
  namedBy?: string;
}

export interface Recipient {
  id: string;
  name: string;
  /** "on call in payments-primary", "named in the step". */
  why: string;
}

export interface NotPaged {
  type: Target['type'];
  id: string;
  name: string;
  why: string;
}

export interface RecipientsOutput {
  people: Recipient[];
  channels: Recipient[];
  notPaged: NotPaged[];
}

export function decideRecipients(input: RecipientsInput): RecipientsOutput {
  const people: Recipient[] = [];
  const channels: Recipient[] = [];
  const notPaged: NotPaged[] = [];
  const named = input.namedBy === undefined ? 'named in the step' : `named by ${input.namedBy}`;
  const known = new Map(input.people.map((person) => [person.id, person]));

  const addPerson = (id: string, why: string) => {
    const person = known.get(id);
    const refused = person === undefined ? 'there is no such person any more' : personFault(person, input, people);
    if (refused === null) people.push({ id, name: person!.name, why });
    else notPaged.push({ type: 'user', id, name: person?.name ?? 'somebody who has left', why: `${why}; ${refused}` });
  };
  const addChannel = (id: string) => {
    const channel = input.channels.find((other) => other.id === id);
    const refused = channelFault(channel, id, input, channels);
    if (refused === null) channels.push({ id, name: channel!.name, why: named });
    else notPaged.push({ type: 'channel', id, name: channel?.name ?? 'a deleted channel', why: refused });
  };

  for (const target of input.targets) {
    switch (target.type) {
      case 'user':
        addPerson(target.id, named);
        break;
      case 'channel':
        addChannel(target.id);
        break;
      case 'schedule': {
        const schedule = input.schedules.find((other) => other.id === target.id);
        const { id, type } = target;
        if (schedule === undefined)
          notPaged.push({ type, id, name: 'a deleted schedule', why: 'the schedule was deleted' });
        else if (schedule.userIds.length === 0) {
          notPaged.push({ type, id, name: schedule.name, why: 'nobody is on call' });
        } else for (const userId of schedule.userIds) addPerson(userId, `on call in ${schedule.name}`);
        break;
      }
      case 'team': {
        const team = input.teams.find((other) => other.id === target.id);
        const { id, type } = target;
        if (team === undefined) notPaged.push({ type, id, name: 'a deleted team', why: 'the team was deleted' });
        else if (team.memberIds.length === 0)
          notPaged.push({ type, id, name: team.name, why: 'the team has no members' });
        else for (const userId of team.memberIds) addPerson(userId, `member of ${team.name}`);
        break;
      }
    }
  }
  return { people, channels, notPaged };
}

function personFault(person: RecipientPerson, input: RecipientsInput, people: readonly Recipient[]): string | null {
  if (person.disabled) return 'the account is disabled';
  if (people.some((other) => other.id === person.id)) return 'asked for already in this step';
  if (input.pagedNow.userIds.includes(person.id)) return 'paged a moment ago by an earlier step';
  if (input.acknowledgedBy.includes(person.id)) return 'has acknowledged';
  const { restrictedTo } = input;
  if (restrictedTo !== null && !restrictedTo.some((team) => person.teamIds.includes(team))) {
    return 'may not see this restricted incident';
  }
  return null;
}

function channelFault(
  channel: { enabled: boolean } | undefined,
  id: string,
  input: RecipientsInput,
  channels: readonly Recipient[],
): string | null {
  if (channel === undefined) return 'the channel was deleted';
  if (!channel.enabled) return 'the channel is switched off';
  if (channels.some((other) => other.id === id)) return 'asked for already in this step';
  if (input.pagedNow.channelIds.includes(id)) return 'told a moment ago by an earlier step';
  if (input.restrictedTo !== null) return 'a restricted incident is told to its people only';
  return null;
}
