// What the lanes show, as sentences.
import { t } from '../../language/words.ts';
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
    t`impact ${lanes.impact.ms.length}`,
    t`system ${lanes.system.ms.length}`,
    t`changes ${lanes.changes.ms.length}`,
    t`people ${lanes.people.ms.length}`,
    t`comms ${lanes.comms.ms.length}`,
  ];
  return t`${events.length} events in five lanes: ${counts.join(', ')}. The list below holds each of them.`;
}

export function cadenceWords(cadence: Cadence): string {
  const share = cadenceShare(cadence);
  if (share === null) return t`No update was due yet`;
  return t`${cadence.kept} of ${cadence.due} updates in time, ${Math.round(share * 100)} %`;
}

export function gapWords({ kind, fromMs, toMs, open }: Gap): string {
  const length = durationWords(Math.round((toMs - fromMs) / 1_000) * 1_000);
  if (kind === 'quiet') return open ? t`Nobody wrote for ${length} now` : t`Nobody wrote for ${length}`;
  return open ? t`An update is overdue for ${length}` : t`The update due then came ${length} late, or not at all`;
}
