// A timeline's index that is kept up with the replica by reading only what changed.
import type { Incident } from '#server/contract/incident.ts';
import { isChangeOf, type TimelineFile } from '#server/contract/timeline.ts';
import type { View } from '../../replica/rows/view.ts';
import { eventOfChange, eventOfEntry, type TimelineEvent } from './events.ts';
import type { TimelineIndex } from './timeline-index.ts';

export type TimelineScope = Pick<Incident, 'id' | 'startedAt' | 'resolvedAt' | 'services'>;
type Rows = Pick<View, 'follow' | 'visible' | 'held' | 'idsOfIncident'>;

export interface FollowingTimeline {
  /** Something changed since it was caught up with. */
  waiting(): boolean;
  /** Takes in what changed; true when that concerned this timeline. */
  catchUp(): boolean;
  stop(): void;
}

/** `file` is what was asked of the center where this machine keeps only a part. */
export function followTimeline(
  index: TimelineIndex,
  view: Rows,
  scope: TimelineScope,
  file: TimelineFile | undefined,
): FollowingTimeline {
  const changed = { timeline: new Set<string>(), change: new Set<string>() };
  /** Not one by one: everything may have changed. */
  let all = true;
  const follow = (entity: 'timeline' | 'change') =>
    view.follow(entity, (id) => {
      if (id === null) all = true;
      else changed[entity].add(id);
    });
  const stops = [follow('timeline'), follow('change')];

  function takeIn(): boolean {
    let took = false;
    for (const id of changed.timeline) {
      const entry = view.visible('timeline', id);
      if (entry?.incidentId === scope.id) took = index.put(eventOfEntry(entry)) || took;
      else took = index.remove(id) || took;
    }
    for (const id of changed.change) {
      const change = view.visible('change', id);
      if (change !== undefined && isChangeOf(change, scope)) took = index.put(eventOfChange(change)) || took;
      // What left this machine because it is old is still what happened.
      else if (!(file?.changes.some((row) => row.id === id) ?? false)) took = index.remove(id) || took;
    }
    return took;
  }

  return {
    waiting: () => all || changed.timeline.size > 0 || changed.change.size > 0,
    catchUp() {
      const took = all ? index.sync(everything(view, scope, file)) : takeIn();
      all = false;
      changed.timeline.clear();
      changed.change.clear();
      return took;
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

function everything(view: Rows, scope: TimelineScope, file: TimelineFile | undefined): TimelineEvent[] {
  const events = new Map<string, TimelineEvent>();
  for (const change of file?.changes ?? []) events.set(change.id, eventOfChange(change));
  for (const entry of file?.entries ?? []) events.set(entry.id, eventOfEntry(entry));
  for (const id of view.idsOfIncident('timeline', scope.id)) {
    const entry = view.visible('timeline', id);
    if (entry !== undefined) events.set(id, eventOfEntry(entry));
  }
  for (const id of view.held('change').keys()) {
    const change = view.visible('change', id);
    if (change !== undefined && isChangeOf(change, scope)) events.set(id, eventOfChange(change));
  }
  return [...events.values()];
}
