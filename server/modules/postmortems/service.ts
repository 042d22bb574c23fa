import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { Alert } from '#server/contract/alert.ts';
import type { ChangeEvent, Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import { changesBeforeMs } from '#server/contract/timeline.ts';
import { postmortemMarkdown } from '#server/modules/postmortems/markdown.ts';
import type { Clock } from '#server/ports/clock.ts';

type Reader = Pick<Actor, 'userId' | 'teamIds'>;

/** Each read answers only what the reader may see. */
export interface ReviewSources {
  incident(reader: Reader, incidentId: string): Promise<Incident | null>;
  timeline(reader: Reader, incidentId: string): Promise<TimelineEntry[]>;
  tasks(reader: Reader, incidentId: string): Promise<Task[]>;
  postmortem(reader: Reader, incidentId: string): Promise<Postmortem | null>;
  alerts(reader: Reader, incidentId: string, limit: number): Promise<Alert[]>;
  changes(from: string, to: string, limit: number): Promise<ChangeEvent[]>;
  names(userIds: string[]): Promise<ReadonlyMap<string, string>>;
}

export interface Postmortems {
  /** The review as Markdown; refuses with `not-found` what is not the reader's to see. */
  markdown(reader: Reader, incidentId: string): Promise<string>;
}

const alertsRead = 1_000;
const changesRead = 100;

export function createPostmortems(deps: { sources: ReviewSources; clock: Pick<Clock, 'now'> }): Postmortems {
  const { sources, clock } = deps;
  return {
    async markdown(reader, incidentId) {
      const incident = await sources.incident(reader, incidentId);
      if (incident === null) {
        throw new AppError('not-found', 'There is no incident with this id, or it is not yours to see.');
      }
      const from = new Date(Date.parse(incident.startedAt) - changesBeforeMs).toISOString();
      const to = incident.resolvedAt ?? new Date(clock.now()).toISOString();
      const [timeline, tasks, postmortem, alerts, changes] = await Promise.all([
        sources.timeline(reader, incidentId),
        sources.tasks(reader, incidentId),
        sources.postmortem(reader, incidentId),
        sources.alerts(reader, incidentId, alertsRead),
        sources.changes(from, to, changesRead),
      ]);
      const people = [
        incident.declaredBy,
        ...incident.roles.map((slot) => slot.userId),
        ...(postmortem?.followUps ?? tasks).map((item) => item.ownerId),
      ];
      const names = await sources.names([...new Set(people.filter((id) => id !== null))]);
      return postmortemMarkdown({ incident, timeline, tasks, alerts, changes, postmortem, names });
    },
  };
}
