// The filter as its reader sees it: chips that can be taken away, and words that become chips.
import { type Severity, severities } from '#server/contract/severity.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import { t } from '../../language/words.ts';

export const emptyFilter: AlertFilter = {
  text: '',
  severities: [],
  statuses: [],
  marks: [],
  services: [],
  sources: [],
  incidentId: null,
};

export const defaultFilter: AlertFilter = { ...emptyFilter, statuses: ['firing'] };

export type FacetName = 'severities' | 'statuses' | 'marks' | 'services' | 'sources';

export const severityWords: Record<Severity, string> = {
  sev1: t`1 critical`,
  sev2: t`2 high`,
  sev3: t`3 low`,
  info: t`info`,
};

export const markWords = { acknowledged: t`Acknowledged`, suppressed: t`Silenced`, flapping: t`Flapping` } as const;

export interface FilterChip {
  name: string;
  value: string;
  without: AlertFilter;
}

export function toggleFacet(filter: AlertFilter, facet: FacetName, value: string): AlertFilter {
  const chosen = filter[facet] as readonly string[];
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  return { ...filter, [facet]: next };
}

export function filterChips(filter: AlertFilter, incidentName: (id: string) => string): FilterChip[] {
  const chips: FilterChip[] = [];
  const add = (facet: FacetName, name: string, word: (value: string) => string): void => {
    for (const value of filter[facet] as readonly string[]) {
      chips.push({ name, value: word(value), without: toggleFacet(filter, facet, value) });
    }
  };
  add('severities', 'severity', (value) => severityWords[value as Severity]);
  add('statuses', 'state', (value) => value);
  add('marks', 'state', (value) => (value === 'suppressed' ? 'silenced' : value));
  add('services', 'service', (value) => (value === '' ? 'none' : value));
  add('sources', 'source', (value) => value);
  if (filter.incidentId !== null) {
    chips.push({ name: 'incident', value: incidentName(filter.incidentId), without: { ...filter, incidentId: null } });
  }
  return chips;
}

/** Turns `service:payments` and its like into facets; every other word stays text. */
export function absorbWords(filter: AlertFilter): AlertFilter {
  const rest: string[] = [];
  let next = filter;
  for (const word of filter.text.split(/\s+/)) {
    const absorbed = absorbWord(next, word);
    if (absorbed === null) rest.push(word);
    else next = absorbed;
  }
  return { ...next, text: rest.join(' ') };
}

function absorbWord(filter: AlertFilter, word: string): AlertFilter | null {
  const colon = word.indexOf(':');
  if (colon < 1 || colon === word.length - 1) return null;
  const name = word.slice(0, colon).toLowerCase();
  const value = word.slice(colon + 1);
  const chosenIn = (facet: FacetName, chosen: string): AlertFilter =>
    (filter[facet] as readonly string[]).includes(chosen) ? filter : toggleFacet(filter, facet, chosen);
  if (name === 'service') return chosenIn('services', value === 'none' ? '' : value);
  if (name === 'source') return chosenIn('sources', value);
  if (name === 'severity' || name === 'sev') {
    const severity = severities.find((one) => one === value.toLowerCase() || one === `sev${value}`);
    return severity === undefined ? null : chosenIn('severities', severity);
  }
  if (name === 'state' || name === 'status') {
    const state = value.toLowerCase();
    if (state === 'firing' || state === 'resolved') return chosenIn('statuses', state);
    if (state === 'silenced' || state === 'suppressed') return chosenIn('marks', 'suppressed');
    if (state === 'acknowledged' || state === 'ack') return chosenIn('marks', 'acknowledged');
    if (state === 'flapping') return chosenIn('marks', 'flapping');
  }
  return null;
}

export function sameFilter(a: AlertFilter, b: AlertFilter): boolean {
  const key = (filter: AlertFilter): string =>
    JSON.stringify([
      filter.text.trim(),
      [...filter.severities].toSorted(),
      [...filter.statuses].toSorted(),
      [...filter.marks].toSorted(),
      [...filter.services].toSorted(),
      [...filter.sources].toSorted(),
      filter.incidentId,
    ]);
  return key(a) === key(b);
}
