// Facets of the alert list: counted in the same pass that filters, each as if its own choice were lifted.
import { type Severity, severities } from '#server/contract/severity.ts';
import type { Columns, Names } from './alert-columns.ts';

/** Counts of each facet value among the alerts that pass all the other facets. */
export interface AlertFacets {
  severities: Record<Severity, number>;
  statuses: { firing: number; resolved: number };
  marks: { acknowledged: number; suppressed: number; flapping: number };
  /** `''` stands for alerts without a service. */
  services: Map<string, number>;
  sources: Map<string, number>;
}

export const firing = 1;
export const acknowledged = 2;
export const suppressed = 4;
export const flapping = 8;

export const failSeverity = 1;
export const failStatus = 2;
export const failMarks = 4;
export const failService = 8;
export const failSource = 16;

export const markBits = { acknowledged, suppressed, flapping } as const;

export interface Counts {
  rank: number[];
  firing: number;
  resolved: number;
  acknowledged: number;
  suppressed: number;
  flapping: number;
  service: Uint32Array;
  source: Uint32Array;
}

export function createCounts(serviceCount: number, sourceCount: number): Counts {
  return {
    rank: [0, 0, 0, 0],
    firing: 0,
    resolved: 0,
    acknowledged: 0,
    suppressed: 0,
    flapping: 0,
    service: new Uint32Array(serviceCount),
    source: new Uint32Array(sourceCount),
  };
}

/** An alert counts for a facet when nothing but that facet's own choice keeps it out. */
export function countFacets(counts: Counts, columns: Columns, slot: number, fails: number): void {
  const bits = columns.bits[slot] as number;
  if ((fails & ~failSeverity) === 0) {
    const rank = columns.rank[slot] as number;
    counts.rank[rank] = (counts.rank[rank] ?? 0) + 1;
  }
  if ((fails & ~failStatus) === 0) {
    if ((bits & firing) !== 0) counts.firing += 1;
    else counts.resolved += 1;
  }
  if ((fails & ~failMarks) === 0) {
    if ((bits & acknowledged) !== 0) counts.acknowledged += 1;
    if ((bits & suppressed) !== 0) counts.suppressed += 1;
    if ((bits & flapping) !== 0) counts.flapping += 1;
  }
  if ((fails & ~failService) === 0) {
    const id = columns.service[slot] as number;
    counts.service[id] = (counts.service[id] as number) + 1;
  }
  if ((fails & ~failSource) === 0) {
    const id = columns.source[slot] as number;
    counts.source[id] = (counts.source[id] as number) + 1;
  }
}

export function facetsOf(counts: Counts, services: Names, sources: Names): AlertFacets {
  return {
    severities: Object.fromEntries(severities.map((name, rank) => [name, counts.rank[rank] ?? 0])) as Record<
      Severity,
      number
    >,
    statuses: { firing: counts.firing, resolved: counts.resolved },
    marks: { acknowledged: counts.acknowledged, suppressed: counts.suppressed, flapping: counts.flapping },
    services: services.counts(counts.service),
    sources: sources.counts(counts.source),
  };
}
