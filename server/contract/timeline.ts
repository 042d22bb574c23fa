// What a timeline is made of, for the screen, the files and the bench alike.
import { z } from 'zod';
import { ChangeEvent, Incident, TimelineEntry } from '#server/contract/incident.ts';
import { Instant } from '#server/contract/primitives.ts';

/** From how it felt to what was said: the order they are drawn in. */
export const lanes = ['impact', 'system', 'changes', 'people', 'comms'] as const;
export type Lane = (typeof lanes)[number];

export const laneNames: Readonly<Record<Lane, string>> = {
  impact: 'Impact',
  system: 'System',
  changes: 'Changes',
  people: 'People',
  comms: 'Comms',
};

/** Changes this long before the start belong to the story. */
export const changesBeforeMs = 2 * 3_600_000;

export function laneOf({ kind, data }: Pick<TimelineEntry, 'kind' | 'data'>): Lane {
  switch (kind) {
    case 'declared':
    case 'severity':
    case 'status':
      return 'impact';
    case 'alert':
    case 'membership':
    case 'merge':
      return 'system';
    case 'update':
    case 'publishing':
    case 'page':
      return 'comms';
    case 'note':
      return typeof data?.messageId === 'string' ? 'comms' : 'people';
    default:
      return 'people';
  }
}

/** Joined by service and time: what changed on a service of the incident, from shortly before it until its end. */
export function isChangeOf(
  change: Pick<ChangeEvent, 'service' | 'at'>,
  incident: Pick<Incident, 'services' | 'startedAt' | 'resolvedAt'>,
): boolean {
  const service = change.service?.toLowerCase();
  if (service === undefined || !incident.services.some((name) => name.toLowerCase() === service)) return false;
  if (incident.resolvedAt !== null && change.at > incident.resolvedAt) return false;
  return Date.parse(change.at) >= Date.parse(incident.startedAt) - changesBeforeMs;
}

/** A timeline in one piece, as it is exported. */
export const TimelineFile = z.object({
  incident: Incident.pick({
    id: true,
    number: true,
    title: true,
    severity: true,
    status: true,
    impact: true,
    services: true,
    startedAt: true,
    acknowledgedAt: true,
    mitigatedAt: true,
    resolvedAt: true,
  }),
  madeAt: Instant,
  /** Oldest first. */
  entries: z.array(TimelineEntry),
  /** Older entries are left out where there are more than a file holds. */
  cut: z.boolean(),
  /** What changed on its services meanwhile and shortly before, oldest first. */
  changes: z.array(ChangeEvent),
});
export type TimelineFile = z.infer<typeof TimelineFile>;
