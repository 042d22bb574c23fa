import { useMemo } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { ChangeEvent, Incident, TimelineEntry } from '#server/contract/incident.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';
import { useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Mark } from '../../ui/mark.tsx';
import { clockTime } from '../../time-format.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { wallEntry } from './wall-facts.ts';

interface ServiceCount {
  service: string;
  count: number;
  severity: Severity;
}

export type Picture =
  | { id: 'timeline'; title: string; lines: { key: string; at: string; text: string; severity: Severity }[] }
  | { id: 'alerts'; title: string; services: ServiceCount[] }
  | { id: 'changes'; title: string; lines: { key: string; at: string; text: string }[] };

const hourMs = 3_600_000;
const linesMax = 8;
/** Nobody reads a wall faster than this. */
const redrawMs = 1_000;

/** Only pictures that have something in them; an empty one would waste twenty seconds of everybody's attention. */
export function usePictures(shown: readonly Incident[], namesAllowed: boolean): Picture[] {
  const timeline = usePaced(useTable('timeline'), null, redrawMs);
  const alerts = usePaced(useTable('alert'), null, redrawMs);
  const changes = useTable('change');
  const minute = Math.floor(useServerNow() / 60_000) * 60_000;
  return useMemo(() => {
    const pictures: Picture[] = [];
    const lines = timelineTail(timeline.rows.values(), shown, namesAllowed);
    if (lines.length > 0) pictures.push({ id: 'timeline', title: 'Timeline', lines });
    const services = byService(alerts.rows.values());
    if (services.length > 0) pictures.push({ id: 'alerts', title: 'Firing alerts by service', services });
    const recent = recentChanges(changes.rows.values(), minute);
    if (recent.length > 0) pictures.push({ id: 'changes', title: 'Changes in the last hour', lines: recent });
    return pictures;
  }, [timeline, alerts, changes, shown, namesAllowed, minute]);
}

function timelineTail(entries: Iterable<TimelineEntry>, shown: readonly Incident[], namesAllowed: boolean) {
  const severities = new Map(shown.map((incident) => [incident.id, incident.severity]));
  const lines: { key: string; at: string; text: string; severity: Severity }[] = [];
  for (const entry of entries) {
    const severity = severities.get(entry.incidentId);
    const last = lines.at(-1);
    // Of tens of thousands only the newest few are wanted: no sort of them all.
    if (severity === undefined || (lines.length === linesMax && last !== undefined && entry.at <= last.at)) continue;
    const text = wallEntry(entry, namesAllowed);
    if (text === null) continue;
    const place = lines.findIndex((line) => line.at < entry.at);
    lines.splice(place < 0 ? lines.length : place, 0, { key: entry.id, at: entry.at, text, severity });
    if (lines.length > linesMax) lines.pop();
  }
  return lines;
}

/** Services by the worst that fires in them, then by how much. */
export function byService(alerts: Iterable<Alert>): ServiceCount[] {
  const counts = new Map<string, ServiceCount>();
  for (const alert of alerts) {
    if (alert.status !== 'firing' || alert.suppressed) continue;
    const service = alert.service ?? 'no service';
    const found = counts.get(service);
    if (found === undefined) counts.set(service, { service, count: 1, severity: alert.severity });
    else {
      found.count += 1;
      if (severityRank(alert.severity) < severityRank(found.severity)) found.severity = alert.severity;
    }
  }
  return [...counts.values()]
    .sort(
      (a, b) =>
        severityRank(a.severity) - severityRank(b.severity) || b.count - a.count || a.service.localeCompare(b.service),
    )
    .slice(0, linesMax);
}

function recentChanges(changes: Iterable<ChangeEvent>, now: number) {
  return [...changes]
    .filter((change) => now - Date.parse(change.at) < hourMs)
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, linesMax)
    .map((change) => ({ key: change.id, at: change.at, text: change.title }));
}

interface WallPictureProps {
  picture: Picture;
  index: number;
  total: number;
  progress: number;
  held: boolean;
  /** Said beside the title: what has no strip of its own. */
  aside: string;
}

export function WallPicture({ picture, index, total, progress, held, aside }: WallPictureProps) {
  return (
    <section className="wall-picture" aria-label={picture.title}>
      <div className="wall-picture-head">
        <h2>{picture.title}</h2>
        {aside === '' ? null : <span className="wall-aside">{aside}</span>}
        <span className="wall-dots" aria-hidden="true">
          {Array.from({ length: total }, (_, place) =>
            place === index ? (
              <i key={place} className="wall-dot on">
                <i style={{ width: `${Math.round((held ? 1 : progress) * 100)}%` }} />
              </i>
            ) : (
              <i key={place} className="wall-dot" />
            ),
          )}
        </span>
      </div>
      <div className="wall-picture-body">
        <PictureBody picture={picture} />
      </div>
    </section>
  );
}

function PictureBody({ picture }: { picture: Picture }) {
  if (picture.id === 'alerts') {
    const most = Math.max(...picture.services.map((each) => each.count));
    return (
      <ul>
        {picture.services.map(({ service, count, severity }) => (
          <li key={service} className="wall-service">
            <Mark kind={severity} />
            <span className="clip">{service}</span>
            <span className="wall-service-bar">
              <i style={{ width: `${Math.max(4, (100 * count) / most)}%` }} />
            </span>
            <b>{count}</b>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul>
      {picture.lines.map((line) => (
        <li key={line.key} className="wall-entry">
          <span className="muted">{clockTime(Date.parse(line.at))}</span>
          {'severity' in line && picture.id === 'timeline' ? <Mark kind={line.severity} /> : <span />}
          <span className="clip">{line.text}</span>
        </li>
      ))}
    </ul>
  );
}
