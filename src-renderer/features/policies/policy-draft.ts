// A policy while it is being edited, checked here for what can be seen without the server; the server checks it all.
import {
  type EscalationStep,
  type Policy,
  PolicyDraft,
  type Target,
  type WorkingHours,
} from '#server/contract/policy.ts';
import { type Severity, severities } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { peopleBehind, type TargetWorld, targetName } from './policy-words.ts';

export interface StepForm extends Omit<EscalationStep, 'delayMinutes'> {
  delay: string;
}

export interface PolicyForm {
  name: string;
  description: string;
  teamId: string | null;
  steps: StepForm[];
  /** Until somebody acknowledges. */
  forever: boolean;
  repeat: string;
  needed: string;
  pageAgain: PolicyDraft['pageAgain'];
  workingHours: WorkingHours | null;
}

export interface PolicyErrors {
  fields: Partial<Record<'name' | 'repeat' | 'needed' | 'workingHours' | 'steps', string>>;
  /** By the step's id. */
  steps: Record<string, string[]>;
}

export function formOf(policy: Policy | null, firstStep: string): PolicyForm {
  if (policy === null) {
    return {
      name: '',
      description: '',
      teamId: null,
      steps: [newStep(firstStep)],
      forever: false,
      repeat: '2',
      needed: '1',
      pageAgain: 'severity-rises',
      workingHours: null,
    };
  }
  const { name, description, teamId, steps, repeat, acknowledgementsNeeded, pageAgain, workingHours } = policy;
  return {
    name,
    description,
    teamId,
    steps: steps.map(({ delayMinutes, ...step }) => ({ ...step, delay: String(delayMinutes) })),
    forever: repeat === null,
    repeat: String(repeat ?? 2),
    needed: String(acknowledgementsNeeded),
    pageAgain,
    workingHours,
  };
}

export function newStep(id: string): StepForm {
  return {
    id,
    targets: [],
    roundRobin: false,
    delay: '5',
    when: { severities: [], hours: 'any' },
    priority: 'by-route',
  };
}

/** None named is all of them. */
export function isFor({ when }: StepForm, severity: Severity): boolean {
  return when.severities.length === 0 || when.severities.includes(severity);
}

/** Its last one stays: a step for no severity would page nobody. */
export function isForOnly({ when }: StepForm, severity: Severity): boolean {
  return when.severities.length === 1 && when.severities[0] === severity;
}

export function withSeverity(step: StepForm, severity: Severity, on: boolean): Severity[] {
  const chosen = severities.filter((one) => (one === severity ? on : isFor(step, one)));
  return chosen.length === severities.length ? [] : chosen;
}

export function checkPolicy(form: PolicyForm): { draft: PolicyDraft | null; errors: PolicyErrors } {
  const errors: PolicyErrors = { fields: {}, steps: {} };
  const steps = form.steps.map(({ delay, ...step }): EscalationStep => {
    const problems: string[] = [];
    if (step.targets.length === 0) problems.push(t`Say who is paged.`);
    const delayMinutes = whole(delay);
    if (delayMinutes === null || delayMinutes > 1_440) problems.push(t`Minutes until the next step: 0 to 1,440.`);
    if (step.when.hours !== 'any' && form.workingHours === null)
      problems.push(t`It asks for working hours, and the policy names none.`);
    if (problems.length > 0) errors.steps[step.id] = problems;
    return { ...step, delayMinutes: delayMinutes ?? 0 };
  });
  const repeat = form.forever ? null : whole(form.repeat);
  if (!form.forever && (repeat === null || repeat > 100)) errors.fields.repeat = t`0 to 100 times.`;
  const needed = whole(form.needed);
  if (needed === null || needed < 1 || needed > 20) errors.fields.needed = t`1 to 20 people.`;
  if (form.name.trim() === '') errors.fields.name = t`Give it a name; pages say it.`;
  if (form.steps.length === 0) errors.fields.steps = t`It needs a step.`;
  if (Object.keys(errors.fields).length > 0 || Object.keys(errors.steps).length > 0) return { draft: null, errors };
  const { name, description, teamId, pageAgain, workingHours } = form;
  const parsed = PolicyDraft.safeParse({
    name,
    description,
    teamId,
    steps,
    repeat,
    acknowledgementsNeeded: needed,
    pageAgain,
    workingHours,
  });
  if (parsed.success) return { draft: parsed.data, errors };
  const issue = parsed.error.issues[0];
  const step = issue?.path[0] === 'steps' ? form.steps[Number(issue.path[1])] : undefined;
  const reason = issue?.message ?? t`It is not valid.`;
  if (step === undefined) errors.fields[issue?.path[0] === 'workingHours' ? 'workingHours' : 'name'] = reason;
  else errors.steps[step.id] = [reason];
  return { draft: null, errors };
}

/** What would be wrong with a step at this moment: nobody behind it, somebody disabled. */
export function stepWarnings(step: StepForm, world: TargetWorld, atMs: number): string[] {
  const found: string[] = [];
  for (const target of step.targets) {
    const name = targetName(target, world);
    if (isGone(target, world)) found.push(t`It names ${name}.`);
    else if (target.type === 'user' && world.users.get(target.id)?.disabled === true)
      found.push(t`${name} is disabled.`);
    else if (target.type === 'channel' && world.channels.get(target.id)?.enabled === false)
      found.push(t`${name} is switched off.`);
    else if (target.type !== 'channel' && peopleBehind(target, world, atMs)?.length === 0)
      found.push(target.type === 'team' ? t`Nobody is in ${name}.` : t`Nobody is on call in ${name} now.`);
  }
  return found;
}

function isGone(target: Target, world: TargetWorld): boolean {
  const table = { user: world.users, team: world.teams, schedule: world.schedules, channel: world.channels }[
    target.type
  ];
  return !table.has(target.id);
}

/** The server's words about a step go beside it: it counts steps from 1. */
export function refusalByStep(reason: string, steps: readonly { id: string }[]): { id: string; reason: string } | null {
  const place = /\bstep (\d{1,2})\b/i.exec(reason)?.[1];
  const step = place === undefined ? undefined : steps[Number(place) - 1];
  return step === undefined ? null : { id: step.id, reason };
}

function whole(text: string): number | null {
  return /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : null;
}
