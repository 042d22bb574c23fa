// A CEL matcher made from selected alerts: what they all share, in the fewest conditions that still name them.
import type { Alert } from '#server/contract/alert.ts';
import { t } from '../../language/words.ts';

type Described = Pick<Alert, 'title' | 'service' | 'source' | 'labels'>;

export interface MatcherCondition {
  /** What it looks at, for its chip: `title`, `service`, `label env`. */
  name: string;
  expression: string;
  /** Part of the matcher unless its reader takes it out. */
  suggested: boolean;
}

const titlesMax = 10;
/** Labels that say which one rather than what; a silence that names them covers less than its reader expects. */
const narrowLabels = new Set(['instance', 'pod', 'container', 'node', 'host', 'hostname', 'pod_name', 'uid', 'id']);
/** Said already by title, service or severity. */
const repeatedLabels = new Set(['alertname', 'service', 'severity']);

export function conditionsFor(alerts: readonly Described[]): MatcherCondition[] {
  const first = alerts[0];
  if (first === undefined) return [];
  const conditions: MatcherCondition[] = [];

  const titles = [...new Set(alerts.map((alert) => alert.title))];
  if (titles.length <= titlesMax) {
    conditions.push({ name: 'title', expression: oneOf('alert.title', titles), suggested: true });
  }
  const services = [...new Set(alerts.map((alert) => alert.service ?? ''))];
  if (services.length <= titlesMax) {
    conditions.push({
      name: 'service',
      expression: oneOf('alert.service', services),
      suggested: services.length === 1 && services[0] !== '',
    });
  }
  if (alerts.every((alert) => alert.source === first.source)) {
    conditions.push({ name: 'source', expression: `alert.source == ${quote(first.source)}`, suggested: false });
  }
  for (const [name, value] of Object.entries(first.labels)) {
    if (repeatedLabels.has(name)) continue;
    if (!alerts.every((alert) => alert.labels[name] === value)) continue;
    conditions.push({
      name: t`label ${name}`,
      expression: `${labelPath(name)} == ${quote(value)}`,
      suggested: alerts.length === 1 && !narrowLabels.has(name) && ['env', 'cluster', 'namespace'].includes(name),
    });
  }
  const anySuggested = conditions.some((condition) => condition.suggested);
  return anySuggested ? conditions : conditions.map((condition, i) => ({ ...condition, suggested: i === 0 }));
}

export function joinConditions(conditions: readonly MatcherCondition[], chosen: ReadonlySet<string>): string {
  return conditions
    .filter((condition) => chosen.has(condition.name))
    .map((condition) => condition.expression)
    .join(' && ');
}

function oneOf(path: string, values: readonly string[]): string {
  return values.length === 1
    ? `${path} == ${quote(values[0] as string)}`
    : `${path} in [${values.map(quote).join(', ')}]`;
}

function labelPath(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `alert.labels.${name}` : `alert.labels[${quote(name)}]`;
}

function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped.replaceAll('\t', '\\t')}"`;
}
