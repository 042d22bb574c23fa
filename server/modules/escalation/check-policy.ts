// What is wrong with a policy before it is saved: one that can page nobody is refused.
import type { Finding } from '#server/contract/config-document.ts';
import type { EscalationStep, PolicyDraft, Target } from '#server/contract/policy.ts';
import { severities } from '#server/contract/severity.ts';
import type { CheckWorld, ConfigCheck } from '#server/modules/config/state.ts';

export const checkPolicy: ConfigCheck<'policy'> = (draft, world) => {
  const findings: Finding[] = [];
  const reaching: EscalationStep[] = [];
  for (const [index, step] of draft.steps.entries()) {
    const place = `Step ${index + 1}`;
    const reaches = step.targets.map((target) => reach(target, world));
    for (const { fault } of reaches) if (fault !== null) findings.push({ ...fault, text: `${place}: ${fault.text}` });
    if (reaches.some((found) => found.reaches)) reaching.push(step);
    else findings.push(warning('step-reaches-nobody', `${place} reaches nobody, so it is passed over at once.`));
    const hours = step.when.hours;
    if (hours !== 'any' && draft.workingHours === null) {
      const text = `${place} asks about working hours and the policy has none: every hour counts as one of them.`;
      findings.push(warning('no-working-hours', text));
    }
  }
  if (reaching.length === 0) {
    findings.push(
      error('nobody', 'Nobody can be paged by it: no step leads to a person or a channel that is enabled. Add one.'),
    );
  } else findings.push(...uncovered(draft, reaching));
  const ids = draft.steps.map((step) => step.id);
  if (new Set(ids).size < ids.length) {
    findings.push(
      error(
        'same-step',
        'Two of its steps have the same id, by which a running escalation finds its place. Give each its own.',
      ),
    );
  }
  return findings;
};

/** Severities for which no step that reaches anybody is meant, by hour of day. */
function uncovered(draft: PolicyDraft, steps: readonly EscalationStep[]): Finding[] {
  const covers = (hours: 'working' | 'outside') =>
    severities.filter(
      (severity) =>
        !steps.some(
          (step) =>
            (step.when.hours === 'any' || step.when.hours === hours) &&
            (step.when.severities.length === 0 || step.when.severities.includes(severity)),
        ),
    );
  const [working, outside] = [covers('working'), draft.workingHours === null ? [] : covers('outside')];
  const never = draft.workingHours === null ? working : working.filter((severity) => outside.includes(severity));
  const later = outside.filter((severity) => !never.includes(severity));
  const findings: Finding[] = [];
  if (never.length > 0) findings.push(warning('severity-nobody', `It pages nobody for ${never.join(', ')}.`));
  if (later.length > 0) {
    findings.push(warning('hours-wait', `Outside working hours ${later.join(', ')} waits until they begin.`));
  }
  return findings;
}

interface Reach {
  reaches: boolean;
  fault: Finding | null;
}

function reach({ type, id }: Target, { config, users, teams }: CheckWorld): Reach {
  switch (type) {
    case 'user': {
      const user = users.get(id);
      if (user === undefined) return nobody(error('unknown-user', 'it names a person who does not exist.'));
      return user.disabled ? nobody(warning('disabled-user', `the account of ${user.name} is disabled.`)) : fine;
    }
    case 'team': {
      const team = teams.get(id);
      if (team === undefined) return nobody(error('unknown-team', 'it names a team that does not exist.'));
      const there = [...users.values()].some((user) => !user.disabled && user.teamIds.includes(id));
      return there ? fine : nobody(warning('empty-team', `the team ${team.name} has nobody in it.`));
    }
    case 'channel': {
      const channel = config.get('channel', id);
      if (channel === null) return nobody(error('unknown-channel', 'it names a channel that does not exist.'));
      return channel.draft.enabled
        ? fine
        : nobody(warning('channel-off', `the channel ${channel.draft.name} is switched off.`));
    }
    case 'schedule': {
      const schedule = config.get('schedule', id);
      if (schedule === null) return nobody(error('unknown-schedule', 'it names a schedule that does not exist.'));
      const named = schedule.draft.layers.some(
        (layer) =>
          layer.type === 'calendar' ||
          layer.participants.some((slot) => slot.some((userId) => users.get(userId)?.disabled === false)),
      );
      if (!named) return nobody(warning('empty-schedule', `nobody is ever on call in ${schedule.draft.name}.`));
      const gap = schedule.findings.find((finding) => finding.code === 'gap');
      return {
        reaches: true,
        fault: gap === undefined ? null : warning('gap', `${schedule.draft.name} has gaps. ${gap.text}`),
      };
    }
  }
}

const fine: Reach = { reaches: true, fault: null };

function nobody(fault: Finding): Reach {
  return { reaches: false, fault };
}

function error(code: string, text: string): Finding {
  return { level: 'error', code, text, from: null, to: null };
}

function warning(code: string, text: string): Finding {
  return { ...error(code, text), level: 'warning' };
}
