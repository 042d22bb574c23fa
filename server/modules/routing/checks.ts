// What is wrong with a route or an inhibition before it is saved.
import type { Finding } from '#server/contract/config-document.ts';
import { compileRouteCondition, type RouteSubject } from '#server/expressions/cel.ts';
import type { CheckWorld, ConfigCheck, StoredDocument } from '#server/modules/config/state.ts';

export const checkRoute: ConfigCheck<'route'> = (draft, { config }) => {
  const findings = [...conditionFaults(draft.condition, 'The condition')];
  if (draft.policyId === null) {
    findings.push(
      warning('nobody', 'It pages nobody: no policy is chosen. The ledger says so of every incident it takes.'),
    );
  } else if (config.get('policy', draft.policyId) === null) {
    findings.push(error('unknown-policy', 'The policy that it names does not exist. Choose another one.'));
  }
  for (const id of draft.channelIds) {
    const channel = config.get('channel', id);
    if (channel === null)
      findings.push(error('unknown-channel', `There is no channel ${id}. Take it out or choose another.`));
    else if (!channel.draft.enabled) {
      findings.push(
        warning('channel-off', `The channel ${channel.draft.name} is switched off, so it is told nothing.`),
      );
    }
  }
  return findings;
};

/** `recent` gives subjects of recent incidents, to find what no reading of the text can: cycles that only data closes. */
export function createInhibitionCheck(recent: () => Promise<readonly RouteSubject[]>): ConfigCheck<'inhibition'> {
  return async (draft, world) => {
    const findings = [...conditionFaults(draft.cause, 'The cause'), ...conditionFaults(draft.symptom, 'The symptom')];
    if (findings.length > 0 || !draft.enabled) return findings;
    if (sameText(draft.cause, draft.symptom)) {
      const text = 'Cause and symptom are the same, so each incident would have to hold the other. Make them differ.';
      return [error('cycle', text)];
    }
    const textual = cycleThrough(world, (rule, next) => sameText(rule.draft.symptom, next.draft.cause));
    if (textual !== null) return [error('cycle', `${circle(textual)} Narrow a cause or a symptom.`)];
    const matches = matchesOf(world, await recent());
    const seen = cycleThrough(world, (rule, next) => leadsTo(rule, next, matches));
    if (seen === null) return findings;
    const text = `${circle(seen)} Recent alerts fit all of them. The first to fire would page, and hold the others.`;
    return [...findings, warning('cycle', text)];
  };
}

function circle(names: readonly string[]): string {
  return `These inhibitions go around in a circle: ${names.join(' \u2192 ')}.`;
}

type Rule = StoredDocument<'inhibition'>;

/** Names of the rules of a circle that goes through the one being saved, in order and back to the first. */
function cycleThrough({ id, config }: CheckWorld, leads: (rule: Rule, next: Rule) => boolean): string[] | null {
  const rules = enabledRules(config);
  const start = rules.find((rule) => rule.id === id);
  if (start === undefined) return null;
  const path: Rule[] = [];
  const seen = new Set<string>();
  const closes = (rule: Rule): boolean => {
    path.push(rule);
    seen.add(rule.id);
    for (const next of rules) {
      // Of one rule alone, two that are cause and symptom both do not hold each other.
      if (next.id === rule.id || !leads(rule, next)) continue;
      if (next.id === id || (!seen.has(next.id) && closes(next))) return true;
    }
    path.pop();
    return false;
  };
  return closes(start) ? [...path, start].map((rule) => `\u201c${rule.draft.name}\u201d`) : null;
}

function enabledRules(config: CheckWorld['config']): Rule[] {
  return config.list('inhibition').items.filter((rule) => rule.draft.enabled);
}

interface Matches {
  causes: ReadonlyMap<string, ReadonlySet<number>>;
  symptoms: ReadonlyMap<string, ReadonlySet<number>>;
}

function matchesOf({ config }: CheckWorld, subjects: readonly RouteSubject[]): Matches {
  const rules = enabledRules(config);
  const matching = (source: string) => {
    const condition = compileRouteCondition(source);
    return new Set(subjects.flatMap((subject, index) => (condition.ok && condition.test(subject) ? [index] : [])));
  };
  return {
    causes: new Map(rules.map((rule) => [rule.id, matching(rule.draft.cause)])),
    symptoms: new Map(rules.map((rule) => [rule.id, matching(rule.draft.symptom)])),
  };
}

/** What the one holds can be what the other takes for a cause. */
function leadsTo(rule: Rule, next: Rule, { causes, symptoms }: Matches): boolean {
  return [...(symptoms.get(rule.id) ?? [])].some((index) => causes.get(next.id)?.has(index) === true);
}

function conditionFaults(source: string, what: string): Finding[] {
  const condition = compileRouteCondition(source);
  return condition.ok ? [] : [error('condition', `${what} cannot be read. ${condition.reason}`)];
}

function sameText(a: string, b: string): boolean {
  return a.replaceAll(/\s+/g, ' ').trim() === b.replaceAll(/\s+/g, ' ').trim();
}

function error(code: string, text: string): Finding {
  return { level: 'error', code, text, from: null, to: null };
}

function warning(code: string, text: string): Finding {
  return { ...error(code, text), level: 'warning' };
}
