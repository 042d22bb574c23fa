import type { AlertState } from '#server/modules/alerts/state.ts';

const titleMax = 300;

/** Fills `{{title}}` (with the alert's summary), `{{service}}`, `{{severity}}`, `{{source}}`, `{{labels.NAME}}` and `{{count}}`; what is unknown is left out. */
export function fillTemplate(template: string, alert: AlertState, count: number): string {
  const filled = template
    .replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_whole, name: string) => valueOf(name, alert, count))
    // What is left of "{{service}}: {{title}}" when there is no service.
    .replace(/^[\s:·,–-]+|[\s:·,–-]+$/g, '')
    .replaceAll(/\s+/g, ' ');
  const title = filled === '' ? nameAndSummary(alert) : filled;
  return title.length <= titleMax ? title : `${title.slice(0, titleMax - 1)}…`;
}

/** Prometheus names the rule in the title and says what is wrong in the summary; who is woken up needs both. */
function nameAndSummary({ title, annotations }: AlertState): string {
  const summary = (Object.hasOwn(annotations, 'summary') ? (annotations['summary'] ?? '') : '').trim();
  const [said, name] = [summary.toLowerCase(), title.toLowerCase()];
  if (said === '' || name.includes(said)) return title;
  return said.startsWith(name) ? summary : `${title}: ${summary}`;
}

/** The first placeholder in it that stands for nothing, so that a rule is refused on save rather than odd at night. */
export function unknownPlaceholder(template: string): string | null {
  for (const [whole, name = ''] of template.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    if (!['title', 'service', 'severity', 'source', 'count'].includes(name) && !/^labels\.\S+$/.test(name))
      return whole;
  }
  return null;
}

function valueOf(name: string, alert: AlertState, count: number): string {
  switch (name) {
    case 'title':
      return nameAndSummary(alert);
    case 'service':
      return alert.service ?? '';
    case 'severity':
      return alert.severity.toUpperCase();
    case 'source':
      return alert.source;
    case 'count':
      return String(count);
    default:
      return name.startsWith('labels.') ? labelOf(alert, name.slice('labels.'.length)) : '';
  }
}

function labelOf(alert: AlertState, name: string): string {
  return Object.hasOwn(alert.labels, name) ? (alert.labels[name] ?? '') : '';
}
