// What the pictures of the wall show, as values.
import type { Alert } from '#server/contract/alert.ts';
import type { ChangeEvent, Incident, TimelineEntry } from '#server/contract/incident.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import type { StormHeat } from '../alerts/storm-heat.ts';
import type { WallEvent } from './rotation.ts';
import type { WallMap } from './wall-map.ts';
import type { PictureId } from './wall-plan.ts';

export interface WallLine {
  key: string;
  at: string;
  text: string;
  severity: Severity | null;
}

interface Firing {
  count: number;
  severity: Severity;
}

export type Picture =
  | { id: 'map'; title: string; map: WallMap }
  | { id: 'timeline'; title: string; lines: WallLine[] }
  | { id: 'alerts'; title: string; heat: StormHeat; firing: ReadonlyMap<string | null, Firing> }
  | { id: 'changes'; title: string; lines: WallLine[] };

const hourMs = 3_600_000;
/** As many as the tallest display holds. */
const linesMax = 40;
const telling = new Set<TimelineEntry['kind']>(['declared', 'severity', 'status', 'role', 'update']);

export function mapTitle({ sick, left }: WallMap, fresh: boolean): string {
  if (sick === 0) return fresh ? t`Map: no service has an open alert` : t`Map: no service had an open alert`;
  if (!fresh) return t`Map: services that had open alerts: ${sick}`;
  return left === 0
    ? t`Map: services with open alerts: ${sick}`
    : t`Map: services with open alerts: ${sick}, not shown here: ${left}`;
}

/** The newest entries of these incidents, newest first. */
export function timelineTail(
  entries: Iterable<TimelineEntry>,
  shown: readonly Incident[],
  textOf: (entry: TimelineEntry) => string | null,
): WallLine[] {
  const severities = new Map(shown.map((incident) => [incident.id, incident.severity]));
  const lines: WallLine[] = [];
  for (const entry of entries) {
    const severity = severities.get(entry.incidentId);
    const last = lines.at(-1);
    // Of tens of thousands only the newest few are wanted: no sort of them all.
    if (severity === undefined || (lines.length === linesMax && last !== undefined && entry.at <= last.at)) continue;
    const text = textOf(entry);
    if (text === null) continue;
    const place = lines.findIndex((line) => line.at < entry.at);
    lines.splice(place < 0 ? lines.length : place, 0, { key: entry.id, at: entry.at, text, severity });
    if (lines.length > linesMax) lines.pop();
  }
  return lines;
}

export function firingByService(alerts: readonly Alert[]): Map<string | null, Firing> {
  const found = new Map<string | null, Firing>();
  for (const { status, service, severity } of alerts) {
    if (status !== 'firing') continue;
    const held = found.get(service);
    if (held === undefined) found.set(service, { count: 1, severity });
    else {
      held.count += 1;
      if (severityRank(severity) < severityRank(held.severity)) held.severity = severity;
    }
  }
  return found;
}

export function recentChanges(
  changes: Iterable<ChangeEvent>,
  now: number,
  redact: (text: string) => string,
): WallLine[] {
  return [...changes]
    .filter((change) => now - Date.parse(change.at) < hourMs)
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, linesMax)
    .map(({ id, at, title }) => ({ key: id, at, text: redact(title), severity: null }));
}

/** The newest of each picture. What is about an incident as a whole is to be seen on the map. */
export function newest(
  shown: readonly Incident[],
  entries: Iterable<TimelineEntry>,
  alerts: Iterable<Alert>,
  changes: Iterable<ChangeEvent>,
  there: ReadonlySet<PictureId>,
): WallEvent[] {
  const found = new Map<PictureId, string>();
  const add = (picture: PictureId, at: string): void => {
    if (at > (found.get(picture) ?? '')) found.set(picture, at);
  };
  const whole: PictureId = there.has('map') ? 'map' : 'timeline';
  const ids = new Set(shown.map(({ id }) => id));
  const services = new Set(shown.flatMap((incident) => incident.services));
  for (const { incidentId, kind, recordedAt } of entries) {
    if (!ids.has(incidentId) || !telling.has(kind)) continue;
    add(kind === 'declared' || kind === 'severity' ? whole : 'timeline', recordedAt);
  }
  for (const { severity, status, firstSeenAt } of alerts)
    if (status === 'firing' && severityRank(severity) <= 1) add('alerts', firstSeenAt);
  for (const { service, at } of changes) if (service !== null && services.has(service)) add('changes', at);
  return [...found].map(([picture, at]) => ({ picture, at: Date.parse(at) }));
}
