import { useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { isOpen } from '../incidents/incident-facts.ts';
import { useFreshness } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
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
  const stepMs = useServerStep(nowStepMs);
  const closedMs = incident.resolvedAt === null ? null : Date.parse(incident.resolvedAt);
  const nowMs = open || closedMs === null ? stepMs + nowStepMs : closedMs;
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
  const gaps = useSameGaps([...facts.quiet, ...facts.cadence.late]);
  const blindFromMs = known ? null : (dataAt ?? 0);
  const picture = useMemo(
    (): LanePicture => ({
      lanes: view.lanes,
      impact: facts.impact,
      gaps,
      blindFromMs: open ? blindFromMs : null,
      nowMs: whole.toMs,
    }),
    [view, facts, gaps, open, blindFromMs, whole],
  );
  return { view, picture, cadence: facts.cadence, quiet: facts.quiet, whole, nowMs };
}

/** The same list for as long as it says the same: the rows are made from it, all of them. */
function useSameGaps(gaps: readonly Gap[]): readonly Gap[] {
  const [held, setHeld] = useState(gaps);
  const same =
    held.length === gaps.length &&
    held.every(({ kind, fromMs, toMs, open }, i) => {
      const other = gaps[i] as Gap;
      return kind === other.kind && fromMs === other.fromMs && toMs === other.toMs && open === other.open;
    });
  if (!same) setHeld(gaps);
  return same ? held : gaps;
}
