// Which alerts belong together because their services do: the decision of docs/decisions/0012. Pure.
import type { ServiceGraph } from '#server/modules/services/state.ts';

/** First along `below`, then along `above`: down to what both depend on and up again. */
export interface ServicePath {
  services: readonly string[];
  /** How many of its steps go from a service to what it depends on; they are the first ones. */
  stepsBelow: number;
}

/** A service on which an alert of an open incident fires. */
export interface FiringService {
  incidentId: string;
  serviceId: string;
  /** When the newest alert of the whole incident began. */
  newestAt: string;
}

export interface Connection {
  incidentId: string;
  path: ServicePath;
}

/** Beyond this a service is connected with everything, and it says nothing any more. */
const reachMax = 1_000;
/** What more services than these depend on does not connect them while it does not fire itself. */
const hubMax = 50;

/** Every service within so many steps, itself included, by the shortest path. */
export function reachOf(graph: ServiceGraph, serviceId: string, hops: number): Map<string, ServicePath> {
  const reach = new Map<string, ServicePath>();
  let front: ServicePath[] = [{ services: [serviceId], stepsBelow: 0 }];
  const seenBelow = new Set([serviceId]);
  for (let steps = 0; steps <= hops; steps += 1) {
    for (const path of front) {
      keep(path);
      climb(path, hops - steps);
    }
    front = front.flatMap((path) =>
      graph
        .below(last(path))
        .filter((target) => !seenBelow.has(target) && seenBelow.add(target))
        .map((target) => ({ services: [...path.services, target], stepsBelow: path.stepsBelow + 1 })),
    );
  }
  return reach;

  function climb(from: ServicePath, steps: number): void {
    let edge = [from];
    for (let left = steps; left > 0 && edge.length > 0 && reach.size < reachMax; left -= 1) {
      edge = edge.flatMap((path) => {
        const callers = graph.above(last(path));
        if (path.stepsBelow > 0 && callers.length > hubMax) return [];
        return callers
          .map((caller): ServicePath => ({ ...path, services: [...path.services, caller] }))
          .filter((longer) => keep(longer));
      });
    }
  }

  function keep(path: ServicePath): boolean {
    const known = reach.get(last(path));
    if (known !== undefined && known.services.length <= path.services.length) return false;
    if (known === undefined && reach.size >= reachMax) return false;
    reach.set(last(path), path);
    return true;
  }
}

/** Alerts of one group that look for company, and when the first and the last of them began. */
export interface Seeker<G> {
  group: G;
  ruleId: string;
  windowSeconds: number;
  from: string;
  to: string;
  reach: ReadonlyMap<string, ServicePath>;
}

export interface Meeting<G> {
  /** An alert of this incident fires on these services; it began, and its newest alert began, at these times. */
  fires(
    incident: { id: string; ruleId: string | null; startedAt: string },
    services: Iterable<string>,
    newestAt: string,
  ): void;
  /** Takes out the group that is nearest to an incident; null while none is near any. */
  nextConnected(): { group: G; connection: Connection } | null;
  /** Takes out the group on which most of the others depend; among equals the one given first. */
  nextToOpen(): G | null;
}

interface Waiting<G> extends Seeker<G> {
  best: (Connection & { startedAt: string }) | null;
  /** Near, but not in time. */
  barred: Map<string, ServicePath>;
}

/**
 * Groups and incidents come together here: whoever joins an incident brings its services along, through which others
 * may then join. So of alerts that come in one batch, it does not matter in which order they stand in it.
 */
export function createMeeting<G>(seekers: readonly Seeker<G>[]): Meeting<G> {
  const pending = new Set<Waiting<G>>(seekers.map((seeker) => ({ ...seeker, best: null, barred: new Map() })));
  const spans = new Map<string, { ruleId: string | null; from: string; to: string }>();

  function consider(group: Waiting<G>, incidentId: string, path: ServicePath): void {
    const span = spans.get(incidentId);
    if (span === undefined || span.ruleId !== group.ruleId) return;
    const near = span.from <= later(group.to, group.windowSeconds) && group.from <= later(span.to, group.windowSeconds);
    if (!near) {
      const known = group.barred.get(incidentId);
      if (known === undefined || path.services.length < known.services.length) group.barred.set(incidentId, path);
      return;
    }
    const found = { incidentId, path, startedAt: span.from };
    if (group.best === null || goesBefore(found, group.best)) group.best = found;
  }

  return {
    fires(incident, services, newestAt) {
      const known = spans.get(incident.id);
      const from = known === undefined || incident.startedAt < known.from ? incident.startedAt : known.from;
      const to = known === undefined || newestAt > known.to ? newestAt : known.to;
      spans.set(incident.id, { ruleId: incident.ruleId, from, to });
      const arrived = [...services];
      for (const group of pending) {
        const barred = group.barred.get(incident.id);
        if (barred !== undefined) {
          group.barred.delete(incident.id);
          consider(group, incident.id, barred);
        }
        for (const service of arrived) {
          const path = group.reach.get(service);
          if (path !== undefined) consider(group, incident.id, path);
        }
      }
    },

    nextConnected() {
      let nearest: Waiting<G> | null = null;
      for (const group of pending) {
        if (group.best === null) continue;
        const best: Found | null = nearest === null ? null : nearest.best;
        if (best === null || goesBefore(group.best, best)) nearest = group;
      }
      if (nearest === null || nearest.best === null) return null;
      pending.delete(nearest);
      const { incidentId, path } = nearest.best;
      return { group: nearest.group, connection: { incidentId, path } };
    },

    nextToOpen() {
      const own = new Map<string, number>();
      for (const { reach } of pending) {
        for (const [service, { stepsBelow, services }] of reach) {
          if (stepsBelow === services.length - 1) own.set(service, (own.get(service) ?? 0) + 1);
        }
      }
      let chosen: { group: Waiting<G>; carries: number } | null = null;
      for (const group of pending) {
        let carries = 0;
        for (const [service, { services }] of group.reach) if (services.length === 1) carries += own.get(service) ?? 0;
        if (chosen === null || carries > chosen.carries) chosen = { group, carries };
      }
      if (chosen === null) return null;
      pending.delete(chosen.group);
      return chosen.group.group;
    },
  };
}

/** "payments → payments-db", "a ← b", "host-1 → router ← host-2": an arrow goes to what is depended on. */
export function pathInWords(path: ServicePath, nameOf: (serviceId: string) => string): string {
  return path.services
    .map((service, step) => (step === 0 ? '' : step <= path.stepsBelow ? ' → ' : ' ← ') + nameOf(service))
    .join('');
}

type Found = Connection & { startedAt: string };

/** Nearest, then oldest. */
function goesBefore(a: Found, b: Found): boolean {
  if (a.path.services.length !== b.path.services.length) return a.path.services.length < b.path.services.length;
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt;
  return a.incidentId < b.incidentId;
}

function last(path: ServicePath): string {
  return path.services.at(-1) ?? '';
}

function later(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1_000).toISOString();
}
