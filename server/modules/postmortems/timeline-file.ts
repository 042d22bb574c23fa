// A timeline to take away: whole, in one piece, with what changed meanwhile.
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { ChangeEvent, Incident, TimelineEntry } from '#server/contract/incident.ts';
import { changesBeforeMs, type TimelineFile } from '#server/contract/timeline.ts';
import { timelineMarkdown } from '#server/modules/postmortems/timeline-markdown.ts';
import type { Clock } from '#server/ports/clock.ts';

type Reader = Pick<Actor, 'userId' | 'teamIds'>;

/** Each read answers only what the reader may see. */
export interface TimelineSources {
  incident(reader: Reader, incidentId: string): Promise<Incident | null>;
  /** The newest where there are more than `limit`; oldest first. */
  timeline(reader: Reader, incidentId: string, limit: number): Promise<TimelineEntry[]>;
  changesOf(services: readonly string[], from: string, to: string, limit: number): Promise<ChangeEvent[]>;
}

export interface TimelineFiles {
  /** Refuses with `not-found` what is not the reader's to see, as does the other. */
  json(reader: Reader, incidentId: string): Promise<TimelineFile>;
  markdown(reader: Reader, incidentId: string): Promise<string>;
}

const entriesMax = 50_000;
const changesMax = 1_000;

export function createTimelineFiles(deps: {
  sources: TimelineSources;
  clock: Pick<Clock, 'now'>;
  /** Entries that a file holds; the newest are kept. */
  limit?: number;
}): TimelineFiles {
  const { sources, clock, limit = entriesMax } = deps;

  async function json(reader: Reader, incidentId: string): Promise<TimelineFile> {
    const incident = await sources.incident(reader, incidentId);
    if (incident === null) {
      throw new AppError('not-found', 'There is no incident with this id, or it is not yours to see.');
    }
    const madeAt = new Date(clock.now()).toISOString();
    const from = new Date(Date.parse(incident.startedAt) - changesBeforeMs).toISOString();
    const [entries, changes] = await Promise.all([
      sources.timeline(reader, incidentId, limit + 1),
      sources.changesOf(incident.services, from, incident.resolvedAt ?? madeAt, changesMax),
    ]);
    const cut = entries.length > limit;
    return { incident, madeAt, entries: cut ? entries.slice(-limit) : entries, cut, changes };
  }

  return { json, markdown: async (reader, incidentId) => timelineMarkdown(await json(reader, incidentId)) };
}
