// The sentences of the ledger about decisions of paging.
import type { RecipientsOutput } from '#server/modules/escalation/decide-recipients.ts';
import type { StepOutput } from '#server/modules/escalation/decide-step.ts';
import type { StopOutput } from '#server/modules/escalation/decide-stop.ts';
import type { Words } from '#server/modules/ledger/trace.ts';
import type { Plan } from '#server/modules/notify/planning/decide-plan.ts';
import type { Lookup } from '#server/modules/oncall/decide-lookup.ts';
import type { HoldOutput } from '#server/modules/routing/decide-hold.ts';
import type { RouteOutput } from '#server/modules/routing/decide-route.ts';

export function routeWords(route: RouteOutput, policy: { name: string; version: number } | null): Words {
  const of = route.tried.length;
  if (route.position === null) return { title: `None of ${of} routes took it`, detail: 'Every administrator is paged' };
  const place = `Route ${route.position} of ${of}`;
  if (route.policyId === null) return { title: `${place} pages nobody`, detail: route.name ?? '' };
  const detail = policy === null ? 'a policy that was deleted' : `${policy.name}, version ${policy.version}`;
  return { title: `${place} chose the policy`, detail };
}

export function holdWords(hold: HoldOutput): Words {
  if (!hold.held) return { title: 'Nothing held it back', detail: hold.text };
  return { title: hold.by === 'silence' ? 'A silence holds it' : 'An inhibition holds it', detail: hold.text };
}

export function stepWords(step: StepOutput, policy: { name: string; steps: number }): Words {
  const passed = step.skipped.map((skipped) => `step ${skipped.index + 1} passed over: ${skipped.why}`).join('; ');
  switch (step.result) {
    case 'fire': {
      const turn = step.turn === null ? '' : `, turn ${step.turn.index + 1} of ${step.turn.of}`;
      const again = step.loop === 0 ? '' : `, repeat ${step.loop}`;
      return { title: `Step ${step.index + 1} of ${policy.steps} of ${policy.name}${again}${turn}`, detail: passed };
    }
    case 'exhausted':
      return { title: `Every step of ${policy.name} was done`, detail: passed };
    case 'none':
      return { title: `No step of ${policy.name} is for now`, detail: passed };
  }
}

export function lookupWords(name: string, lookup: Lookup, nameOf: (userId: string) => string): Words {
  if (lookup.users.length === 0) return { title: `Schedule ${name} answered nobody`, detail: 'Nobody is on call' };
  const names = inWords(lookup.users.map((user) => nameOf(user.userId)));
  const sources = [...new Set(lookup.users.map((user) => `${user.source.type} ${user.source.name}`.trim()))];
  return { title: `Schedule ${name} answered ${names}`, detail: sources.join(', ') };
}

export function recipientsWords({ people, channels, notPaged }: RecipientsOutput): Words {
  const names = [...people, ...channels].map((recipient) => recipient.name);
  const detail = notPaged.map((other) => `${other.name} not: ${other.why}`).join('; ');
  return { title: names.length === 0 ? 'It reaches nobody' : `It pages ${inWords(names)}`, detail };
}

export function planWords(name: string, plan: Plan, at: string): Words {
  const ways = plan.notifications.map((way) => {
    const minutes = Math.round((Date.parse(way.dueAt) - Date.parse(at)) / 60_000);
    return `${way.label} ${minutes <= 0 ? 'at once' : `after ${minutes} min`}`;
  });
  const held = plan.heldUntil === null ? [] : [`do-not-disturb holds it until ${plan.heldUntil}`];
  const quiet = plan.quietHours ? ['in quiet hours, which pages pass'] : [];
  const detail = [...held, ...quiet, ...plan.skipped.map((skipped) => skipped.text), ...plan.notes]
    .join('; ')
    .replaceAll('.; ', '. ');
  return { title: ways.length === 0 ? `${name} cannot be told` : `${name}: ${ways.join(', ')}`, detail };
}

export function stopWords(stop: StopOutput): Words {
  const titles = { begin: 'Paging begins', stop: 'Paging stops', 'go-on': 'Paging goes on', rest: 'Nothing is paged' };
  return { title: titles[stop.action], detail: stop.text };
}

export function inWords(names: readonly string[]): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : [...names];
  const last = shown.pop() ?? 'nobody';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
