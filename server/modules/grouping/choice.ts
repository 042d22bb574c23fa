// Which rule decides about an alert, and which group that puts it in. Pure.
import { createHash } from 'node:crypto';
import type { GroupingRule } from '#server/contract/grouping.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';

export interface CompiledRule {
  rule: GroupingRule;
  test(alert: AlertState): boolean;
}

export interface GroupChoice {
  rule: GroupingRule;
  groupKey: string;
  /** What the alerts of the group have in common, in words: `service “checkout”`; empty if nothing is asked. */
  same: string;
}

/** The first enabled rule whose condition holds decides. */
export function chooseGroup(alert: AlertState, rules: readonly CompiledRule[]): GroupChoice | null {
  const decider = rules.find(({ rule, test }) => rule.enabled && test(alert));
  if (decider === undefined) return null;
  const { rule } = decider;
  const pairs = groupPairs(alert, rule);
  return {
    rule,
    groupKey: `${rule.id} ${bounded(JSON.stringify(pairs))}`,
    same: pairs.map(([key, value]) => (value === '' ? `no ${key}` : `${key} “${value}”`)).join(' and '),
  };
}

/** Whether the rules have a say in it: nobody placed it by hand, it is in no incident, and nothing silences it. */
export function wantsGroup(alert: AlertState): boolean {
  return alert.incidentId === null && alert.placedBy === null && !alert.suppressed;
}

// The built-in rule puts alerts without a service together by what they are called.
function groupPairs(alert: AlertState, rule: GroupingRule): [string, string][] {
  if (rule.builtIn && (alert.service ?? '') === '' && rule.keys.includes('service')) {
    const name = labelOf(alert, 'alertname');
    return [name === '' ? ['title', alert.title] : ['alertname', name]];
  }
  return rule.keys.map((key) => [key, valueOf(alert, key)]);
}

function valueOf(alert: AlertState, key: string): string {
  switch (key) {
    case 'service':
      return alert.service ?? '';
    case 'title':
      return alert.title;
    case 'severity':
      return alert.severity;
    case 'source':
      return alert.source;
    default:
      return labelOf(alert, key);
  }
}

function labelOf(alert: AlertState, name: string): string {
  return Object.hasOwn(alert.labels, name) ? (alert.labels[name] ?? '') : '';
}

// Indexed in the database, where a key has to stay small.
function bounded(values: string): string {
  return values.length <= 400 ? values : createHash('sha256').update(values).digest('hex');
}
