// What the lanes show, as sentences.
import { durationWords } from '../../time-format.ts';
import type { Cadence, Gap } from './gaps.ts';
import { cadenceShare } from './gaps.ts';
import type { TimelineView } from './timeline-index.ts';

export function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** For who hears the picture: the list below it says the rest. */
export function lanesLabel({ events, lanes }: TimelineView): string {
  const counts = [
    `impact ${lanes.impact.ms.length}`,
    `system ${lanes.system.ms.length}`,
    `changes ${lanes.changes.ms.length}`,
    `people ${lanes.people.ms.length}`,
    `comms ${lanes.comms.ms.length}`,
  ];
  return `${events.length} events in five lanes: ${counts.join(', ')}. The list below holds each of them.`;
}

export function cadenceWords(cadence: Cadence): string {
  const share = cadenceShare(cadence);
  if (share === null) return 'No update was due yet';
  return `${cadence.kept} of ${cadence.due} updates in time, ${Math.round(share * 100)} %`;
}

export function gapWords({ kind, fromMs, toMs, open }: Gap): string {
  const length = durationWords(Math.round((toMs - fromMs) / 1_000) * 1_000);
  if (kind === 'quiet') return open ? `Nobody wrote for ${length} now` : `Nobody wrote for ${length}`;
  return open ? `An update is overdue for ${length}` : `The update due then came ${length} late, or not at all`;
}
