// Whom an escalation would page next, and how to reach them without a server. Pure.
import type { Escalation, EscalationStep, Policy } from '#server/contract/policy.ts';
import type { Responder } from '#server/contract/responder.ts';
import type { Severity } from '#server/contract/severity.ts';
import { listText, t } from '../../language/words.ts';
import { localDate, localTime, weekdayOf } from '../../zone-time.ts';
import { peopleBehind, type TargetWorld, targetName } from '../policies/policy-words.ts';

export type NextStep =
  | {
      kind: 'step';
      number: number;
      people: string[];
      /** `Priya Raman and Diego Santos`. */
      names: string;
      /** `Priya Raman and 1 more`: for a button. */
      short: string;
      /** Every step before it was done: escalating begins a new run with the first. */
      again: boolean;
      nextAt: string | null;
    }
  /** It has to be told whom: no policy, or one that is not known here. */
  | { kind: 'none'; why: string };

export function nextStepOf(
  escalation: Escalation | undefined,
  policy: Policy | undefined,
  { world, severity, atMs }: { world: TargetWorld; severity: Severity; atMs: number },
): NextStep {
  if (escalation === undefined) return { kind: 'none', why: t`Nothing pages for this incident yet.` };
  if (escalation.policyId === null) return { kind: 'none', why: escalation.reason };
  if (policy === undefined) return { kind: 'none', why: t`Its policy is not known on this machine.` };
  const holds = (step: EscalationStep): boolean => stepHolds(step, policy, severity, atMs);
  const left = stepsLeft(escalation, policy).find(holds);
  const step = left ?? policy.steps.find(holds);
  if (step === undefined) return { kind: 'none', why: t`No step of ${policy.name} is for this severity at this hour.` };
  const people = [...new Set(step.targets.flatMap((target) => peopleBehind(target, world, atMs) ?? []))];
  const named = step.targets.flatMap((target): string[] => {
    if (target.type === 'channel') return [targetName(target, world)];
    const behind = peopleBehind(target, world, atMs);
    if (behind === null) return [t`whoever is on call in ${targetName(target, world)}`];
    if (target.type === 'team' && behind.length > 3) return [targetName(target, world)];
    return behind.map((id) => targetName({ type: 'user', id }, world));
  });
  const unique = [...new Set(named)];
  const rest = unique.length - 1;
  const alternative = step.roundRobin && step.targets.length > 1;
  const names = unique.length === 0 ? t`nobody` : alternative ? t`one of ${listText(unique)}` : listText(unique);
  const first = unique[0] ?? '';
  const short = rest < 1 ? names : alternative ? t`${first} or ${rest} more` : t`${first} and ${rest} more`;
  const number = policy.steps.indexOf(step) + 1;
  return {
    kind: 'step',
    number,
    people,
    names,
    short,
    again: left === undefined,
    nextAt: escalation.status === 'waiting' && left !== undefined ? escalation.nextAt : null,
  };
}

/** In their order, those of the repeats that are left among them. What was stopped goes on where it stopped. */
function stepsLeft({ status, step, loop }: Escalation, { steps, repeat }: Policy): readonly EscalationStep[] {
  if (status === 'exhausted' || status === 'nobody') return [];
  if (repeat !== null && loop > repeat) return [];
  const here = steps.slice(step);
  return repeat === null || loop < repeat ? [...here, ...steps.slice(0, step)] : here;
}

/** A step that does not hold is passed over; the hours are those of this moment, not of when it will be due. */
function stepHolds({ when }: EscalationStep, policy: Policy, severity: Severity, atMs: number): boolean {
  if (when.severities.length > 0 && !when.severities.includes(severity)) return false;
  const hours = policy.workingHours;
  if (when.hours === 'any' || hours === null) return true;
  const time = localTime(hours.timeZone, atMs);
  const today = weekdayOf(localDate(hours.timeZone, atMs));
  const overnight = hours.to <= hours.from;
  const on = (day: number): boolean => hours.days.includes(day);
  const working = overnight
    ? (on(today) && time >= hours.from) || (on(today === 1 ? 7 : today - 1) && time < hours.to)
    : on(today) && time >= hours.from && time < hours.to;
  return working === (when.hours === 'working');
}

export interface PhoneEntry {
  userId: string;
  numbers: string[];
}

/** Numbers of these people, called before texted; people without one are there too, so that nobody seems reachable. */
export function phonesOf(userIds: Iterable<string>, responders: ReadonlyMap<string, Responder>): PhoneEntry[] {
  return [...new Set(userIds)].map((userId) => {
    const methods = responders.get(userId)?.contactMethods ?? [];
    const of = (kind: 'voice' | 'sms'): string[] =>
      methods.filter((method) => method.kind === kind && method.enabled).map(({ address }) => address);
    return { userId, numbers: [...new Set([...of('voice'), ...of('sms')])] };
  });
}
