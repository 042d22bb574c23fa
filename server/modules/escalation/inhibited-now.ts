// Which incidents an inhibition holds at this moment, asked about pages that were planned before it did.
import { subjectOf } from '#server/expressions/route-subject.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader, DocumentList } from '#server/modules/config/state.ts';
import type { PagedIncident, PagingFactsReader } from '#server/modules/escalation/facts.ts';
import type { HoldInput } from '#server/modules/routing/decide-hold.ts';
import type { causesOf, hasInhibitions, OpenIncident } from '#server/modules/routing/inhibit.ts';

/** For each of these incidents that has a cause, what `hold` is to be asked. Which they are is asked where a rule is on. */
export type InhibitedNow = (tx: Tx, asked: () => Promise<readonly string[]>) => Promise<Map<string, HoldInput>>;

export function createInhibitedNow(deps: {
  config: ConfigReader;
  facts: Pick<PagingFactsReader, 'incidents'>;
  /** Without a lock: who holds whom is decided by paging, and this only follows. */
  openIncidents(tx: Tx): Promise<(PagedIncident & { held: boolean })[]>;
  hasInhibitions: typeof hasInhibitions;
  causesOf: typeof causesOf;
}): InhibitedNow {
  return async (tx, asked) => {
    const inhibitions = (await deps.config.current(tx)).list('inhibition');
    if (!deps.hasInhibitions(inhibitions)) return new Map();
    const incidentIds = await asked();
    if (incidentIds.length === 0) return new Map();
    const open = (await deps.openIncidents(tx)).map((incident): OpenIncident => {
      const { id: incidentId, number, title, held, restrictedTo } = incident;
      return { incidentId, number, title, subject: subjectOf(incident), held, restrictedTo };
    });
    const incidents = await deps.facts.incidents(tx, incidentIds);
    return new Map(
      incidents.flatMap((incident): [string, HoldInput][] => {
        const causes = causesOutsideCircles(incident, inhibitions, open, deps.causesOf);
        if (causes.length === 0) return [];
        const { id: incidentId, firing, suppressed } = incident;
        const subject = subjectOf(incident);
        return [[incidentId, { incidentId, subject, firing, suppressed, silences: [], inhibitions, causes }]];
      }),
    );
  };
}

/**
 * A cause that the incident itself holds by way of others holds it not. Paging breaks such a circle by who was looked at
 * first; of runs that are over nobody is looked at any more, and everybody in it would be silent.
 */
export function causesOutsideCircles(
  incident: PagedIncident,
  inhibitions: DocumentList<'inhibition'>,
  open: readonly OpenIncident[],
  findCauses: typeof causesOf,
): OpenIncident[] {
  const causes = findCauses(inhibitions, incident, subjectOf(incident), open).filter((cause) => !cause.held);
  return causes.filter((cause) => {
    const seen = new Set([cause.incidentId]);
    const next = [cause];
    for (let one = next.pop(); one !== undefined; one = next.pop()) {
      const { incidentId: id, restrictedTo, subject } = one;
      for (const before of findCauses(inhibitions, { id, restrictedTo }, subject, open)) {
        if (before.incidentId === incident.id) return false;
        if (seen.has(before.incidentId)) continue;
        seen.add(before.incidentId);
        next.push(before);
      }
    }
    return true;
  });
}
