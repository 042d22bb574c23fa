import { useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { isOpen } from '../incidents/incident-facts.ts';
import { useFreshness } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import type { LanePicture } from './draw-lanes.ts';
import { type Cadence, cadenceOf, type Gap, quietGaps } from './gaps.ts';
import { impactOf } from './impact.ts';
import type { TimelineFilter } from './timeline-filter.ts';
import type { TimelineView } from './timeline-index.ts';
import type { Timeline } from './use-timeline.ts';
import { fit, type Viewport } from './viewport.ts';

export interface LaneFacts {
  view: TimelineView;
  picture: LanePicture;
  cadence: Cadence;
  quiet: readonly Gap[];
  whole: Viewport;
  nowMs: number;
}

/** The end of an open incident moves on by this much. */
const nowStepMs = 5_000;

export function useLanePicture(incident: Incident, timeline: Timeline, filter: TimelineFilter): LaneFacts {
  const { events } = timeline;
  const { state, dataAt } = useFreshness();
  const known = state === 'live' || state === 'lagging';
  const open = isOpen(incident);
  const serverNow = useServerNow();
  const closedMs = incident.resolvedAt === null ? null : Date.parse(incident.resolvedAt);
  const nowMs = open || closedMs === null ? Math.ceil(serverNow / nowStepMs) * nowStepMs : closedMs;
  // What nobody heard of cannot have been late.
  const knownMs = known || dataAt === null ? nowMs : Math.min(nowMs, dataAt);
  const view = useMemo(() => events.query(filter), [events, filter]);
  const facts = useMemo(() => {
    const all = events.all();
    const impact = impactOf(incident, all, knownMs);
    return { impact, quiet: quietGaps(all, impact, knownMs), cadence: cadenceOf(incident, all, impact, knownMs) };
  }, [incident, events, knownMs]);
  const whole = useMemo(() => {
    const all = events.all();
    const startMs = Date.parse(incident.startedAt);
    const first = Math.min(startMs, all[0]?.ms ?? startMs);
    return fit(first, Math.max(nowMs, all.at(-1)?.ms ?? nowMs));
  }, [incident.startedAt, events, nowMs]);
  const blindFromMs = known ? null : (dataAt ?? 0);
  const picture = useMemo(
    (): LanePicture => ({
      lanes: view.lanes,
      impact: facts.impact,
      gaps: [...facts.quiet, ...facts.cadence.late],
      blindFromMs: open ? blindFromMs : null,
      nowMs: whole.toMs,
    }),
    [view, facts, open, blindFromMs, whole],
  );
  return { view, picture, cadence: facts.cadence, quiet: facts.quiet, whole, nowMs };
}
